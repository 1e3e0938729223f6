import Inventory
import YAMLReading

/// The folder that holds `balancer.yml` and the templates: haprov's own, or an operator's changed copy.
package struct PlaybookFolder: Sendable {
    private let balancer: Playbook
    private let source: String
    /// Templates by file name.
    private let templates: [String: String]
    /// Where templates are that lie elsewhere, as faults name them.
    private var places: [String: String] = [:]

    /// What is wrong in the texts is said by ``resources(of:passwords:secretValues:packages:platform:)``, all at once: those who need no playbook,
    /// such as a rollback, are not kept from their work by a faulty one.
    ///
    /// - Parameters:
    ///   - balancer: the text of balancer.yml, and `file`, as faults name it.
    ///   - templates: texts by file name.
    package init(balancer: String, file: String, templates: [String: String]) {
        self.balancer = Playbook(balancer, file: file)
        source = balancer
        self.templates = templates
    }

    /// With files in the place of those of the same names.
    ///
    /// - Parameter balancer: the text of balancer.yml, and `file`, as faults name it; nil where it stays.
    package func replacing(balancer: (text: String, file: String)?, templates: [String: String]) -> PlaybookFolder {
        PlaybookFolder(
            balancer: balancer?.text ?? source, file: balancer?.file ?? self.balancer.file,
            templates: self.templates.merging(templates) { $1 })
    }

    /// With a template of the operator's own for keepalived.conf.
    ///
    /// - Parameter place: as faults name it.
    package func writingKeepalived(by template: String, from place: String) -> PlaybookFolder {
        var folder = replacing(balancer: nil, templates: [Self.keepalivedTemplate: template])
        folder.places[Self.keepalivedTemplate] = place
        return folder
    }

    /// The template of keepalived.conf.
    package static let keepalivedTemplate = "keepalived.conf.mustache"

    /// File names of the templates, sorted.
    package var templateNames: [String] { templates.keys.sorted() }

    /// All that its files say, each below its name.
    package var text: String {
        let files = [("balancer.yml", source)] + templates.sorted { $0.key < $1.key }
        return files.map { "\($0.0)\n\($0.1)" }.joined(separator: "\n")
    }

    /// What the balancers should have, by host.
    ///
    /// - Parameters:
    ///   - passwords: those of VRRP by virtual router ID, already cut to the 8 characters that the protocol carries.
    ///   - secretValues: those of the inventory's `secrets` that could be read, by name.
    ///   - packages: run-time packages by product, as the manifest names them.
    ///   - platform: what a host is.
    /// - Throws: everything that is wrong, for whichever host.
    package func resources(
        of cluster: Cluster, passwords: [UInt8: String], secretValues: [String: String] = [:],
        packages: [String: [String]],
        platform: (Host) -> any Platform = { _ in Platforms.all.assumed }
    ) throws(PlaybookError) -> [String: HostResources] {
        var resources: [String: HostResources] = [:]
        var faults: [Diagnostic] = []
        for host in cluster.balancers {
            let values = TemplateContext(
                cluster: cluster, host: host, passwords: passwords, secretValues: secretValues, packages: packages,
                platform: platform(host))
            for fault in values.configurationFaults where !faults.contains(fault) { faults.append(fault) }
            do throws(PlaybookError) {
                resources[host.name] = try self.resources(for: host, context: values)
            } catch {
                faults += error.faults
            }
        }
        guard faults.isEmpty else { throw PlaybookError(faults) }
        return resources
    }

    /// The balancer's resources as they should be on one host: `prepare`, then `rollout`.
    ///
    /// - Throws: everything that is wrong with the playbook and with the templates that it uses.
    package func resources(
        for host: Host, context values: TemplateContext
    ) throws(PlaybookError) -> HostResources {
        var renderer = StepRenderer(balancer, templates: templates, places: places, values: values, host: host)
        let resources = HostResources(
            prepare: renderer.resources(of: balancer.prepare), rollout: renderer.resources(of: balancer.rollout))
        let faults = balancer.faults + renderer.faults
        guard faults.isEmpty else { throw PlaybookError(faults) }
        return resources
    }
}

/// What one host should have.
package struct HostResources: Sendable {
    package var prepare: [any Resource] = []
    package var rollout: [any Resource] = []
    package var all: [any Resource] { prepare + rollout }
    /// The packages that they need.
    package var packages: [String] { all.flatMap(\.packages) }

    package init(prepare: [any Resource] = [], rollout: [any Resource] = []) {
        self.prepare = prepare
        self.rollout = rollout
    }
}
