/// An IPv4 or IPv6 address.
package enum IPAddress: Sendable, Hashable {
    /// In host byte order.
    case v4(UInt32)
    /// The first and the second eight octets, each in host byte order.
    case v6(UInt64, UInt64)

    /// The family it belongs to.
    package var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }

    /// The address before this one; nil for the first of its family.
    package var previous: IPAddress? {
        switch self {
        case .v4(0), .v6(0, 0): nil
        case .v4(let word): .v4(word - 1)
        case .v6(let high, let low): low > 0 ? .v6(high, low - 1) : .v6(high - 1, .max)
        }
    }
}

/// A version of the Internet Protocol.
package enum AddressFamily: Sendable, Hashable {
    case ipv4, ipv6

    /// Octets of an address.
    package var addressLength: Int { self == .ipv4 ? 4 : 16 }

    /// Where advertisements go: 224.0.0.18 (RFC 5798 section 5.1.1.2) or ff02::12 (section 5.1.2.2).
    package var multicastGroup: IPAddress {
        self == .ipv4 ? .v4(0xE000_0012) : .v6(0xFF02_0000_0000_0000, 0x12)
    }
}

extension IPAddress: Comparable {
    /// Numeric order, which settles elections between equal priorities (RFC 5798 section 6.4.3); IPv4 before IPv6.
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        switch (left, right) {
        case (.v4(let a), .v4(let b)): a < b
        case (.v6(let a, let b), .v6(let c, let d)): (a, b) < (c, d)
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }
}
