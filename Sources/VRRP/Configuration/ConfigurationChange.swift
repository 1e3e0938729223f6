/// Two texts of one host's keepalived.conf, and what it means to go from the one to the other.
///
/// Where one of them cannot be read, or includes files that are not at hand, they count as different unless every line that
/// may matter is the same.
package struct ConfigurationChange: Sendable {
    /// Whether a router that goes by the new text may not hear one that goes by the old one, nor be heard by it: then both
    /// would take the addresses, so all routers have to change at the same moment. See ``WireSettings``.
    package let speaksDifferently: Bool
    /// Whether it can change who holds the addresses, when they move, or what comes with them, so that a failover is worth
    /// trying. See ``KeepalivedConfiguration/mattersToFailover(comparedWith:)``.
    package let mattersToFailover: Bool

    /// From the old text and the new one; an empty text is that of a router that is not there.
    package init(from old: String, to new: String) {
        if let before = Self.configuration(old), let after = Self.configuration(new) {
            speaksDifferently = after.disagrees(with: before)
            mattersToFailover = after.mattersToFailover(comparedWith: before)
        } else {
            speaksDifferently = Self.lines(of: old, without: Self.own) != Self.lines(of: new, without: Self.own)
            mattersToFailover = Self.lines(of: old, without: Self.names) != Self.lines(of: new, without: Self.names)
        }
    }

    /// Nil where it cannot be read or is not whole.
    private static func configuration(_ text: String) -> KeepalivedConfiguration? {
        var isWhole = true
        let result = ConfigurationReader.read(ConfigurationReader.Source(file: "keepalived.conf", text: text)) { _, _ in
            isWhole = false
            return []
        }
        return isWhole && result.isUsable ? result.configuration : nil
    }

    // MARK: what cannot be read

    /// What a router keeps to itself.
    private static let own: Set<String> = [
        "priority", "state", "router_id", "script", "script_user", "enable_script_security", "interval", "timeout",
        "rise",
        "fall", "weight", "nopreempt", "preempt_delay", "vrrp_script", "chk_haproxy", "track_script", "unicast_src_ip",
    ]
    private static let names: Set<String> = ["router_id"]

    /// Lines with words; comments behind words belong to them, since what looks like one may be part of a password.
    private static func lines(of text: String, without left: Set<String>) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split { $0.isWhitespace }
            guard let keyword = words.first, !left.contains(String(keyword)), let first = keyword.first, first != "#",
                first != "!", keyword != "}"
            else { return nil }
            return words.joined(separator: " ")
        }
    }
}
