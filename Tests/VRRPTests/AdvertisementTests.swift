import Testing
import VRRP

private let one = IPAddress.v4(0xAC10_7A65)
private let group4 = AddressFamily.ipv4.multicastGroup
private let six = IPAddress.v6(0xFE80_0000_0000_0000, 1)
private let group6 = AddressFamily.ipv6.multicastGroup

/// A message as it stands on the wire, each field by itself, and what it says.
struct Vector: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var octets: [UInt8]
    var source: IPAddress
    var destination: IPAddress
    var checksum: IPv4Checksum
    var advertisement: Advertisement

    static let all = [
        Vector(
            testDescription: "version 2 with a password",
            octets: VRRPTests.octets(
                """
                21                  # version 2, type 1
                33                  # virtual router 51
                65                  # priority 101
                01                  # one address
                01                  # simple text password
                01                  # 1 s
                eff2                # checksum
                ac107a64            # 172.16.122.100
                3131313100000000    # 1111
                """),
            source: one, destination: group4, checksum: .messageOnly,
            advertisement: Advertisement(
                version: .v2, virtualRouterID: 51, priority: 101, interval: .seconds(1), addresses: [.v4(0xAC10_7A64)],
                authentication: .simple(Password("1111")))),
        Vector(
            testDescription: "version 2 resigning, without authentication, two addresses",
            octets: VRRPTests.octets(
                """
                21 01 00 02
                00                  # no authentication
                05                  # 5 s
                caf4                # checksum
                0a000001 0a000002
                0000000000000000    # follows all the same
                """),
            source: one, destination: group4, checksum: .messageOnly,
            advertisement: Advertisement(
                version: .v2, virtualRouterID: 1, priority: 0, interval: .seconds(5),
                addresses: [.v4(0x0A00_0001), .v4(0x0A00_0002)])),
        Vector(
            testDescription: "version 3 over IPv4, pseudo-header in the checksum",
            octets: VRRPTests.octets(
                """
                31 33 65 01
                000a                # 0.1 s
                3c47                # checksum
                ac107a64
                """),
            source: one, destination: group4, checksum: .withPseudoHeader,
            advertisement: Advertisement(
                version: .v3, virtualRouterID: 51, priority: 101, interval: .milliseconds(100),
                addresses: [.v4(0xAC10_7A64)])),
        Vector(
            testDescription: "version 3 over IPv4, the message alone in the checksum",
            octets: VRRPTests.octets(
                """
                31 33 65 01
                000a
                434c                # checksum
                ac107a64
                """),
            source: one, destination: group4, checksum: .messageOnly,
            advertisement: Advertisement(
                version: .v3, virtualRouterID: 51, priority: 101, interval: .milliseconds(100),
                addresses: [.v4(0xAC10_7A64)])),
        Vector(
            testDescription: "version 3 over IPv6",
            octets: VRRPTests.octets(
                """
                31 07 c8 02
                0064                # 1 s
                db60                # checksum
                fe800000000000000000000000000064
                20010db8000000000000000000000064
                """),
            source: six, destination: group6, checksum: .withPseudoHeader,
            advertisement: Advertisement(
                version: .v3, virtualRouterID: 7, priority: 200, interval: .seconds(1),
                addresses: [.v6(0xFE80_0000_0000_0000, 0x64), .v6(0x2001_0DB8_0000_0000, 0x64)])),
    ]
}

@Suite struct AdvertisementTests {
    @Test(arguments: Vector.all) func isReadFromTheWire(vector: Vector) throws {
        let decoded = try Advertisement.decode(
            vector.octets.span.bytes, from: vector.source, to: vector.destination)
        #expect(decoded.advertisement == vector.advertisement)
        #expect(decoded.checksum == vector.checksum)
    }

    @Test(arguments: Vector.all) func isWrittenOctetForOctet(vector: Vector) {
        let octets = vector.advertisement.encoded(
            from: vector.source, to: vector.destination, checksum: vector.checksum)
        #expect(octets == vector.octets)
    }

    @Test(arguments: Vector.all) func whatFollowsTheMessageIsIgnored(vector: Vector) throws {
        let padded = vector.octets + [1, 2, 3]
        let decoded = try Advertisement.decode(padded.span.bytes, from: vector.source, to: vector.destination)
        #expect(decoded.advertisement == vector.advertisement)
    }

