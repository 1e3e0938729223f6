import HostShell

/// What may come between a balancer and its packets, or take the VIP from its NIC.
package struct NetworkFacts: Fact {
    package var filterRules: [String: [String]] = [:]
    /// The filters that have more rules than these.
    package var cut: Set<String> = []
    package var managers: [NetworkManagerFact] = []

    package init() {}

    package static let words: Set = ["filter", "filter-cut", "manager"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "filter": filterRules[record[1], default: []].append(record[2])
        case "filter-cut": cut.insert(record[1])
        default:
            let nic = record[4].isEmpty ? nil : record[4]
            managers.append(NetworkManagerFact(name: record[1], file: record[2], keeps: record[3], nic: nic))
        }
    }
}

/// Who manages a NIC, and takes foreign addresses from it when it sets that up anew.
package struct NetworkManagerFact: Sendable, Equatable {
    /// `systemd-networkd` or `NetworkManager`.
    package var name: String
    /// The file that says how; empty where there is none.
    package var file: String
    /// Which foreign addresses it leaves, as its `KeepConfiguration` says; empty where that does not.
    package var keeps: String = ""
    /// Which one; nil for the host's usual one.
    package var nic: String?
}

extension Facts {
    /// Rules as they are printed, by what prints them: `nft`, or iptables with the table that is not `filter`, such as
    /// `iptables-legacy -t raw`.
    package var filterRules: [String: [String]] {
        get { self[NetworkFacts.self].filterRules }
        set { self[NetworkFacts.self].filterRules = newValue }
    }

    /// `iptables` or `nft`, where that has more rules than were told.
    package var cutFilters: Set<String> {
        get { self[NetworkFacts.self].cut }
        set { self[NetworkFacts.self].cut = newValue }
    }

    /// What filters packets of IPv4, but for what has more rules than were told.
    package var packetFilters: [PacketFilter] {
        let told = filterRules.filter { !cutFilters.contains($0.key) }
        let commands = filterRules.keys.filter { $0 != "nft" }.sorted()
        let inNFTables = commands.filter { !$0.hasPrefix("iptables-legacy") }
        let tables = inNFTables.map {
            $0.split(separator: " ").count > 1 ? String($0.split(separator: " ")[2]) : "filter"
        }
        return commands.flatMap { PacketFilter.iptables(told[$0] ?? [], command: $0) }
            + PacketFilter.nftables(told["nft"] ?? [], exceptOfIPTables: Set(tables))
    }

    package var networkManagers: [NetworkManagerFact] {
        get { self[NetworkFacts.self].managers }
        set { self[NetworkFacts.self].managers = newValue }
    }
}
