/// The Internet checksum (RFC 1071) being added up.
struct Checksum {
    private var sum: UInt64 = 0

    /// Adds octets; an odd one at the end counts as if a zero came behind it.
    mutating func add(_ octets: RawSpan) {
        var offset = 0
        while let word: UInt16 = octets.bigEndian(at: offset) {
            sum += UInt64(word)
            offset += 2
        }
        if let last: UInt8 = octets.bigEndian(at: offset) { sum += UInt64(last) << 8 }
    }

    /// Adds the pseudo-header: of RFC 793 section 3.1 for IPv4, of RFC 8200 section 8.1 for IPv6.
    mutating func addPseudoHeader(from source: IPAddress, to destination: IPAddress, length: Int) {
        for address in [source, destination] {
            switch address {
            case .v4(let word): add(UInt64(word))
            case .v6(let high, let low):
                add(high)
                add(low)
            }
        }
        sum += UInt64(Advertisement.protocolNumber) + UInt64(length)
    }

    private mutating func add(_ word: UInt64) {
        sum += word >> 48 + word >> 32 & 0xFFFF + word >> 16 & 0xFFFF + word & 0xFFFF
    }

    /// What goes into the message; over a message that carries the right one, zero.
    var value: UInt16 {
        var folded = sum
        while folded > 0xFFFF { folded = folded >> 16 + folded & 0xFFFF }
        return ~UInt16(folded)
    }
}
