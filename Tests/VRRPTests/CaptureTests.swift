import Foundation
import Testing
import VRRP

/// A message that another program sent, and what its settings were.
struct Capture: Sendable, CustomTestStringConvertible {
    var says: String
    var source: IPAddress
    var destination: IPAddress
    var checksum: IPv4Checksum
    var octets: [UInt8]
    var advertisement: Advertisement

    var testDescription: String { says }

    /// Lines of settings, each followed by the line of the packet.
    static func read(_ text: String) throws -> [Capture] {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return try stride(from: 0, to: lines.count - 1, by: 2).map { index in
            try Capture(says: Words(lines[index], number: index, text: ""), packet: lines[index + 1])
        }
    }

    private init(says words: Words, packet: Substring) throws {
        let fields = packet.split(separator: " ").map(String.init)
        says = words.rest(from: 0)
        source = try words.address(fields[0])
        destination = try words.address(fields[1])
        #expect(fields[2] == "255")
        checksum = fields[3] == "message" ? .messageOnly : .withPseudoHeader
        octets = VRRPTests.octets(fields[4...].joined())
        let interval = try #require(try words.duration(named: "interval"))
        advertisement = Advertisement(
            version: words.value("version") == "2" ? .v2 : .v3,
            virtualRouterID: try #require(try words.integer(named: "id")),
            priority: try #require(try words.integer(named: "priority")), interval: interval,
            addresses: try words.list("addresses").map(words.address),
            authentication: words.value("password").map { .simple(Password($0)) } ?? .none)
    }
}

@Suite struct CaptureTests {
    private static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().appending(path: "Fixtures/captures")

    @Test(arguments: ["keepalived-2.2.7.txt"])
    func whatOthersSentIsReadAndWrittenOctetForOctet(name: String) throws {
        let text = try String(contentsOf: Self.directory.appending(path: name), encoding: .utf8)
        let captures = try Capture.read(text)
        #expect(captures.count >= 14)
        for capture in captures {
            let decoded = try Advertisement.decode(
                capture.octets.span.bytes, from: capture.source, to: capture.destination)
            #expect(decoded.advertisement == capture.advertisement, "\(capture)")
            #expect(decoded.checksum == capture.checksum, "\(capture)")
            let encoded = capture.advertisement.encoded(
                from: capture.source, to: capture.destination, checksum: capture.checksum)
            #expect(encoded == capture.octets, "\(capture)")
        }
    }
}
