import Foundation
import Testing
import VRRP

@testable import VRRPDaemon

@Suite("Who speaks VRRP on a NIC is heard, and nobody is told of it")
struct ListeningTests {
    private static let vip = IPAddress.v4(0xAC10_7A64)

    /// An IPv4 packet with an advertisement, padded as Ethernet pads it.
    private static func packet(
        from source: IPAddress, to group: IPAddress = .v4(0xE000_0012), priority: UInt8 = 150,
        virtualRouterID: UInt8 = 51, version: ProtocolVersion = .v2,
        authentication: Authentication = .none, protocolNumber: UInt8 = 112, fragment: UInt8 = 0
    ) -> [UInt8] {
        let message = Advertisement(
            version: version, virtualRouterID: virtualRouterID, priority: priority, interval: .seconds(1),
            addresses: [vip], authentication: authentication
        ).encoded(from: source, to: group, checksum: .withPseudoHeader)
        var octets: [UInt8] = [0x45, 0xC0, 0, UInt8(20 + message.count), 0, 1, fragment, 0, 255, protocolNumber, 0, 0]
        source.append(to: &octets)
        group.append(to: &octets)
        return octets + message + [0, 0, 0, 0]
    }

    private static func heard(_ packets: [UInt8]..., isThisHost: Bool = false) -> [String] {
        var speakers = Speakers()
        for packet in packets {
            packet.withUnsafeBytes {
                speakers.hear($0, from: [0x52, 0x54, 0, 0, 0, 0xA], isThisHost: isThisHost)
            }
        }
        return speakers.lines
    }

    @Test func eachIsNamedOnceWithItsLastWords() {
        let (first, second) = (IPAddress.v4(0xAC10_7AFE), IPAddress.v4(0xAC10_7A65))
        #expect(
            Self.heard(
                Self.packet(from: first), Self.packet(from: second, virtualRouterID: 7, version: .v3),
                Self.packet(from: first, priority: 90, authentication: .simple(Password("secret")))) == [
                    "speaker\t172.16.122.254\t51\t90\t2\tpassword\t1000\t52:54:00:00:00:0a\telsewhere\t172.16.122.100\tmulticast",
                    "speaker\t172.16.122.101\t7\t150\t3\tnone\t1000\t52:54:00:00:00:0a\telsewhere\t172.16.122.100\tmulticast",
                ])
        let both = Self.heard(Self.packet(from: first, to: second), Self.packet(from: first))
        #expect(both.count == 1 && both.first?.hasSuffix("\tunicast") == true, "one that speaks to hosts too")
        #expect(Self.heard(Self.packet(from: first), isThisHost: true).first?.contains("\there\t") == true)
    }

    @Test func whatIsNoAdvertisementNamesNobody() {
        let source = IPAddress.v4(0xAC10_7AFE)
        var wrong = Self.packet(from: source)
        wrong[22] ^= 1
        #expect(
            Self.heard(
                [], [0x45], [0x45, 0xC0], [0x60], [UInt8](repeating: 0x45, count: 60), wrong,
                Self.packet(from: source, protocolNumber: 17), Self.packet(from: source, fragment: 0x20)) == [])
    }

    @Test("A flood of invented senders is cut off")
    func flood() {
        var speakers = Speakers()
        for number in 0..<3000 as Range<UInt32> {
            Self.packet(from: .v4(number)).withUnsafeBytes { speakers.hear($0, from: [], isThisHost: false) }
        }
        #expect(speakers.lines.count == 1000)
    }

    private func listen(_ host: TestHost, seconds: Int = 3) throws -> (process: Process, output: Pipe) {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/ip")
        process.arguments = [
            "netns", "exec", host.namespace, TestHost.program, "listen", "--interface", "eth0", "--seconds",
            "\(seconds)",
        ]
        process.standardOutput = output
        try process.run()
        return (process, output)
    }

    @Test("On the wire: masters are heard, by bystanders and by the master's own host, over IPv4 and IPv6")
    func onTheWire() async throws {
        try await TestNetwork.with(hosts: 3) { network in
            let (first, second, bystander) = (network.hosts[0], network.hosts[1], network.hosts[2])
            try first.start(TestConfiguration.guide(priority: 254).text)
            var other = TestConfiguration(priority: 110, virtualRouterID: 9)
            other.addresses = ["fe80::100/64", "2001:db8:9::100/64"]
            try second.start(other.text)
            try await eventually("both are masters") {
                try first.has("10.9.0.100") && second.has("2001:db8:9::100")
            }
            let listeners = try [first, bystander].map { try listen($0) }
            let texts = try listeners.map { listener in
                let text = try listener.output.fileHandleForReading.readToEnd() ?? Data()
                listener.process.waitUntilExit()
                #expect(listener.process.terminationStatus == 0)
                return String(decoding: text, as: UTF8.self)
            }
            for (text, place) in zip(texts, ["here", "elsewhere"]) {
                let lines = text.split(separator: "\n").map {
                    $0.split(separator: "\t", omittingEmptySubsequences: false)
                }
                let mine = try #require(lines.first { $0[1] == "10.9.0.1" }, "\(text)")
                #expect(mine[2...6].joined(separator: " ") == "51 254 2 password 1000")
                #expect(mine[8] == place && mine[9] == "10.9.0.100")
                let sixth = try #require(lines.first { $0[1].hasPrefix("fe80") }, "\(text)")
                #expect(sixth[2...5].joined(separator: " ") == "9 110 3 none")
                #expect(sixth[9] == "fe80::100,2001:db8:9::100")
                #expect(lines.count == 2)
                #expect(!text.contains("guide"), "never a password")
            }
        }
    }

    @Test("The NIC is told of the group and the network is not: no IGMP, no MLD")
    func silence() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            let listener = try listen(host, seconds: 60)
            defer { kill(listener.process.processIdentifier, SIGKILL) }
            func groups() throws -> String { try ip("-n", host.namespace, "maddr", "show", "dev", "eth0") }
            try await eventually("the NIC knows both groups") {
                try groups().contains("01:00:5e:00:00:12") && groups().contains("33:33:00:00:00:12")
            }
            #expect(try !groups().contains("224.0.0.18"))
            #expect(try !groups().contains("ff02::12"))
        }
    }

    @Test func aNICThatIsNotThereIsAnError() {
        #expect(VRRPDaemon.main(["listen", "--interface", "none7", "--seconds", "1"]) == 1)
        #expect(VRRPDaemon.main(["listen"]) == 64)
        #expect(VRRPDaemon.main(["listen", "--interface", "lo", "--seconds", "0"]) == 64)
    }
}
