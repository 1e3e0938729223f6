import VRRP
import YAMLReading

extension InventoryDecoder {
    func decodeHosts(ssh: SSHSettings, into draft: inout Draft) {
        let example = "hosts: { haproxy1: { address: 172.16.122.101, role: balancer, priority: 101 }, … }"
        guard let group = root.section("hosts", known: nil, required: "List the hosts: `\(example)`.") else { return }
        draft.hosts = group.pairs.compactMap { host($0, in: group, ssh: ssh) }
        draft.hostsAreComplete =
            !group.isIncomplete && draft.hosts.count == group.pairs.count
            && !draft.hosts.contains { $0.isBalancer == nil }
    }

    private func host(_ pair: YAMLNode.Pair, in group: YAMLSection, ssh: SSHSettings) -> Draft.HostDraft? {
        guard checkName(of: pair, what: "host"),
            let section = group.section(
                pair.key, known: InventoryKeys.host,
                required: "Write `\(pair.key): { address: 172.16.122.101, role: balancer, priority: 100 }`.",
                elsewhere: InventoryKeys.homes)
        else { return nil }
        var draft = Draft.HostDraft(
            name: pair.key,
            ssh: sshSettings(
                section.section("ssh", known: InventoryKeys.ssh, elsewhere: InventoryKeys.homes), over: ssh))
        draft.address = address(in: section)
        let role = section.choice(
            "role", of: ["balancer", "application", "retired"],
            required: "Write `role: balancer` (runs HAProxy and VRRP) or `role: application` (serves the application).")
        draft.isBalancer = role.map { $0 == "balancer" }
        draft.isRetired = role == "retired"
        // What a balancer's priority was may stand there still.
        draft.priority = draft.isRetired ? nil : priority(in: section, isBalancer: draft.isBalancer)
        draft.interface = interface(in: section)
        draft.connection =
            section.choice("connection", of: Host.Connection.allCases.map(\.rawValue))
            .flatMap(Host.Connection.init) ?? .ssh
        // The inventory's password belongs to a user of the hosts'; here it would be tried for whoever runs haprov.
        if draft.connection == .local, draft.ssh.become?.program != .su, !hasOwn("become", in: section) {
            draft.ssh.become?.password = nil
        }
        return draft
    }

    private func hasOwn(_ key: String, in host: YAMLSection) -> Bool {
        guard case .mapping(let pairs) = host.pair("ssh")?.value.content else { return false }
        return pairs.contains { $0.key == key }
    }

    private func address(in section: YAMLSection) -> IPAddress? {
        let remedy = "Write the host's IPv4 address alone: `address: 172.16.122.101`."
        guard let text = section.text("address", required: remedy, expected: "an IPv4 address") else { return nil }
        guard let address = IPAddress(ofInventory: text) else {
            section.fault(
                "address", "`\(section.path(of: "address"))` is `\(shown(text))`; expected an IPv4 address", remedy)
            return nil
        }
        guard address.canBeAHosts else {
            section.fault("address", "`\(section.path(of: "address"))` is `\(text)`, which no host can have", remedy)
            return nil
        }
        return address
    }

    private func priority(in section: YAMLSection, isBalancer: Bool?) -> UInt8? {
        let advice = "Give each balancer its own number; the highest holds the VIP."
        if root.contains("vips"), !root.contains("vip") {
            if section.contains("priority") {
                section.fault(
                    "priority",
                    "`\(section.path(of: "priority"))` is given, and with `vips` each VIP says itself who is to hold it",
                    "Remove it; write `prefer` or `priorities` in the entries of `vips`.")
            }
            return nil
        }
        switch isBalancer {
        case true:
            return section.integer(
                "priority", in: 1...255, required: "Add `priority: 100`. \(advice)", remedy: advice
            ).map(UInt8.init)
        case false:
            if section.contains("priority") {
                section.fault(
                    "priority", "`\(section.path(of: "priority"))` is given for an application host",
                    "Remove it, or write `role: balancer`.")
            }
            return nil
        case nil: return nil
        }
    }
}
