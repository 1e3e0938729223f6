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
        let filters =
            [PacketFilter.iptables(iptables)].compactMap { $0 }
            + PacketFilter.nftables(facts.filterRules["nft"] ?? [], skipsIPTables: !iptables.isEmpty)
        let ports = Set(cluster.haproxy.frontends.map(\.port)).sorted()
        return filters.flatMap { filter -> [String] in
            let isIPTables = filter.entry == "INPUT" && filter.advice.hasPrefix("iptables")
            var wanted = [
                (
                    "VRRP", PacketFilter.Packet("vrrp", nic: host.interface),
                    isIPTables ? "-i \(host.interface) -p 112" : "iifname \"\(host.interface)\" meta l4proto 112"
                )
            ]
            wanted += ports.map {
                (
                    "port \($0)", PacketFilter.Packet("tcp", port: $0, nic: host.interface),
                    isIPTables ? "-p tcp --dport \($0)" : "tcp dport \($0)"
                )
            }
            return wanted.filter { filter.drops($0.1) }.map { name, _, match in
                "\(filter.name) drops \(name)"
                    + (name == "VRRP"
                        ? ", so that the balancers would not hear each other and several take the VIP" : "")
                    + ": let it in by `\(filter.advice.replacing("MATCH", with: match))`, and where it is kept for the next boot"
            }
        }
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