    @Test(arguments: Vector.all) func anyMissingOctetIsNamed(vector: Vector) {
        for length in 0..<vector.octets.count {
            let needed = length < 8 ? 8 : vector.octets.count
            #expect(throws: DecodeError.truncated(length: length, needed: needed)) {
                try Advertisement.decode(
                    vector.octets.span.bytes.extracting(first: length), from: vector.source, to: vector.destination)
            }
        }
    }

    @Test(arguments: Vector.all) func anyTurnedBitIsNoticed(vector: Vector) {
        for bit in 0..<(vector.octets.count * 8) {
            var octets = vector.octets
            octets[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            #expect(throws: DecodeError.self, "bit \(bit)") {
                try Advertisement.decode(octets.span.bytes, from: vector.source, to: vector.destination)
            }
        }
    }

    /// What is wrong with a message whose checksum is right.
    private func error(_ text: String, from source: IPAddress = one) -> DecodeError? {
        var message = octets(text)
        let destination = source.family.multicastGroup
        for high in UInt8.min...UInt8.max where message.count >= 8 {
            for low in UInt8.min...UInt8.max {
                (message[6], message[7]) = (high, low)
                do throws(DecodeError) {
                    _ = try Advertisement.decode(message.span.bytes, from: source, to: destination)
                    return nil
                } catch {
                    if error != .wrongChecksum { return error }
                }
            }
        }
        return .wrongChecksum
    }

    @Test func eachFaultHasItsName() {
        #expect(error("41 33 65 01 0064 0000 ac107a64") == .unsupportedVersion(4))
        #expect(error("11 33 65 01 0064 0000 ac107a64 0000000000000000") == .unsupportedVersion(1))
        #expect(error("21 33 65 01 0001 0000 ac107a64 0000000000000000", from: six) == .unsupportedVersion(2))
        #expect(error("32 33 65 01 0064 0000 ac107a64") == .unsupportedType(2))
        #expect(error("31 00 65 01 0064 0000 ac107a64") == .zeroVirtualRouterID)
        #expect(error("31 33 65 00 0064 0000") == .noAddresses)
        #expect(error("31 33 65 01 f000 0000 ac107a64") == .zeroInterval)
        #expect(error("21 33 65 01 0100 0000 ac107a64 0000000000000000") == .zeroInterval)
        #expect(error("21 33 65 00 0001 0000 0000000000000000") == nil)
    }

    @Test func aTypeOfAuthenticationThatIsNotSpokenIsKept() throws {
        let advertisement = Advertisement(
            version: .v2, virtualRouterID: 1, priority: 1, interval: .seconds(1), addresses: [one],
            authentication: .unsupported(2))
        let octets = advertisement.encoded(from: one, to: group4, checksum: .withPseudoHeader)
        #expect(try Advertisement.decode(octets.span.bytes, from: one, to: group4).advertisement == advertisement)
    }

    @Test(arguments: [
        (ProtocolVersion.v2, Duration.milliseconds(1), Duration.seconds(1)), (.v2, .seconds(300), .seconds(255)),
        (.v2, .milliseconds(1500), .seconds(2)), (.v3, .microseconds(1), .milliseconds(10)),
        (.v3, .seconds(60), .milliseconds(40_950)), (.v3, .milliseconds(15), .milliseconds(20)),
    ])
    func anIntervalIsRoundedToWhatTheWireCarries(version: ProtocolVersion, wanted: Duration, carried: Duration) throws {
        let octets = Advertisement(
            version: version, virtualRouterID: 1, priority: 1, interval: wanted, addresses: [one]
        ).encoded(from: one, to: group4, checksum: .withPseudoHeader)
        let decoded = try Advertisement.decode(octets.span.bytes, from: one, to: group4)
        #expect(decoded.advertisement.interval == carried)
    }

    @Test func randomAdvertisementsComeBackAsTheyWent() throws {
        var generator = SplitMix(seed: 112)
        for _ in 0..<2000 {
            let family: AddressFamily = Bool.random(using: &generator) ? .ipv4 : .ipv6
            let version: ProtocolVersion = family == .ipv4 && Bool.random(using: &generator) ? .v2 : .v3
            func address() -> IPAddress {
                family == .ipv4
                    ? .v4(.random(in: 1...(.max), using: &generator))
                    : .v6(.random(in: 1...(.max), using: &generator), .random(in: 1...(.max), using: &generator))
            }
            let advertisement = Advertisement(
                version: version, virtualRouterID: .random(in: 1...255, using: &generator),
                priority: .random(in: 0...255, using: &generator),
                interval: version == .v2
                    ? .seconds(Int.random(in: 1...255, using: &generator))
                    : .milliseconds(10 * Int.random(in: 1...4095, using: &generator)),
                addresses: (0..<Int.random(in: 1...255, using: &generator)).map { _ in address() },
                authentication: version == .v2 && Bool.random(using: &generator)
                    ? .simple(Password(octets: .random(in: 0...(.max), using: &generator))) : .none)
            let (source, destination) = (address(), address())
            let checksum: IPv4Checksum = version == .v2 ? .messageOnly : .withPseudoHeader
            let octets = advertisement.encoded(from: source, to: destination, checksum: checksum)
            let decoded = try Advertisement.decode(octets.span.bytes, from: source, to: destination)
            #expect(decoded.advertisement == advertisement)
            #expect(decoded.checksum == checksum)
        }
    }

    @Test func noOctetsAtAllTrap() {
        var generator = SplitMix(seed: 3768)
        var accepted = 0
        for _ in 0..<100_000 {
            var octets = (0..<Int.random(in: 0...64, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if octets.count > 8, Bool.random(using: &generator) {
                octets.replaceSubrange(0..<4, with: [0x31, 1, 1, 1])
            }
            let (source, destination) = Bool.random(using: &generator) ? (one, group4) : (six, group6)
            if (try? Advertisement.decode(octets.span.bytes, from: source, to: destination)) != nil { accepted += 1 }
        }
        #expect(accepted < 100)
    }
}
