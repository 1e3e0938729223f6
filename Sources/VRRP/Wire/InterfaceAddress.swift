/// An address with the prefix length of its subnet, such as `172.16.122.100/24`.
package struct InterfaceAddress: Sendable, Hashable {
    /// The address itself.
    package var address: IPAddress
    /// 0…32 or 0…128.
    package var prefixLength: UInt8

    /// From its parts.
    package init(address: IPAddress, prefixLength: UInt8) {
        self.address = address
        self.prefixLength = prefixLength
    }

    /// The first address of the subnet.
    package var network: IPAddress {
        switch address {
        case .v4(let word): .v4(word & mask4)
        case .v6(let high, let low): .v6(high & mask6.high, low & mask6.low)
        }
    }

    /// The last address of the subnet: with IPv4, the one for broadcasts.
    package var last: IPAddress {
        switch address {
        case .v4(let word): .v4(word | ~mask4)
        case .v6(let high, let low): .v6(high | ~mask6.high, low | ~mask6.low)
        }
    }

    /// Whether an address lies in this subnet.
    package func contains(_ other: IPAddress) -> Bool {
        other.family == address.family
            && InterfaceAddress(address: other, prefixLength: prefixLength).network == network
    }

    /// Shifts by the whole width give 0.
    private var mask4: UInt32 { ~0 << (32 - Int(prefixLength)) }

    private var mask6: (high: UInt64, low: UInt64) {
        (~0 << max(64 - Int(prefixLength), 0), ~0 << min(128 - Int(prefixLength), 64))
    }
}

extension InterfaceAddress: CustomStringConvertible {
    /// The notation that people use.
    package var description: String { "\(address)/\(prefixLength)" }
}
