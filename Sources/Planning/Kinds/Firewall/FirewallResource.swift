import Errors
import Texts

/// `firewall`: ports and protocols let in by firewalld in the zone of the VIP's NIC, now and after a restart; or by ufw.
///
/// Where neither runs there is nothing to open.
package struct FirewallResource: Resource {
    package static let kind = "firewall"
    package static let meaning = Explanation(
        "Let in by firewalld in the zone of the host's NIC, at run time and permanently, or by ufw; nothing where neither runs",
        "firewalld 在网卡所属区域放行,运行时和永久规则;或由 ufw 放行;都没有运行则不做")
    package static let fields: [FieldDeclaration] = [
        .optional("protocols", "Such as `vrrp`, parted by blanks", "例如 `vrrp`,以空格分隔"),
        .optional("ports", "Such as `80/tcp 443/tcp`", "例如 `80/tcp 443/tcp`"),
    ]
    package static let script: [UInt8]? = PackageResources.firewall_sh
    package static let changes: [any Change.Type] = [OpenFirewall.self, OpenUFW.self]
    package static let facts: [any Fact.Type] = [FirewallFact.self, UFWFact.self]
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
        for port in ports where port.wholeMatch(of: /[0-9]{1,5}\/(tcp|udp)/) == nil {
            fields.fault(
                "ports", "`\(port)` is not a port with its protocol", "Write `80/tcp`, and several parted by blanks.")
        }
        for name in protocols where name.wholeMatch(of: /[a-z0-9-]+/) == nil {
            fields.fault(
                "protocols", "`\(name)` is not a protocol's name", "Write names of /etc/protocols, such as `vrrp`.")
        }
        try fields.finish()
    }

    package var queries: [ProbeQuery] { [ProbeQuery("probe_firewall", interface), ProbeQuery("probe_ufw")] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        try firewalldSteps(facts.firewall) + ufwSteps(facts.ufw, on: context.host.name)
    }

    private func ufwSteps(_ ufw: UFWFact, on host: String) throws(Failure) -> [Step] {
        guard ufw.isActive else { return [] }
        let changes = (protocols + ports).map(OpenUFW.init).filter {
            !ufw.open.contains($0.arguments.joined(separator: " "))
        }
        if !ufw.knowsVRRP, changes.contains(where: { $0.transport == "vrrp" }) {
            throw Failure(
                .preflight, host: host, step: "firewall vrrp",
                summary: "ufw \(ufw.version) is active and cannot open VRRP: from 0.36.2 on it can",
                remedy:
                    "Before the line COMMIT of /etc/ufw/before.rules add `-A ufw-before-input -p vrrp -j ACCEPT`, then "
                    + "`ufw reload`.")
        }
        for change in changes {
            let rules = ufw.obstacles(to: change, on: interface)
            guard !rules.isEmpty else { continue }
            throw Failure(
                .preflight, host: host, step: "\(change.subject)",
                summary: "ufw has a rule of somebody else's that says otherwise of \(change.label): "
                    + rules.joined(separator: ", "),
                remedy:
                    "See `ufw status numbered`. Delete that rule where nobody needs it any more; or let \(change.label) in by "
                    + "hand, before it (`ufw insert 1 allow …`): what is open already is left as it is.")
        }
        return changes.map { .change($0) }
    }

    private func firewalldSteps(_ firewall: FirewallFact) -> [Step] {
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
