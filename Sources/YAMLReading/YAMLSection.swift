/// A mapping that is being read: hands out its values by type, and reports what is unknown, missing or of another type.
package struct YAMLSection {
    /// A value and where it stands.
    package struct Located<Value: Sendable>: Sendable {
        package var value: Value
        package var place: SourcePlace

        package init(value: Value, place: SourcePlace) {
            self.value = value
            self.place = place
        }
    }

    /// Where the section is in the document, such as `hosts.haproxy1`; empty for the document itself.
    package let path: String
    package let place: SourcePlace
    package let pairs: [YAMLNode.Pair]
    package let faults: Faults
    /// Whether pairs were left out because they were faulty.
    package let isIncomplete: Bool
    /// Known keys that an unknown one was probably meant to be; they are not reported as missing too.
    private let misspelt: Set<String>

    /// Reads a node as a mapping; reports and gives nil where it is not one.
    ///
    /// - Parameters:
    ///   - known: the keys that may occur, or nil where the keys are names of the user's own.
    ///   - elsewhere: words from other sections and where they belong, for remedies.
    package init?(
        _ node: YAMLNode, path: String, place: SourcePlace, known: [String]?, elsewhere: [String: String] = [:],
        faults: Faults
    ) {
        guard case .mapping(let pairs) = node.content else {
            let remedy = known.map { "Write these keys below it: \($0.joined(separator: ", "))." }
            faults.error(
                place, "\(path.isEmpty ? "the file" : "`\(path)`") has to be a mapping; found \(node.kind)",
                remedy ?? "Write names and their settings below it.")
            return nil
        }
        self.path = path
        self.place = place
        self.pairs = pairs
        self.faults = faults
        self.isIncomplete = node.isIncomplete
        var misspelt: Set<String> = []
        for pair in pairs {
            // A key without a value is one that is left out.
            if !pair.value.isNull { faults.places[path.isEmpty ? pair.key : "\(path).\(pair.key)"] = pair.valuePlace }
            guard let known, !known.contains(pair.key) else { continue }
            let section = path.isEmpty ? "at the top level" : "in `\(path)`"
            let given = pairs.map(\.key)
            let meant = NearestName.of(pair.key, among: known.filter { !given.contains($0) })
            if let meant { misspelt.insert(meant) }
            let remedy =
                meant.map { "Did you mean `\($0)`?" }
                ?? elsewhere[pair.key].map { "`\(pair.key)` belongs in `\($0)`." }
                ?? "Known keys here: \(known.joined(separator: ", "))."
            // Cut short: a file named by mistake may hold what should not be shown.
            let key = pair.key.count > 32 ? pair.key.prefix(32) + "…" : pair.key[...]
            faults.error(pair.place, "unknown key `\(key)` \(section)", remedy)
        }
        self.misspelt = misspelt
    }

    package func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    package func contains(_ key: String) -> Bool { pairs.contains { $0.key == key } }

    /// The pair of a key; nil where it is absent or nothing was written, which is reported where a remedy is given.
    package func pair(_ key: String, required remedy: String? = nil) -> YAMLNode.Pair? {
        let found = pairs.first { $0.key == key }
        if let found, !found.value.isNull { return found }
        guard let remedy else { return nil }
        if let found {
            faults.error(found.place, "`\(path(of: key))` is empty", remedy)
        } else if !misspelt.contains(key) {
            faults.error(place, "\(path.isEmpty ? faults.document : "`\(path)`") lacks `\(key)`", remedy)
        }
        return nil
    }

    /// Reports a fault of the value of a key.
    package func fault(_ key: String, _ message: String, _ remedy: String) {
        faults.error(faults.place(path(of: key)), message, remedy)
    }

    /// A scalar as it was written.
    package func text(_ key: String, required remedy: String? = nil, expected: String = "a text") -> String? {
        guard let pair = pair(key, required: remedy) else { return nil }
        guard case .scalar(let text, _) = pair.value.content else {
            wrongType(pair, expected: expected, remedy: remedy)
            return nil
        }
        return text
    }

    /// One word of several.
    package func choice(_ key: String, of words: [String], required remedy: String? = nil) -> String? {
        guard let text = text(key, required: remedy, expected: words.enumeration) else { return nil }
        if words.contains(text) { return text }
        let meant = NearestName.of(text, among: words).map { "Did you mean `\($0)`?" }
        fault(
            key, "`\(path(of: key))` is `\(text)`; expected \(words.enumeration)",
            meant ?? remedy ?? "Write one of them.")
        return nil
    }

    /// A whole number in decimal notation.
    package func integer(
        _ key: String, in range: ClosedRange<Int>, required: String? = nil, remedy: String
    ) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let pair = pair(key, required: required) else { return nil }
        guard case .scalar(let text, _) = pair.value.content, let number = Notation.integer(text),
            range.contains(number)
        else {
            wrongType(pair, expected: expected, remedy: remedy)
            return nil
        }
        return number
    }

    /// `true` or `false`, or one of YAML's other words for them.
    package func flag(_ key: String) -> Bool? {
        guard let pair = pair(key) else { return nil }
        if case .scalar(let text, quoted: false) = pair.value.content {
            switch text.lowercased() {
            case "true", "yes", "on": return true
            case "false", "no", "off": return false
            default: break
            }
        }
        wrongType(pair, expected: "true or false", remedy: "Write `\(key): true` or `\(key): false`.")
        return nil
    }

    /// One text or a list of them.
    package func texts(_ key: String, expected: String, remedy: String) -> [Located<String>]? {
        guard let pair = pair(key) else { return nil }
        switch pair.value.content {
        case .scalar(let text, _): return [Located(value: text, place: pair.value.place)]
        case .sequence(let nodes):
            let texts = nodes.compactMap { node -> Located<String>? in
                guard case .scalar(let text, _) = node.content, !node.isNull else {
                    faults.error(
                        node.place, "`\(path(of: key))` has to be \(expected); found \(node.kind) in it", remedy)
                    return nil
                }
                return Located(value: text, place: node.place)
            }
            return texts
        case .mapping:
            wrongType(pair, expected: expected, remedy: remedy)
            return nil
        }
    }

    /// A mapping below this one.
    package func section(
        _ key: String, known: [String]?, required remedy: String? = nil, elsewhere: [String: String] = [:]
    ) -> YAMLSection? {
        guard let pair = pair(key, required: remedy) else { return nil }
        return YAMLSection(
            pair.value, path: path(of: key), place: pair.place, known: known, elsewhere: elsewhere, faults: faults)
    }

    /// Reports a value of another type.
    package func wrongType(_ pair: YAMLNode.Pair, expected: String, remedy: String?) {
        faults.error(
            pair.valuePlace, "`\(path(of: pair.key))` has to be \(expected); found \(pair.value.kind)",
            remedy ?? "Write \(expected).")
    }
}
