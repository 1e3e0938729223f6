/// Lets a port or a protocol in by ufw, from anywhere.
package struct OpenUFW: Change {
    package static let functions = ["ufw_open"]
    package var function: String { "ufw_open" }
    /// `tcp`, `udp` or `vrrp`.
    package var transport: String
    /// `any` for what has none.
    package var port: String

    /// - Parameter label: a port as `80/tcp`, or a protocol, as the playbook has it.
    package init(_ label: String) {
        let parts = label.split(separator: "/").map(String.init)
        (transport, port) = parts.count == 2 ? (parts[1], parts[0]) : (label, "any")
    }

    package init?(function: String, arguments: [String]) {
        guard arguments.count == 2 else { return nil }
        (transport, port) = (arguments[0], arguments[1])
    }

    /// As the playbook has it.
    package var label: String { port == "any" ? transport : "\(port)/\(transport)" }

    package var arguments: [String] { [transport, port] }
    package var subject: Subject { Subject(FirewallResource.kind, label) }
    package var summary: String { "open \(label) in ufw" }
    package var writes: [String] { ["/etc", "/var/lib"] }
}
