import HostShell
import Inventory

/// ufw(8), the front end of Ubuntu and Debian.
package struct UFWFact: Fact {
    package var isActive = false
    /// Such as `0.36.2`.
    package var version = ""
    /// What it lets in from anywhere, such as `tcp 80` and `vrrp any`.
    package var open: Set<String> = []
    /// Rules for packets from anywhere that do something else with them.
    package var others: [Other] = []

    package init() {}

    /// A rule as ufw writes it down: `deny tcp 80,8000:8010`.
    package struct Other: Sendable, Equatable {
        /// Whether it is about IPv4.
        package var isIPv4 = true
        /// Such as `deny` and `limit_log`.
        package var action: String
        /// `any` for all.
        package var transport: String
        /// `any`, or ports and ranges.
        package var ports: String
        /// `in`, or `in_eth0` for packets of one NIC.
        package var direction = "in"

        package var text: String { "\(action) \(ports == "any" ? transport : "\(ports)/\(transport)")" }

        /// Whether letting something in would put it aside, or be of no use behind it: ufw goes by the first rule that fits.
        fileprivate func stands(before change: OpenUFW, on nic: String) -> Bool {
            if direction == "in", transport == change.transport, ports == change.port { return true }
            guard isIPv4, !action.hasPrefix("allow"), ["in", "in_\(nic)"].contains(direction) else { return false }
            guard transport == "any" || transport == change.transport else { return false }
            if ports == "any" { return true }
            guard let port = Int(change.port) else { return false }
            return ports.split(separator: ",").contains { part in
                let ends = part.split(separator: ":").compactMap { Int($0) }
                return ends.count == part.split(separator: ":").count && !ends.isEmpty
                    && ends[0] <= port && port <= ends[ends.count - 1]
            }
        }
    }

    /// What keeps a change from being made, or from being of use.
    package func obstacles(to change: OpenUFW, on nic: String) -> [String] {
        var seen = Set<String>()
        return others.filter { $0.stands(before: change, on: nic) }.map(\.text).filter { seen.insert($0).inserted }
    }

    /// Whether VRRP can be let in by name.
    package var knowsVRRP: Bool {
        guard let own = Version(version), let first = Version("0.36.2") else { return false }
        return own >= first
    }

    package static let words: Set = ["ufw", "ufw-other", "ufw-rule"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "ufw":
            isActive = record[1] == "active"
            version = record[2]
        case "ufw-other":
            others.append(
                Other(
                    isIPv4: record[1] == "user.rules", action: record[2], transport: record[3], ports: record[4],
                    direction: record[5]))
        default: open.insert(record[1])
        }
    }
}

extension Facts {
    package var ufw: UFWFact {
        get { self[UFWFact.self] }
        set { self[UFWFact.self] = newValue }
    }
}
