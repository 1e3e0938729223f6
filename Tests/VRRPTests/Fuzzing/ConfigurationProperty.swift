import VRRP

/// What holds for whatever is read as keepalived.conf(5).
enum ConfigurationProperty {
    /// - Returns: what does not hold, nil if all does; and whether the text can be run.
    static func check(_ octets: [UInt8]) -> (failure: String?, isGood: Bool) {
        let text = String(decoding: octets, as: UTF8.self)
        let source = ConfigurationReader.Source(file: "main", text: text)
        // A file that includes itself must not be read for ever.
        let result = ConfigurationReader.read(source) { pattern, _ in pattern == "main" ? [source] : [] }
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for diagnostic in result.diagnostics {
            guard diagnostic.file == "main", diagnostic.line >= 1, diagnostic.line <= lines.count,
                diagnostic.column >= 1, diagnostic.column <= lines[diagnostic.line - 1].count + 1
            else { return ("a diagnostic points beside the text: \(diagnostic)", false) }
            guard !diagnostic.message.isEmpty else { return ("a diagnostic says nothing: \(diagnostic)", false) }
        }
        guard result.isUsable else { return (nil, false) }
        let written = result.configuration.text
        let again = ConfigurationReader.read(ConfigurationReader.Source(file: "written", text: written))
        guard again.isUsable else { return ("refused once written: \(again.diagnostics), in\n\(written)", true) }
        guard again.configuration == result.configuration else {
            return ("\(result.configuration)\nbecomes\n\(again.configuration)\nby way of\n\(written)", true)
        }
        let settings = result.configuration.electionSettings
        guard settings == again.configuration.electionSettings else { return ("other settings: \(settings)", true) }
        guard settings.routers.allSatisfy({ $0.virtualRouterID > 0 && $0.priority > 0 }) else {
            return ("usable, but no router can be run by it: \(settings)", true)
        }
        // Whatever can be read can be run.
        var election = Election(settings)
        _ = election.handle(.start, at: Instant(nanoseconds: 0))
        return (nil, true)
    }
}
