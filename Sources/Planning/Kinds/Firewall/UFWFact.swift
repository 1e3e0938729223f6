import HostShell
import Inventory

/// ufw(8), the front end of Ubuntu and Debian.
package struct UFWFact: Fact {
    package var isActive = false
    /// Such as `0.36.2`.
    package var version = ""
    /// What it lets in from anywhere, such as `tcp 80` and `vrrp any`.
    package var open: Set<String> = []

    package init() {}

    /// Whether VRRP can be let in by name.
    package var knowsVRRP: Bool {
        guard let own = Version(version), let first = Version("0.36.2") else { return false }
        return own >= first
    }

    package static let words: Set = ["ufw", "ufw-rule"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "ufw":
            isActive = record[1] == "active"
            version = record[2]
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
