extension IPAddress {
    /// From 4 or 16 octets in network byte order; nil for any other length.
    package init?(octets: RawSpan) {
        self.init(family: octets.byteCount == 4 ? .ipv4 : .ipv6, octets: octets, at: 0)
        guard octets.byteCount == family.addressLength else { return nil }
    }

    /// From 4 or 16 octets in network byte order; nil for any other length.
    package init?(octets: [UInt8]) { self.init(octets: octets.span.bytes) }

    /// From the octets of one address somewhere in a message; nil where they would reach beyond its end.
    package init?(family: AddressFamily, octets: RawSpan, at offset: Int) {
        switch family {
        case .ipv4:
            guard let word: UInt32 = octets.bigEndian(at: offset) else { return nil }
            self = .v4(word)
        case .ipv6:
            guard let high: UInt64 = octets.bigEndian(at: offset), let low: UInt64 = octets.bigEndian(at: offset + 8)
            else { return nil }
            self = .v6(high, low)
        }
    }

    /// The 4 or 16 octets in network byte order.
    package var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(family.addressLength)
        append(to: &octets)
        return octets
    }

    /// Writes the 4 or 16 octets in network byte order behind others.
    package func append(to octets: inout [UInt8]) {
        switch self {
        case .v4(let word): octets.append(bigEndian: word)
        case .v6(let high, let low):
            octets.append(bigEndian: high)
            octets.append(bigEndian: low)
        }
    }

    /// 224.0.0.0/4 or ff00::/8.
    package var isMulticast: Bool {
        switch self {
        case .v4(let word): word >> 28 == 0xE
        case .v6(let high, _): high >> 56 == 0xFF
        }
    }

    /// `fe80::/10` (RFC 4291 section 2.5.6), where VRRP over IPv6 has to come from (RFC 5798 section 5.1.2.1).
    package var isLinkLocal: Bool {
        switch self {
        case .v4: false
        case .v6(let high, _): high >> 54 == 0xFE80 >> 6
        }
    }
}

extension RawSpan {
    /// An integer in network byte order; nil where it would reach beyond the end.
    func bigEndian<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Integer? {
        guard offset >= 0, offset <= byteCount - MemoryLayout<Integer>.size else { return nil }
        return Integer(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
    }
}

extension [UInt8] {
    /// Appends an integer in network byte order.
    mutating func append(bigEndian value: some FixedWidthInteger) {
        var shift = value.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
