import Inventory
import Yams

/// Where something stands in a playbook.
package struct PlaybookPlace: Sendable, Equatable {
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1.
    package var column: Int
}

/// A fault in a playbook or one of its templates.
package struct PlaybookError: Error, Sendable, Equatable, CustomStringConvertible {
    package var place: PlaybookPlace
    package var message: String

    package init(_ place: PlaybookPlace, _ message: String) {
        self.place = place
        self.message = message
    }

    /// `file:line:column: message`.
    package var description: String { "\(place.file):\(place.line):\(place.column): \(message)" }
}

/// What is done to hosts of one role, as an operator can read and change it: steps of resource kinds, in order.
package struct Playbook: Sendable {
    package var file: String
    /// All hosts at once, before anything that serves is touched.
    package var prepare: [PlaybookStep]
    /// One host at a time.
    package var rollout: [PlaybookStep]

    /// Reads a playbook's text.
    package init(_ text: String, file: String) throws(PlaybookError) {
        self.file = file
        let start = PlaybookPlace(file: file, line: 1, column: 1)
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw PlaybookError(start, "not valid YAML: \(error)")
        }
        guard let mapping = root?.mapping else { throw PlaybookError(start, "a playbook is a map of stages") }
        prepare = []
        rollout = []
        for (key, value) in mapping {
            switch key.string {
            case "description": continue
            case "prepare": prepare = try Self.steps(value, file: file)
            case "rollout": rollout = try Self.steps(value, file: file)
            default:
                throw PlaybookError(
                    Self.place(key, file),
                    "unknown stage `\(key.string ?? "")`; stages are `prepare` and `rollout`")
            }
        }
    }

    private static func place(_ node: Node, _ file: String) -> PlaybookPlace {
        PlaybookPlace(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private static func steps(_ node: Node, file: String) throws(PlaybookError) -> [PlaybookStep] {
        guard let sequence = node.sequence else {
            throw PlaybookError(place(node, file), "a stage is a list of steps")
        }
        var steps: [PlaybookStep] = []
        for item in sequence { steps.append(try step(item, file: file)) }
        return steps
    }

    private static func step(_ node: Node, file: String) throws(PlaybookError) -> PlaybookStep {
        guard let mapping = node.mapping else { throw PlaybookError(place(node, file), "a step is a map") }
        var step = PlaybookStep(kind: "", fields: [:], when: nil, place: place(node, file))
        for (key, value) in mapping {
            let name = key.string ?? ""
            if name == "when" {
                step.when = value.string ?? ""
            } else if step.kind.isEmpty, let fields = value.mapping {
                step.kind = name
                for (field, content) in fields { step.fields[field.string ?? ""] = try scalar(content, file) }
            } else {
                throw PlaybookError(
                    place(key, file), "a step is one kind with its fields, and perhaps `when`; found `\(name)` too")
            }
        }
        guard ResourceKinds.named(step.kind) != nil else {
            let known = ResourceKinds.all.map { $0.kind }.joined(separator: ", ")
            throw PlaybookError(step.place, "unknown kind `\(step.kind)`; kinds are \(known)")
        }
        return step
    }

    private static func scalar(_ node: Node, _ file: String) throws(PlaybookError) -> String {
        if let text = node.string { return text }
        if let items = node.sequence {
            var lines: [String] = []
            for item in items { lines.append(try scalar(item, file)) }
            return lines.joined(separator: "\n")
        }
        throw PlaybookError(place(node, file), "a field holds text or a list of texts")
    }
}

/// A step before it is rendered for a host.
package struct PlaybookStep: Sendable {
    package var kind: String
    package var fields: [String: String]
    /// Left out for hosts for which this renders to nothing.
    package var when: String?
    package var place: PlaybookPlace
}
