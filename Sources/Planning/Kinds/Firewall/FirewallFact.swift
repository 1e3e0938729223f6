import HostShell

/// firewalld, as it concerns the NIC that carries the VIP.
package struct FirewallFact: Fact {
    package var isActive = false
    package var zone = ""
    /// Such as `port=80/tcp` and `rich-rule=rule protocol value="vrrp" accept`.
    package var runtime: Set<String> = []
    package var permanent: Set<String> = []

    package init() {}

    package static let words: Set = ["firewall", "firewall-rule"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "firewall":
            isActive = record[1] == "active"
            zone = record[2]
        case _ where record[1] == "permanent": permanent.insert(record[2])
        default: runtime.insert(record[2])
        }
    }
}

extension Facts {
    package var firewall: FirewallFact {
        get { self[FirewallFact.self] }
        set { self[FirewallFact.self] = newValue }
    }
}
