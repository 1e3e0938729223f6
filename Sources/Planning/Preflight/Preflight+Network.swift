import Inventory
import VRRP

/// What would keep packets from a balancer, or take the VIP from it, without a word of its own.
extension Preflight {
    /// What is said of filters; nothing is edited. Where firewalld or ufw keeps the rules, these are opened.
    func filterRemarks(_ host: Host, _ facts: Facts) -> [String] {
        guard !facts.firewall.isActive, !facts.ufw.isActive else { return [] }
        return facts.cutFilters.sorted().map { kind in
            "`\(kind == "nft" ? "nft list ruleset" : kind + " -S")` has more rules than haprov judges: see that VRRP (IP protocol "
                + "112) and what frontends listen on are let in"
        } + facts.packetFilters.flatMap { filterRemarks($0, host) }
    }

    private func filterRemarks(_ filter: PacketFilter, _ host: Host) -> [String] {
        var seen = Set<String>()
        return cluster.interfaces(of: host).flatMap { filterRemarks(filter, host, nic: $0) }
            .filter { seen.insert($0).inserted }
    }

    private func filterRemarks(_ filter: PacketFilter, _ host: Host, nic: String) -> [String] {
        let isMulticast = cluster.instances.contains { !$0.unicast && $0.interface(on: host) == nic }
        let vrrp = PacketFilter.Packet("vrrp", nic: nic, isMulticast: isMulticast)
        let way = filter.isOutgoing ? "out" : "in"
        var remarks: [String] = []
        var unknown: [String] = []
        switch filter.judge(vrrp) {
        case .passes: break
        case .unknown: unknown.append("VRRP")
        case .drops:
            remarks.append(
                "\(filter.name) drops VRRP\(filter.isOutgoing ? " that leaves" : ""), so that the balancers would not hear "
                    + "each other and several take the VIP: let it \(way) by `\(filter.line(admitting: vrrp))`, and where it is "
                    + "kept for the next boot")
        }
        let ports = filter.isOutgoing ? [] : cluster.haproxy.ports
        for port in ports {
            let packet = PacketFilter.Packet("tcp", port: port, nic: nic)
            switch filter.judge(packet) {
            case .passes: break
            case .unknown: unknown.append("port \(port)")
            case .drops:
                remarks.append(
                    "\(filter.name) drops port \(port): let it in by `\(filter.line(admitting: packet))`, and where it is kept "
                        + "for the next boot")
            }
        }
        guard !unknown.isEmpty else { return remarks }
        return remarks + [
            "\(filter.name) was not judged for \(unknown.joined(separator: ", ")): it has rules that haprov does not "
                + "understand; see that they are let \(way)"
        ]
    }

    /// What is said of those who manage NICs; nothing is edited.
    func managerRemarks(_ host: Host, _ facts: Facts) -> [String] {
        facts.networkManagers.compactMap { manager in
            let name = manager.file.split(separator: "/").last.map(String.init) ?? ""
            if manager.file.isEmpty {
                return
                    "\(manager.name) manages \(manager.nic ?? host.interface): `nmcli device reapply` and `nmcli connection up` there take the "
                    + "VIP away, until the engine notices; have it moved away before"
            }
            // With `yes` it still takes the host's own address away for a moment, and the VIP moves (seen with systemd 252).
            if manager.keeps == "static" { return nil }
            return
                "\(manager.name) manages \(manager.nic ?? host.interface) by \(manager.file) and takes the VIP from it when it sets the NIC up "
                + "anew, as after `networkctl reload` where a file has changed, and `networkctl reconfigure`: put the lines "
                + "`[Network]` and `KeepConfiguration=static` into /etc/systemd/network/\(name).d/haprov.conf, and `networkctl "
                + "reload`"
        }
    }
}
