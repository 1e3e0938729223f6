import YAMLReading

/// Changes of one word in an inventory's text; all else stays as somebody wrote it.
package enum InventoryEdit {
    /// The same inventory with a balancer retired.
    ///
    /// - Returns: nil where `balancer` does not stand behind the host's `role`, such as where an alias does.
    package static func retiring(_ host: String, in text: String) -> String? {
        let places = InventoryReader.read(text, file: "").places
        guard let place = places["hosts.\(host).role"] else { return nil }
        // By an alias the word is another host's too.
        guard places.filter({ $0.key.hasSuffix(".role") && $0.value == place }).count == 1 else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.indices.contains(place.line - 1) else { return nil }
        let line = lines[place.line - 1]
        let start = line.index(line.startIndex, offsetBy: place.column - 1, limitedBy: line.endIndex) ?? line.endIndex
        guard let word = line[start...].firstRange(of: "balancer") else { return nil }
        lines[place.line - 1] = line.replacingCharacters(in: word, with: "retired")
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
