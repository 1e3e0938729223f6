import Inventory
import Mustache
import YAMLReading

/// The values that playbooks and templates can use, for one host.
package struct TemplateContext: Sendable {
    /// Values that must not appear in output.
    package var secrets: [String]
    /// The operator's own configuration; nil where haprov writes it.
    let own: OwnConfiguration?
    /// Where the health check asks HAProxy; nil where it asks for a process.
    let answerPort: Int?
    /// Its files.
    package private(set) var tree: Tree?
    private let data: TemplateData
    /// What ``data`` is like.
    private let shape: TemplateShape

    /// What the values are read from.
    struct Source: Sendable {
        var cluster: Cluster
        var host: Host
        /// The first, which names such as `vip` stand for.
        var instance: VRRPInstance
        var passwords: [UInt8: String]
        var packages: [String: [String]]
        var platform: any Platform
    }

    /// - Parameters:
    ///   - passwords: those of VRRP by virtual router ID, already cut to the 8 characters that the protocol carries.
    ///   - secretValues: those of the inventory's `secrets` that could be read, by name.
    ///   - packages: run-time packages by product, as the manifest names them.
    ///   - platform: what the host is.
    package init(
        cluster: Cluster, host: Host, passwords: [UInt8: String], secretValues: [String: String] = [:],
        packages: [String: [String]], platform: any Platform = Platforms.all.assumed
    ) {
        secrets = Set(Array(passwords.values) + Array(secretValues.values)).sorted()
        let known = TemplateValue.data(
            Self.catalogue,
            Source(
                cluster: cluster, host: host, instance: cluster.instances[0], passwords: passwords,
                packages: Self.packages(of: cluster, compiled: packages, on: platform), platform: platform))
        let named = [
            "vars": cluster.variables,
            "secrets": Dictionary(uniqueKeysWithValues: cluster.secrets.keys.map { ($0, secretValues[$0] ?? "") }),
        ]
        data = known.adding(named.mapValues { .group($0.mapValues(TemplateData.text)) })
        shape = TemplateValue.shape(of: Self.catalogue).adding(
            named.map { name, values in
                TemplateMember(
                    name: name, shape: .group(values.keys.sorted().map { TemplateMember(name: $0, shape: .text) }))
            })
        own = cluster.haproxy.own
        answerPort = cluster.healthCheck == .answer ? cluster.healthPort : nil
        let isFound = cluster.haproxy.origin == .found
        tree = own.map { Tree($0, host: host.name, values: self, isAlone: isFound) }
    }

    /// What has to be installed for each program: what a compiled one needs, or the distribution's package itself.
    private static func packages(
        of cluster: Cluster, compiled: [String: [String]], on platform: any Platform
    ) -> [String: [String]] {
        var packages = compiled.mapValues(platform.packages)
        for choice in cluster.packagedPrograms { packages[choice.name] = [platform.packaged(choice).name] }
        return packages
    }

    /// HAProxy may come back by itself only once a takeover is over, or its death would go unnoticed: the worst takeover,
    /// a second for the check to run, and 2 s to spare. Whole seconds. haprov-vrrpd would notice at once, but the delay is
    /// the same: another one would change HAProxy's unit, and a change of engines would restart HAProxy.
    package static func restartDelay(_ cluster: Cluster) -> Int {
        let longest = cluster.instances.map(\.worstTakeoverAfterResignation).max() ?? 0
        return (cluster.healthCheck.interval + longest + 1000 + 999) / 1000 + 2
    }

    /// What is wrong with a template, whatever host it is for.
    func faults(in text: String) -> [TemplateFault] {
        guard text.contains("{{") else { return [] }
        let syntax = TemplateSyntax(text)
        let check = TemplateCheck(syntax.nodes, root: shape)
        let faults = (syntax.faults + check.faults).sorted {
            ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
        }
        guard faults.isEmpty, let problem = Self.refusal(of: text) else { return faults }
        return [problem]
    }

    /// What the library that renders has against a template in which nothing else was found wrong.
    private static func refusal(of text: String) -> TemplateFault? {
        do {
            _ = try MustacheTemplate(string: text)
            return nil
        } catch let error as MustacheTemplate.ParserError {
            let place = SourcePlace(line: error.context.lineNumber, column: error.context.columnNumber)
            return TemplateFault(
                place: place, message: "this is no Mustache template: \(error.error)",
                remedy: "Look for a brace that stands alone on this line: `{{=<% %>=}}` chooses other signs for tags.")
        } catch {
            return TemplateFault(
                place: .start, message: "this is no Mustache template: \(error)",
                remedy: "Compare it with those that haprov comes with; mustache(5) has the rules.")
        }
    }

    /// Renders a template in which ``faults(in:)`` found none. Nothing is escaped: what it makes is no HTML.
    func render(_ text: String) -> String {
        guard text.contains("{{"), let template = try? MustacheTemplate(string: "{{% CONTENT_TYPE: TEXT}}" + text)
        else { return text }
        return template.render(data.plain)
    }
}
