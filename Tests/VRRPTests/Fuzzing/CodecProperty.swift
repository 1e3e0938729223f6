import VRRP

/// What holds for whatever arrives as protocol 112.
enum CodecProperty {
    /// - Parameter octets: one that chooses the addresses, the rest as behind the IP header.
    /// - Returns: what does not hold, nil if all does; and whether the octets were an advertisement.
    static func check(_ octets: [UInt8]) -> (failure: String?, isGood: Bool) {
        guard let choice = octets.first else { return (nil, false) }
        let family: AddressFamily = choice & 1 == 0 ? .ipv4 : .ipv6
        let source: IPAddress = family == .ipv4 ? .v4(0x0A00_0001) : .v6(0xFE80_0000_0000_0000, 1)
        let destination: IPAddress = choice & 2 == 0 ? family.multicastGroup : source
        var message = Array(octets.dropFirst())
        _ = try? Advertisement.decode(message.span.bytes, from: source, to: destination)
        // Few random sums are right, and what lies behind them is to be reached: put the right one in.
        mend(&message, from: source, to: destination, withPseudoHeader: choice & 4 == 0)
        guard let first = try? Advertisement.decode(message.span.bytes, from: source, to: destination) else {
            return (nil, false)
        }
        let again = first.advertisement.encoded(from: source, to: destination, checksum: first.checksum)
        guard let second = try? Advertisement.decode(again.span.bytes, from: source, to: destination) else {
            return ("\(message) is \(first), but what is made of it is none: \(again)", true)
        }
        guard second.advertisement == first.advertisement else {
            return ("\(message) is \(first) and becomes \(second) by way of \(again)", true)
        }
        let third = second.advertisement.encoded(from: source, to: destination, checksum: second.checksum)
        guard third == again else { return ("\(again) becomes \(third)", true) }
        return (nil, true)
    }

    /// RFC 1071, over as much as the message says that it has.
    private static func mend(
        _ message: inout [UInt8], from source: IPAddress, to destination: IPAddress, withPseudoHeader: Bool
    ) {
        guard message.count >= 8 else { return }
        let isVersion2 = message[0] >> 4 == 2
        let length = 8 + Int(message[3]) * source.family.addressLength + (isVersion2 ? 8 : 0)
        guard message.count >= length else { return }
        message[6] = 0
        message[7] = 0
        var covered = Array(message.prefix(length))
        if !isVersion2 && (withPseudoHeader || source.family == .ipv6) {
            covered = octets(of: source) + octets(of: destination) + pseudoTail(length, source.family) + covered
        }
        var sum: UInt32 = 0
        for index in stride(from: 0, to: covered.count, by: 2) {
            sum += UInt32(covered[index]) << 8 + (index + 1 < covered.count ? UInt32(covered[index + 1]) : 0)
        }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        message[6] = UInt8(truncatingIfNeeded: ~sum >> 8)
        message[7] = UInt8(truncatingIfNeeded: ~sum)
    }

    private static func pseudoTail(_ length: Int, _ family: AddressFamily) -> [UInt8] {
        let high = UInt8(length >> 8)
        let low = UInt8(length & 0xFF)
        return family == .ipv4 ? [0, 112, high, low] : [0, 0, high, low, 0, 0, 0, 112]
    }

    private static func octets(of address: IPAddress) -> [UInt8] {
        switch address {
        case .v4(let value): (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
        case .v6(let high, let low):
            [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) } }
        }
    }
}
