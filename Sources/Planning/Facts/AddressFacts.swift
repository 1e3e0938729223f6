import HostShell
import VRRP

/// The host's own addresses.
package struct AddressFacts: Fact {
    package var addresses: [NICAddress] = []
    package var nics: [String: String] = [:]
    package var flags: [String: Set<String>] = [:]

    package init() {}

    package static let words: Set = ["address", "nic"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "address": addresses.append(NICAddress(nic: record[1], family: record[2], cidr: record[3]))
        default:
            nics[record[1]] = record[2]
            if !record[3].isEmpty { flags[record[1]] = Set(record[3].split(separator: ",").map(String.init)) }
        }
    }
}

extension Facts {
    package var addresses: [NICAddress] {
        get { self[AddressFacts.self].addresses }
        set { self[AddressFacts.self].addresses = newValue }
    }

    /// Hardware addresses by NIC.
    package var nics: [String: String] {
        get { self[AddressFacts.self].nics }
        set { self[AddressFacts.self].nics = newValue }
    }

    /// Of a NIC, as `ip link` has them: `UP`, `LOWER_UP`, `NO-CARRIER`. Empty where they are not known.
    package var nicFlags: [String: Set<String>] {
        get { self[AddressFacts.self].flags }
        set { self[AddressFacts.self].flags = newValue }
    }

    /// Whether this host has an address on any NIC.
    package func holds(_ address: IPAddress) -> Bool {
        addresses.contains { $0.address == address }
    }
}

/// An address on a NIC.
package struct NICAddress: Sendable, Equatable {
    package var nic: String
    /// `inet` or `inet6`.
    package var family: String
    package var cidr: String

    /// The address alone; nil for what is none.
    package var address: IPAddress? { IPAddress(String(cidr.prefix { $0 != "/" })) }
}
