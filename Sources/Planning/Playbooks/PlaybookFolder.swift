import FoundationEssentials
import Inventory
import Mustache
import Texts

/// The folder that holds `balancer.yml` and the templates: haprov's own, or an operator's changed copy.
package struct PlaybookFolder: Sendable {
    package var path: String
    package var balancer: Playbook
    /// Templates by file name.
    private var templates: [String: String]

    /// - Throws: for a missing file, bad YAML, or an unknown kind or stage.
    package init(path: String) throws(PlaybookError) {
        self.path = path
        balancer = try Playbook(try Self.read("balancer.yml", in: path), file: path + "/balancer.yml")
        templates = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasSuffix(".mustache") { templates[name] = try Self.read(name, in: path) }
    }

    private static func read(_ name: String, in path: String) throws(PlaybookError) -> String {
        guard let data = FileManager.default.contents(atPath: path + "/" + name) else {
            throw PlaybookError(
                PlaybookPlace(file: path + "/" + name, line: 1, column: 1),
                "cannot be read; --playbooks names the folder with balancer.yml and its templates")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// The balancer's resources as they should be on one host: `prepare`, then `rollout`.
    package func resources(
        for host: Host, in cluster: Cluster, context values: TemplateContext
    ) throws(PlaybookError) -> HostResources {
        let source = templates
        let context = ResourceContext(
            cluster: cluster, host: host, secrets: values.secrets,
            template: { name throws(PlaybookError) in
                let place = PlaybookPlace(file: name, line: 1, column: 1)
                guard let text = source[name] else { throw PlaybookError(place, "there is no such template") }
                return try values.render(text, place: place)
            })
        var resources = HostResources()
        for step in balancer.prepare {
            if let resource = try Self.resource(step, values, context) { resources.prepare.append(resource) }
        }
        for step in balancer.rollout {
            if let resource = try Self.resource(step, values, context) { resources.rollout.append(resource) }
        }
        return resources
    }

    private static func resource(
        _ step: PlaybookStep, _ values: TemplateContext, _ context: ResourceContext
    ) throws(PlaybookError) -> (any Resource)? {
        if let when = step.when, try values.render(when, place: step.place).trimmingBlanks().isEmpty { return nil }
        guard let kind = ResourceKinds.named(step.kind) else { return nil }
        var fields: [String: String] = [:]
        for (name, text) in step.fields { fields[name] = try values.render(text, place: step.place) }
        return try kind.init(Fields(fields, place: step.place), context: context)
    }
}

/// What one host should have.
package struct HostResources: Sendable {
    package var prepare: [any Resource] = []
    package var rollout: [any Resource] = []
    package var all: [any Resource] { prepare + rollout }

    package init(prepare: [any Resource] = [], rollout: [any Resource] = []) {
        self.prepare = prepare
        self.rollout = rollout
    }
}
