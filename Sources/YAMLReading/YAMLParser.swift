import Yams

/// Turns YAML text into nodes, reporting syntax errors and every duplicate key.
package struct YAMLParser {
    /// More values than any honest file has; stops aliases that multiply.
    static let maximumNodes = 200_000
    /// libyaml itself stops at 1000.
    static let maximumDepth = 64

    let faults: Faults
    private var converted = 0
    /// Duplicate keys that were given another name for the parser's sake, by place.
    private var masked: [String: String] = [:]

    /// Parses one document; nil where the text is empty or broken, which is then reported.
    package static func parse(_ text: String, faults: Faults) -> YAMLNode? {
        var parser = YAMLParser(faults: faults)
        return parser.document(text)
    }

    private init(faults: Faults) { self.faults = faults }

    private mutating func document(_ text: String) -> YAMLNode? {
        var lines = SourceLines(text)
        for attempt in 0..<200 {
            do {
                let parser = try Parser(yaml: lines.text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { return nil }
                return convert(root)
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                // The parser stops at the first mapping with duplicates. The key is masked, and the text parsed again.
                let place = SourcePlace(line: context.mark.line, column: context.mark.column)
                guard let name = names.first, let mask = lines.mask(name, at: place, number: attempt) else {
                    faults.error(
                        place, "the key `\(names.first ?? "")` is given more than once", "Keep one of them.")
                    return nil
                }
                masked[mask] = name
            } catch {
                report(error, lines)
                return nil
            }
        }
        faults.error(.init(line: 1, column: 1), "more than 200 duplicate keys", "Keep one key of each name.")
        return nil
    }

    private mutating func convert(_ node: Node, depth: Int = 0) -> YAMLNode? {
        converted += 1
        let place = SourcePlace(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        guard converted <= Self.maximumNodes, depth <= Self.maximumDepth else {
            if converted <= Self.maximumNodes + 1 {
                converted = Self.maximumNodes + 1
                faults.error(
                    place, "values are nested, or repeated by aliases, beyond all measure",
                    "Write the values out where anchors and aliases multiply them.")
            }
            return nil
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(place: place, content: .scalar(scalar.string, quoted: scalar.style != .plain))
        case .sequence(let sequence):
            return YAMLNode(place: place, content: .sequence(sequence.compactMap { convert($0, depth: depth + 1) }))
        case .mapping(let mapping):
            let pairs = pairs(of: mapping, depth: depth)
            let isIncomplete = pairs.count < mapping.count { $0.key.string != "<<" }
            return YAMLNode(place: place, content: .mapping(pairs), isIncomplete: isIncomplete)
        case .alias:
            // The parser replaces aliases by what they stand for; this case exists for emitting only.
            return nil
        }
    }

    private mutating func pairs(of mapping: Node.Mapping, depth: Int) -> [YAMLNode.Pair] {
        var pairs: [YAMLNode.Pair] = []
        var merged: [YAMLNode.Pair] = []
        for (key, value) in mapping {
            let place = SourcePlace(line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
            guard case .scalar(let scalar) = key else {
                faults.error(place, "a key has to be a word, not a collection", "Write `key: value`.")
                continue
            }
            guard let node = convert(value, depth: depth + 1) else { continue }
            if scalar.string == "<<", scalar.style == .plain {
                merged += mergedPairs(node)
                continue
            }
            let name = masked[scalar.string] ?? scalar.string
            if let first = pairs.first(where: { $0.key == name }) {
                faults.error(
                    place, "the key `\(name)` was given before, on line \(first.place.line)", "Keep one of the two.")
                continue
            }
            pairs.append(.init(key: name, place: place, value: node))
        }
        for pair in merged where !pairs.contains(where: { $0.key == pair.key }) { pairs.append(pair) }
        return pairs
    }

    private func mergedPairs(_ node: YAMLNode) -> [YAMLNode.Pair] {
        switch node.content {
        case .mapping(let pairs): return pairs
        case .sequence(let nodes): return nodes.flatMap(mergedPairs)
        case .scalar:
            faults.error(node.place, "`<<` merges a mapping; found \(node.kind)", "Write `<<: *anchor`.")
            return []
        }
    }

    private func report(_ error: any Error, _ lines: SourceLines) {
        let remedy = "Correct the YAML there: indentation is by spaces, and a value with special characters is quoted."
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let before = context.map { context in
                let begun = context.mark.line == mark.line ? "" : " begun on line \(context.mark.line)"
                return "\(context.text.trimmed)\(begun), "
            }
            faults.error(
                .init(line: mark.line, column: mark.column), "this is not YAML: \(before ?? "")\(problem)", remedy)
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            faults.error(
                .init(line: mark.line, column: mark.column), "a second document begins here; expected one",
                "Remove the line `---`, or put what follows into a file of its own.")
        case .composer(_, let problem, let mark, _):
            faults.error(.init(line: mark.line, column: mark.column), "this is not YAML: \(problem)", remedy)
        case .reader(let problem, let offset, _, _):
            faults.error(
                lines.place(ofCharacter: offset ?? 0), "this is not YAML: \(problem)",
                "Remove the character; the file has to be UTF-8 text.")
        default:
            faults.error(.init(line: 1, column: 1), "this is not YAML: \(error)", remedy)
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(drop(while: \.isWhitespace)) }
}
