extension Advertisement {
    /// The number of VRRP among the protocols of IP.
    package static let protocolNumber: UInt8 = 112

    /// Octets before the addresses.
    private static let headerLength = 8
    /// Octets behind the addresses; they follow in version 2 whatever the type of authentication.
    private static let authenticationLength = 8
    private static let checksumOffset = 6
    /// The only type of message.
    private static let advertisementType: UInt8 = 1

    /// The message as it stands behind the IP header, checksum included.
    ///
    /// - Parameters:
    ///   - source: the address that it is sent from, for the pseudo-header.
    ///   - destination: the multicast group or a peer, likewise.
    ///   - checksum: for version 3 over IPv4.
    package func encoded(from source: IPAddress, to destination: IPAddress, checksum: IPv4Checksum) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(Self.length(version, family: source.family, addresses: addresses.count))
        octets.append(version.rawValue << 4 | Self.advertisementType)
        octets.append(virtualRouterID)
        octets.append(priority)
        octets.append(UInt8(clamping: addresses.count))
        switch version {
        case .v2:
            octets.append(authentication.type)
            octets.append(UInt8(truncatingIfNeeded: intervalField))
        case .v3: octets.append(bigEndian: intervalField)
        }
        octets.append(bigEndian: UInt16(0))
        for address in addresses.prefix(255) { address.append(to: &octets) }
        if version == .v2 { octets.append(bigEndian: authentication.data) }

        let coversAddresses = version == .v3 && (source.family == .ipv6 || checksum == .withPseudoHeader)
        let sum = Self.sum(octets.span.bytes, pseudoHeader: coversAddresses, from: source, to: destination)
        octets[Self.checksumOffset] = UInt8(sum >> 8)
        octets[Self.checksumOffset + 1] = UInt8(truncatingIfNeeded: sum)
        return octets
    }

    /// Reads what came behind the IP header; octets beyond the message's own length are ignored, as keepalived does.
    ///
    /// - Parameters:
    ///   - octets: without the IP header.
    ///   - source: who sent it.
    ///   - destination: whom it was sent to.
    /// - Returns: the advertisement, and which checksum was found right.
    package static func decode(
        _ octets: RawSpan, from source: IPAddress, to destination: IPAddress
    ) throws(DecodeError) -> (advertisement: Advertisement, checksum: IPv4Checksum) {
        let family = source.family
        guard let first: UInt8 = octets.bigEndian(at: 0), let virtualRouterID: UInt8 = octets.bigEndian(at: 1),
            let priority: UInt8 = octets.bigEndian(at: 2), let count: UInt8 = octets.bigEndian(at: 3),
            let intervalWord: UInt16 = octets.bigEndian(at: 4), octets.byteCount >= headerLength
        else { throw .truncated(length: octets.byteCount, needed: headerLength) }
        guard let version = ProtocolVersion(rawValue: first >> 4), version == .v3 || family == .ipv4 else {
            throw .unsupportedVersion(first >> 4)
        }
        guard first & 0x0F == advertisementType else { throw .unsupportedType(first & 0x0F) }
        let needed = length(version, family: family, addresses: Int(count))
        guard octets.byteCount >= needed else { throw .truncated(length: octets.byteCount, needed: needed) }
        let checksum = try check(octets.extracting(first: needed), version, from: source, to: destination)
        guard virtualRouterID != 0 else { throw .zeroVirtualRouterID }
        guard count > 0 || version == .v2 else { throw .noAddresses }

        let interval: Duration =
            version == .v2 ? .seconds(Int(intervalWord & 0xFF)) : .milliseconds(10 * Int(intervalWord & 0x0FFF))
        guard interval > .zero else { throw .zeroInterval }
        var addresses: [IPAddress] = []
        addresses.reserveCapacity(Int(count))
        for index in 0..<Int(count) {
            let offset = headerLength + index * family.addressLength
            guard let address = IPAddress(family: family, octets: octets, at: offset) else {
                throw .truncated(length: octets.byteCount, needed: needed)
            }
            addresses.append(address)
        }
        var authentication = Authentication.none
        if version == .v2, let data: UInt64 = octets.bigEndian(at: needed - authenticationLength) {
            authentication = Authentication(type: UInt8(intervalWord >> 8), data: data)
        }
        let advertisement = Advertisement(
            version: version, virtualRouterID: virtualRouterID, priority: priority, interval: interval,
            addresses: addresses, authentication: authentication)
        return (advertisement, checksum)
    }

    /// The interval as the wire can carry it: rounded to what the version counts in, and at least one of it.
    private var intervalField: UInt16 {
        let (unit, most): (Int64, Int64) = version == .v2 ? (1_000_000_000, 255) : (10_000_000, 4095)
        return UInt16(min(max((interval.wholeNanoseconds + unit / 2) / unit, 1), most))
    }

    private static func length(_ version: ProtocolVersion, family: AddressFamily, addresses: Int) -> Int {
        headerLength + addresses * family.addressLength + (version == .v2 ? authenticationLength : 0)
    }

    private static func sum(
        _ octets: RawSpan, pseudoHeader: Bool, from source: IPAddress, to destination: IPAddress
    ) -> UInt16 {
        var checksum = Checksum()
        checksum.add(octets)
        if pseudoHeader { checksum.addPseudoHeader(from: source, to: destination, length: octets.byteCount) }
        return checksum.value
    }

    private static func check(
        _ octets: RawSpan, _ version: ProtocolVersion, from source: IPAddress, to destination: IPAddress
    ) throws(DecodeError) -> IPv4Checksum {
        if version == .v3, sum(octets, pseudoHeader: true, from: source, to: destination) == 0 {
            return .withPseudoHeader
        }
        guard source.family == .ipv4, sum(octets, pseudoHeader: false, from: source, to: destination) == 0 else {
            throw .wrongChecksum
        }
        return .messageOnly
    }
}

extension Authentication {
    fileprivate init(type: UInt8, data: UInt64) {
        self =
            switch type {
            case 0: .none
            case 1: .simple(Password(octets: data))
            default: .unsupported(type)
            }
    }

    fileprivate var type: UInt8 {
        switch self {
        case .none: 0
        case .simple: 1
        case .unsupported(let type): type
        }
    }

    fileprivate var data: UInt64 {
        switch self {
        case .simple(let password): password.octets
        case .none, .unsupported: 0
        }
    }
}
