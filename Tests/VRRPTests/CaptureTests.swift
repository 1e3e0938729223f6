import Foundation
import Testing
import VRRP

/// An advertisement of keepalived or FRR as it stood on the wire, and what the configuration beside it asks for.
struct Capture: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var version = ProtocolVersion.v2
    var virtualRouterID: UInt8 = 51
    var priority: UInt8 = 101
    var interval = Duration.seconds(1)
    var addresses: [IPAddress] = [.v4(0xAC10_7A64)]
    var authentication = Authentication.none
    var checksum = IPv4Checksum.messageOnly
    var destination = AddressFamily.ipv4.multicastGroup

    private static let several: [IPAddress] = [
        .v4(0xAC10_7A6E), .v4(0xAC10_7A64), .v4(0x0A00_0001), .v4(0xC0A8_0709),
    ]
    private static let six: [IPAddress] = [
        .v6(0xFE80_0000_0000_0000, 0x100), .v6(0xFD00_0000_0000_0000, 0x100),
    ]
    private static let group6 = AddressFamily.ipv6.multicastGroup

    static let all = [
        Capture(testDescription: "v2-pass", authentication: .simple(Password("1111222233334444"))),
        Capture(
            testDescription: "v2-pass-short", virtualRouterID: 7, priority: 254, interval: .seconds(3),
            authentication: .simple(Password("abc"))),
        Capture(testDescription: "v2-none", virtualRouterID: 255, priority: 1),
        Capture(testDescription: "v2-owner", virtualRouterID: 1, priority: 255, interval: .seconds(2)),
        Capture(testDescription: "v2-several", addresses: several, authentication: .simple(Password("11112222"))),
        Capture(
            testDescription: "v2-several-resign", priority: 0, addresses: several,
            authentication: .simple(Password("11112222"))),
        Capture(
            testDescription: "v2-unicast", authentication: .simple(Password("11112222")),
            destination: .v4(0xAC10_7A66)),
        Capture(
            testDescription: "v3-ipv4", version: .v3, priority: 254, interval: .milliseconds(100),
            checksum: .withPseudoHeader),
        Capture(
            testDescription: "v3-ipv4-several-resign", version: .v3, priority: 0, interval: .milliseconds(2500),
            addresses: [.v4(0xAC10_7A64), .v4(0xAC10_7A63)], checksum: .withPseudoHeader),
        Capture(
            testDescription: "v3-ipv6", version: .v3, virtualRouterID: 61, interval: .milliseconds(10),
            addresses: six, checksum: .withPseudoHeader, destination: group6),
        Capture(
            testDescription: "v3-ipv6-resign", version: .v3, virtualRouterID: 61, priority: 0, addresses: six,
            checksum: .withPseudoHeader, destination: group6),
        Capture(
            testDescription: "v3-ipv4.frr", version: .v3, priority: 200, interval: .milliseconds(100),
            checksum: .withPseudoHeader),
        Capture(
            testDescription: "v3-ipv6.frr", version: .v3, virtualRouterID: 61, priority: 200,
            interval: .milliseconds(100), addresses: [six[1]], checksum: .withPseudoHeader, destination: group6),
    ]
}

@Suite struct CaptureTests {
    private func folder() throws -> URL {
        try #require(Bundle.module.url(forResource: "Fixtures/captures", withExtension: nil))
    }

    @Test(arguments: Capture.all) func whatOthersSendIsReadAndWrittenToTheSameOctets(_ capture: Capture) throws {
        let file = try folder().appending(path: "\(capture.testDescription).hex")
        let packet = octets(try String(contentsOf: file, encoding: .utf8))
        let isVersion4 = packet[0] >> 4 == 4
        let family: AddressFamily = isVersion4 ? .ipv4 : .ipv6
        let header = isVersion4 ? 20 : 40
        let sourceOffset = isVersion4 ? 12 : 8
        #expect(packet[isVersion4 ? 9 : 6] == Advertisement.protocolNumber)
        #expect(packet[isVersion4 ? 8 : 7] == 255)
        let source = try #require(address(family, packet, at: sourceOffset))
        let destination = try #require(address(family, packet, at: sourceOffset + family.addressLength))
        #expect(destination == capture.destination)

        let message = Array(packet[header...])
        let read = try Advertisement.decode(message.span.bytes, from: source, to: destination)
        #expect(
            read.advertisement
                == Advertisement(
                    version: capture.version, virtualRouterID: capture.virtualRouterID, priority: capture.priority,
                    interval: capture.interval, addresses: capture.addresses, authentication: capture.authentication))
        #expect(read.checksum == capture.checksum)
        #expect(read.advertisement.encoded(from: source, to: destination, checksum: read.checksum) == message)
    }

    @Test func everyCaptureIsTested() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder().path).filter { $0.hasSuffix(".hex") }
        #expect(Set(files) == Set(Capture.all.map { "\($0.testDescription).hex" }))
    }

    private func address(_ family: AddressFamily, _ packet: [UInt8], at offset: Int) -> IPAddress? {
        let part = packet[offset..<offset + family.addressLength]
        func number(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }
        switch family {
        case .ipv4: return .v4(UInt32(number(part)))
        case .ipv6: return .v6(number(part.prefix(8)), number(part.suffix(8)))
        }
    }
}
