import Foundation
import Testing
import VRRP

@testable import VRRPDaemon

@Suite("Whether VRRP passes is tried by the sockets that the daemon has")
struct TrialTests {
    @Test func options() throws {
        let words = ["--interface", "eth0", "--virtual-router-id", "254", "--source", "10.9.0.1"]
        var options = TrialOptions(interface: "eth0", virtualRouterID: 254, source: .v4(0x0A09_0001))
        #expect(try Invocation(["trial", "send"] + words) == .trialSend(options))
        options.peers = [.v4(0x0A09_0002), .v4(0x0A09_0003)]
        options.seconds = 9
        #expect(
            try Invocation(["trial", "hear", "--to", "10.9.0.2,10.9.0.3", "--seconds", "9"] + words)
                == .trialHear(options))
        for wrong in [
            ["trial"], ["trial", "all"] + words, ["trial", "send"] + words.dropLast(2),
            ["trial", "send", "--virtual-router-id", "0"], ["trial", "hear", "--to", "fe80::1"] + words,
            ["trial", "hear", "--seconds", "0"] + words,
        ] {
            #expect(throws: UsageError.self) { try Invocation(wrong) }
        }
    }

    /// A host that hears, and whom it has heard once it is told to end.
    private final class Ear {
        let process = Process()
        private let output = Pipe()

        init(_ host: TestHost, _ words: [String]) throws {
            process.executableURL = URL(fileURLWithPath: "/usr/sbin/ip")
            process.arguments = ["netns", "exec", host.namespace, TestHost.program, "trial", "hear"] + words
            process.standardOutput = output
            try process.run()
            #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "hearing\n")
        }

        func end() throws -> [String] {
            process.terminate()
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
        }
    }

    private func send(_ host: TestHost, _ words: [String]) throws -> Int32 {
        let process = try host.start(TestHost.program, ["trial", "send"] + words)
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test("On the wire: each is heard by the others, by multicast, by address and over IPv6; what filters drop is not")
    func onTheWire() async throws {
        try await TestNetwork.with(hosts: 3) { network in
            func words(_ number: Int, _ source: String) -> [String] {
                ["--interface", "eth0", "--virtual-router-id", "254", "--source", "\(source)\(number)"]
            }
            func heard(_ source: String, byAddress: Bool = false) throws -> [[String]] {
                func arguments(_ host: TestHost) -> [String] {
                    let peers = network.hosts.map(\.number).filter { $0 != host.number }.map { "\(source)\($0)" }
                    return words(host.number, source) + (byAddress ? ["--to", peers.joined(separator: ",")] : [])
                }
                let ears = try network.hosts.map { try Ear($0, arguments($0)) }
                for host in network.hosts { _ = try send(host, arguments(host)) }
                return try ears.map { try $0.end() }
            }
            func all(_ source: String) -> [[String]] {
                [[2, 3], [1, 3], [1, 2]].map { numbers in numbers.map { "heard\t\(source)\($0)" } }
            }
            #expect(try heard("10.9.0.") == all("10.9.0."))
            #expect(try heard("fe80::") == all("fe80::"))
            #expect(try heard("10.9.0.", byAddress: true) == all("10.9.0."))

            let (second, third) = (network.hosts[1], network.hosts[2])
            func filter(_ host: TestHost, _ hook: String, _ rule: String) throws {
                try ip(
                    "netns", "exec", host.namespace, "nft",
                    "add table ip t; add chain ip t c { type filter hook \(hook) priority 0; }; add rule ip t c \(rule)"
                )
            }
            try filter(second, "input", "ip protocol 112 ip saddr 10.9.0.1 drop")
            try filter(third, "output", "ip protocol 112 drop")
            #expect(try send(third, words(3, "10.9.0.")) == 1)
            #expect(third.log.contains("sending an advertisement by eth0: Operation not permitted"), "\(third.log)")
            #expect(try heard("10.9.0.") == [["heard\t10.9.0.2"], [], ["heard\t10.9.0.1", "heard\t10.9.0.2"]])
        }
    }
}
