import VRRP

/// Who was heard to speak VRRP, each once with its last words.
struct Speakers {
    /// What tells one from another.
    private struct Key: Hashable {
        var source: IPAddress
        var virtualRouterID: UInt8
        var version: ProtocolVersion
    }

    private struct Speaker {
        var advertisement: Advertisement
        var source: IPAddress
        var hardwareAddress: [UInt8]
        var isThisHost: Bool
        var isMulticast: Bool
    }

    /// A flood of invented senders must not fill the memory.
    private static let most = 1000

    private var known: [Key: Speaker] = [:]
    private var order: [Key] = []

    /// Takes in a packet as it is behind its link-layer header. What is no sound advertisement says nothing of anybody.
    ///
    /// - Parameters:
    ///   - hardwareAddress: who sent it.
    ///   - isThisHost: whether that was this host itself.
    mutating func hear(_ packet: UnsafeRawBufferPointer, from hardwareAddress: [UInt8], isThisHost: Bool) {
        guard let first = packet.first else { return }
        switch first >> 4 {
        case 4:
            // RFC 791 section 3.1. Of a fragment, the rest is not here.
            let headerLength = Int(first & 0x0F) * 4
            guard headerLength >= 20, packet.count >= headerLength, packet[9] == Advertisement.protocolNumber,
                packet[6] & 0x3F == 0, packet[7] == 0
            else { return }
            hear(
                packet, .ipv4, from: 12, to: 16, message: headerLength, hardwareAddress: hardwareAddress,
                isThisHost: isThisHost)
        case 6:
            // RFC 8200 section 3.
            guard packet.count >= 40, packet[6] == Advertisement.protocolNumber else { return }
            hear(packet, .ipv6, from: 8, to: 24, message: 40, hardwareAddress: hardwareAddress, isThisHost: isThisHost)
        default: return
        }
    }

    private mutating func hear(
        _ packet: UnsafeRawBufferPointer, _ family: AddressFamily, from sourceOffset: Int, to destinationOffset: Int,
        message: Int, hardwareAddress: [UInt8], isThisHost: Bool
    ) {
        let octets = UnsafeRawBufferPointer(rebasing: packet[message...])
        guard let source = IPAddress(family: family, octets: packet.bytes, at: sourceOffset),
            let destination = IPAddress(family: family, octets: packet.bytes, at: destinationOffset),
            let advertisement = try? Advertisement.decode(octets.bytes, from: source, to: destination).advertisement
        else { return }
        let key = Key(
            source: source, virtualRouterID: advertisement.virtualRouterID, version: advertisement.version)
        let speaker = Speaker(
            advertisement: advertisement, source: source, hardwareAddress: hardwareAddress, isThisHost: isThisHost,
            // One that speaks to hosts too is heard by them.
            isMulticast: destination.isMulticast && known[key]?.isMulticast != false)
        if known[key] == nil {
            guard order.count < Self.most else { return }
            order.append(key)
        }
        known[key] = speaker
    }

    /// One line each in the order in which they were first heard, fields parted by tabs: `speaker`, address, virtual router ID,
    /// priority, version, authentication, interval in milliseconds, hardware address, `here` or `elsewhere`, virtual
    /// addresses parted by commas, `multicast` or `unicast`.
    var lines: [String] {
        order.compactMap { key in
            guard let speaker = known[key] else { return nil }
            let advertisement = speaker.advertisement
            let fields = [
                "speaker", "\(speaker.source)", "\(advertisement.virtualRouterID)", "\(advertisement.priority)",
                "\(advertisement.version.rawValue)", advertisement.authentication.word,
                "\(advertisement.interval.wholeNanoseconds / 1_000_000)", Self.text(speaker.hardwareAddress),
                speaker.isThisHost ? "here" : "elsewhere",
                advertisement.addresses.map { "\($0)" }.joined(separator: ","),
                speaker.isMulticast ? "multicast" : "unicast",
            ]
            return fields.joined(separator: "\t")
        }
    }

    private static func text(_ hardwareAddress: [UInt8]) -> String {
        hardwareAddress.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}

extension Authentication {
    /// Never the password.
    fileprivate var word: String {
        switch self {
        case .none: "none"
        case .simple: "password"
        case .unsupported(let type): "type-\(type)"
        }
    }
}
