import YAMLReading

/// Takes the steps out of a playbook's text and reports every fault of their form.
struct PlaybookReader {
    let faults: Faults
    private static let kinds = ResourceKinds.all.map { $0.kind }

    func read(_ text: String) -> (prepare: [PlaybookStep], rollout: [PlaybookStep]) {
        guard let root = YAMLParser.parse(text, faults: faults), !root.isNull else {
            if !faults.hasErrors {
                faults.error(
                    .start, "the playbook is empty",
                    "Copy balancer.yml from the folder that haprov comes with, and change the copy.")
            }
            return ([], [])
        }
        guard
            let section = YAMLSection(
                root, path: "", place: root.place, known: ["description", "prepare", "rollout"], faults: faults)
        else { return ([], []) }
        return (stage("prepare", of: section), stage("rollout", of: section))
    }

    private func stage(_ name: String, of section: YAMLSection) -> [PlaybookStep] {
        guard let pair = section.pair(name) else { return [] }
        guard case .sequence(let nodes) = pair.value.content else {
            section.wrongType(
                pair, expected: "a list of steps", remedy: "Begin each with `- `: `- package: { names: psmisc }`.")
            return []
        }
        return nodes.compactMap(step)
    }

    private func step(_ node: YAMLNode) -> PlaybookStep? {
        guard case .mapping(let pairs) = node.content else {
            faults.error(
                node.place, "a step has to be a kind with its fields; found \(node.kind)",
                "Write `- package: { names: psmisc }`.")
            return nil
        }
        let words = pairs.filter { $0.key != "when" }
        guard let kind = words.first(where: { Self.kinds.contains($0.key) }) ?? words.first else {
            if !node.isIncomplete {
                faults.error(
                    node.place, "this step has no kind", "Write one with its fields: \(Self.kinds.enumeration).")
            }
            return nil
        }
        for other in words where other.key != kind.key { stranger(other, beside: kind) }
        var when: YAMLSection.Located<String>?
        if let pair = pairs.first(where: { $0.key == "when" }) {
            guard case .scalar(let text, _) = pair.value.content else {
                faults.error(
                    pair.valuePlace, "`when` has to be a text; found \(pair.value.kind)",
                    "Write `when: \"{{#vip.unicast}}yes{{/vip.unicast}}\"`: the step is left out where that is empty.")
                return nil
            }
            when = .init(value: text, place: pair.value.place)
        }
        guard isKnown(kind), let fields = fields(of: kind) else { return nil }
        return PlaybookStep(kind: kind.key, fields: fields, when: when, place: node.place)
    }

    private func isKnown(_ kind: YAMLNode.Pair) -> Bool {
        guard !Self.kinds.contains(kind.key) else { return true }
        let meant = NearestName.of(kind.key, among: Self.kinds).map { "Did you mean `\($0)`?" }
        faults.error(
            kind.place, "unknown kind `\(kind.key)`", meant ?? "Kinds are \(Self.kinds.joined(separator: ", ")).")
        return false
    }

    /// A step is one kind, and perhaps `when`.
    private func stranger(_ pair: YAMLNode.Pair, beside kind: YAMLNode.Pair) {
        if Self.kinds.contains(pair.key) {
            faults.error(
                pair.place, "`\(pair.key)` stands in the step of `\(kind.key)`",
                "Begin a step of its own with `- \(pair.key):`.")
        } else if NearestName.of(pair.key, among: ["when"]) != nil {
            faults.error(pair.place, "unknown key `\(pair.key)` in a step", "Did you mean `when`?")
        } else {
            faults.error(
                pair.place, "`\(pair.key)` stands beside `\(kind.key)`, not below it",
                "Indent the fields of `\(kind.key)` further than `\(kind.key)` itself.")
        }
    }

    private func fields(of kind: YAMLNode.Pair) -> [PlaybookField]? {
        guard case .mapping(let pairs) = kind.value.content else {
            faults.error(
                kind.valuePlace, "`\(kind.key)` has to be a mapping of fields; found \(kind.value.kind)",
                "Write its fields below it: Playbooks/README.md lists them.")
            return nil
        }
        var fields: [PlaybookField] = []
        for pair in pairs {
            guard let texts = texts(of: pair.value, name: pair.key) else { continue }
            fields.append(
                PlaybookField(name: pair.key, place: pair.place, texts: texts, valuePlace: pair.valuePlace))
        }
        return fields.count == pairs.count && !kind.value.isIncomplete ? fields : nil
    }

    private func texts(of node: YAMLNode, name: String) -> [YAMLSection.Located<String>]? {
        switch node.content {
        case .scalar(let text, _): return [.init(value: text, place: node.place)]
        case .sequence(let nodes):
            let parts = nodes.map { texts(of: $0, name: name) }
            return parts.contains { $0 == nil } ? nil : parts.flatMap { $0 ?? [] }
        case .mapping:
            faults.error(
                node.place, "`\(name)` has to be a text or a list of texts; found a mapping",
                "Put it in quotes where it is meant as a text: `{` begins a mapping in YAML.")
            return nil
        }
    }
}
