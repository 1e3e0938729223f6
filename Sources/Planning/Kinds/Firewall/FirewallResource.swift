/// `firewall`: ports and protocols let in by firewalld in the zone of the VIP's NIC, now and after a restart.
///
/// Where firewalld does not run there is nothing to open.
package struct FirewallResource: Resource {
    package static let kind = "firewall"
    package static let script: [UInt8]? = PackageResources.firewall_sh
    package static let changes: [any Change.Type] = [OpenFirewall.self]
    /// Such as `80/tcp`.
    package var ports: [String]
    /// Such as `vrrp`.
    package var protocols: [String]
    private var interface: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        var seen = Set<String>()
        ports = fields.words("ports").filter { seen.insert($0).inserted }
        protocols = fields.words("protocols")
        interface = context.host.interface
        try fields.finish()
        for port in ports where port.wholeMatch(of: /[0-9]{1,5}\/(tcp|udp)/) == nil {
            throw PlaybookError(fields.place, "a port is written like 80/tcp, not `\(port)`")
        }
        for name in protocols where name.wholeMatch(of: /[a-z0-9-]+/) == nil {
            throw PlaybookError(fields.place, "a protocol is a name of /etc/protocols, not `\(name)`")
        }
    }

    package var queries: [ProbeQuery] { [ProbeQuery("probe_firewall", interface)] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) -> [Step] {
        let firewall = facts.firewall
        guard firewall.isActive else { return [] }
        let rules =
            protocols.map { ("rich-rule", #"rule protocol value="\#($0)" accept"#, $0) }
            + ports.map { ("port", $0, $0) }
        return rules.compactMap { kind, value, label in
            let rule = "\(kind)=\(value)"
            if firewall.runtime.contains(rule), firewall.permanent.contains(rule) { return nil }
            return .change(OpenFirewall(zone: firewall.zone, element: kind, value: value, label: label))
        }
    }
}
