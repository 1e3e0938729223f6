/// Lets a port or a protocol in by firewalld, now and permanently.
package struct OpenFirewall: Change {
    package static let functions = ["firewall_open"]
    package var function: String { "firewall_open" }
    package var zone: String
    /// firewall-cmd(1): `port` or `rich-rule`.
    package var element: String
    /// Such as `80/tcp`.
    package var value: String
    /// The port or protocol, as the playbook has it.
    package var label: String

    package var arguments: [String] { [zone, element, value] }
    package var subject: Subject { Subject(FirewallResource.kind, label) }
    package var summary: String { "open \(label) in firewalld's zone \(zone), now and permanently" }
    package var writes: [String] { ["/etc", "/var/lib"] }
}

extension OpenFirewall {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 3 else { return nil }
        self.init(zone: arguments[0], element: arguments[1], value: arguments[2], label: arguments[2])
    }
}
