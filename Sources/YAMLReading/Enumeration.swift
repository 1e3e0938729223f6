extension [String] {
    /// `a`, `b` or `c`.
    package var enumeration: String {
        let quoted = map { "`\($0)`" }
        guard let end = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " or \(end)"
    }
}
