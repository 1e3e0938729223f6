import Inventory
import VRRP

/// What would keep packets from a balancer, or take the VIP from it, without a word of its own.
extension Preflight {
    /// What is said of it; nothing is edited.
    func networkRemarks(_ host: Host, _ facts: Facts) -> [String] {
        filterRemarks(host, facts) + managerRemarks(host, facts)
    }

    /// Where firewalld or ufw keeps the rules, these are opened.
    private func filterRemarks(_ host: Host, _ facts: Facts) -> [String] {
        guard !facts.firewall.isActive, !facts.ufw.isActive else { return [] }
        let iptables = facts.filterRules["iptables"] ?? []
        var remarks: [String] = []
        var filters: [PacketFilter] = []
        for (kind, name, found) in [
            ("iptables", "iptables", [PacketFilter.iptables(iptables)].compactMap { $0 }),
            (
                "nft", "nftables",
                PacketFilter.nftables(facts.filterRules["nft"] ?? [], skipsIPTables: !iptables.isEmpty)
            ),
        ] {
            guard facts.cutFilters.contains(kind) else {
                filters += found
                continue
            }
            remarks.append(
                "\(name) has more rules than haprov judges: see that it lets in VRRP (IP protocol 112) and what frontends "
                    + "listen on")
        }
        return remarks + filters.flatMap { filterRemarks($0, host) }
    }

    private func filterRemarks(_ filter: PacketFilter, _ host: Host) -> [String] {
        let isIPTables = filter.entry == "INPUT" && filter.advice.hasPrefix("iptables")
        let isMulticast = cluster.instances.allSatisfy { !$0.unicast }
        var wanted = [
            (
                "VRRP",
                PacketFilter.Packet(
                    "vrrp", nic: host.interface, destination: isMulticast ? AddressFamily.ipv4.multicastGroup : nil),
                isIPTables ? "-i \(host.interface) -p 112" : "iifname \"\(host.interface)\" meta l4proto 112"
            )
        ]
        wanted += Set(cluster.haproxy.frontends.map(\.port)).sorted().map {
            (
                "port \($0)", PacketFilter.Packet("tcp", port: $0, nic: host.interface),
                isIPTables ? "-p tcp --dport \($0)" : "tcp dport \($0)"
            )
        }
        let judged = wanted.map { (name: $0.0, match: $0.2, judgement: filter.judge($0.1)) }
        let dropped = judged.filter { $0.judgement == .dropped }.map { name, match, _ in
            "\(filter.name) drops \(name)"
                + (name == "VRRP"
                    ? ", so that the balancers would not hear each other and several take the VIP" : "")
                + ": let it in by `\(filter.advice.replacing("MATCH", with: match))`, and where it is kept for the next boot"
        }
        let unknown = judged.filter { $0.judgement == .unknown }.map(\.name)
        guard !unknown.isEmpty else { return dropped }
        return dropped + [
            "\(filter.name) was not judged for \(unknown.joined(separator: ", ")): it has rules that haprov does not "
                + "understand; see that they are let in"
        ]
    }

    private func managerRemarks(_ host: Host, _ facts: Facts) -> [String] {
        facts.networkManagers.map { manager in
            let name = manager.file.split(separator: "/").last.map(String.init) ?? ""
            return manager.file.isEmpty
                ? "\(manager.name) manages \(host.interface): `nmcli device reapply` and `nmcli connection up` there take the VIP "
                    + "away, until the engine notices; have it moved away before"
                : "\(manager.name) manages \(host.interface) by \(manager.file) and takes the VIP from it when it sets the NIC up "
                    + "anew, as after `systemctl restart systemd-networkd`: put the lines `[Network]` and "
                    + "`KeepConfiguration=static` into /etc/systemd/network/\(name).d/haprov.conf"
        }
    }
}
