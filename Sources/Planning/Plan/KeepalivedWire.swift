/// What of a keepalived.conf other routers see: balancers that disagree on it do not hear each other, and each would take the
/// VIP.
package enum KeepalivedWire {
    /// Settings that a router keeps to itself.
    private static let own: Set<String> = [
        "priority", "state", "router_id", "script", "script_user", "enable_script_security", "interval", "timeout",
        "rise",
        "fall", "weight", "nopreempt", "preempt_delay", "vrrp_script", "chk_haproxy", "track_script", "unicast_src_ip",
    ]

    /// Whether a router that has read the one configuration understands one that has read the other.
    package static func agree(_ old: String, _ new: String) -> Bool { settings(old) == settings(new) }

    private static func settings(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.prefix { $0 != "#" && $0 != "!" }.split(whereSeparator: \.isWhitespace)
            guard let key = words.first, !own.contains(String(key)), key != "}" else { return nil }
            return words.joined(separator: " ")
        }
    }
}
