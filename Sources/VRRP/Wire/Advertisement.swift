/// A VRRP advertisement, the protocol's only message: RFC 3768 section 5.1 (version 2), RFC 5798 section 5.1 (version 3).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |Version| Type  | Virtual Rtr ID|   Priority    | Count IP Addrs|
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |   Auth Type   |   Adver Int   |          Checksum             |   version 2: seconds
///     |(rsvd) |     Max Adver Int     |          Checksum             |   version 3: hundredths of a second
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                         IP addresses                          |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |          Authentication data: 8 octets, version 2 only        |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
package struct Advertisement: Sendable, Hashable {
    /// 2 or 3.
    package var version: ProtocolVersion
    /// 1…255.
    package var virtualRouterID: UInt8
    /// 0 resigns, 255 owns the addresses.
    package var priority: UInt8
    /// Between two advertisements of the master: whole seconds up to 255 s (version 2), hundredths up to 40.95 s (version 3).
    package var interval: Duration
    /// The addresses of the virtual router, in the sender's order; all of one family.
    package var addresses: [IPAddress]
    /// Version 2 only; `.none` with version 3.
    package var authentication: Authentication

    /// From its parts.
    package init(
        version: ProtocolVersion, virtualRouterID: UInt8, priority: UInt8, interval: Duration, addresses: [IPAddress],
        authentication: Authentication = .none
    ) {
        self.version = version
        self.virtualRouterID = virtualRouterID
        self.priority = priority
        self.interval = interval
        self.addresses = addresses
        self.authentication = authentication
    }
}

/// A version of VRRP.
package enum ProtocolVersion: UInt8, Sendable, Hashable {
    /// RFC 3768. IPv4 only.
    case v2 = 2
    /// RFC 5798, RFC 9568. IPv4 and IPv6.
    case v3 = 3
}

/// Version 2's authentication (RFC 2338 section 5.3.6, kept by keepalived though RFC 3768 withdrew it).
package enum Authentication: Sendable, Hashable {
    case none
    /// Type 1: a password in clear, 8 octets, shorter ones filled with zeros.
    case simple(Password)
    /// A type that is not spoken here, such as 2 (AH).
    case unsupported(UInt8)
}

/// The 8 octets of a simple text password. Its description never shows them.
package struct Password: Sendable, Hashable, CustomStringConvertible {
    /// The octets, the first one highest.
    package var octets: UInt64

    /// From the octets, the first one highest.
    package init(octets: UInt64) { self.octets = octets }

    /// The first 8 octets of a text; shorter ones are filled with zeros.
    package init(_ text: String) {
        var octets: UInt64 = 0
        var count = 0
        for octet in text.utf8.prefix(8) {
            octets = octets << 8 | UInt64(octet)
            count += 1
        }
        self.octets = count == 0 ? 0 : octets << (8 * UInt64(8 - count))
    }

    /// Never the password.
    package var description: String { "********" }
}

/// How the checksum of version 3 over IPv4 is made. Version 2 covers the message alone, version 3 over IPv6 always includes
/// the pseudo-header.
package enum IPv4Checksum: Sendable, Hashable {
    /// As keepalived and FRR do by default.
    case withPseudoHeader
    /// As RFC 9568 section 5.2.8, Cisco and Juniper do; keepalived's `v3_checksum_as_v2`.
    case messageOnly
}
