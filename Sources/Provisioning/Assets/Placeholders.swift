/// `{version}`, `{branch}` and `{prefix}` in texts of the manifest.
enum Placeholders {
    static let known = ["version", "branch", "prefix"]

    static func fill(_ text: String, version: String, prefix: String = "") -> String {
        let branch = version.split(separator: ".").prefix(2).joined(separator: ".")
        return
            text
            .replacing("{version}", with: version)
            .replacing("{branch}", with: branch)
            .replacing("{prefix}", with: prefix)
    }

    /// What stands in braces without being known.
    static func unknown(in text: String) -> String? {
        for match in text.matches(of: /\{([^{}]*)\}/) where !known.contains(String(match.1)) { return String(match.0) }
        return nil
    }
}
