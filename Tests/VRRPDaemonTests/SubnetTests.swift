import Foundation
import Testing

/// The kernel takes all addresses of a subnet along with the one that was there first, where `promote_secondaries` is 0.
@Suite(.serialized) struct SubnetTests {
    enum End: CaseIterable { case resignation, shutdown, death }

    /// Whether the kernel keeps the others, where nobody has set it.
    private static let setting = "/proc/sys/net/ipv4/conf/eth0/promote_secondaries"

    private func run(_ host: TestHost, _ script: String) throws -> String {
        try ip("netns", "exec", host.namespace, "sh", "-c", script)
    }

    private func resign(_ host: TestHost, _ router: String) throws {
        _ = try run(host, "'\(TestHost.program)' resign \(router) --for 600 --socket '\(host.socket.path)'")
    }

    /// A host whose subnet 192.0.2.0/24 begins with a virtual address; then comes one of its own.
    private func withOwnAddress(_ more: String = "", _ body: (TestHost) async throws -> Void) async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            _ = try run(host, "echo 0 >\(Self.setting)")
            var configuration = TestConfiguration(priority: 254, addresses: ["192.0.2.100/24"])
            configuration.more = more
            try host.start(configuration.text)
            try await eventually("it is master") { try host.has("192.0.2.100") }
            try ip(
                "-n", host.namespace, "addr", "add", "192.0.2.7/24", "brd", "+", "dev", "eth0", "label", "eth0:own")
            try await body(host)
        }
    }

    @Test(arguments: End.allCases) func theHostsOwnAddressComesBack(end: End) async throws {
        try await withOwnAddress { host in
            switch end {
            case .resignation:
                try resign(host, "web")
                try await eventually("the virtual address is gone") { try !host.has("192.0.2.100") }
            case .shutdown:
                kill(host.supervisor, SIGTERM)
                try await eventually("it has ended") { kill(host.supervisor, 0) != 0 }
            case .death:
                kill(try #require(host.worker), SIGKILL)
                try await eventually("the supervisor has acted") { host.log.contains("its addresses are removed") }
            }
            try await eventually("the own address is there") { try host.has("192.0.2.7") }
            let line = try ip("-n", host.namespace, "-o", "addr", "show", "to", "192.0.2.7")
            #expect(line.contains("brd 192.0.2.255") && line.contains("eth0:own"), "\(line)")
            #expect(line.contains("valid_lft forever"), "\(line)")
            if end != .death { #expect(host.log.contains("the kernel took 192.0.2.7/24 from eth0 along")) }
        }
    }

    @Test func anotherInstancesAddressComesBackAtOnce() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            _ = try run(host, "echo 0 >\(Self.setting)")
            let web = TestConfiguration(priority: 254, addresses: ["192.0.2.100/24"])
            let api = TestConfiguration(
                priority: 100, name: "api", virtualRouterID: 52, addresses: ["192.0.2.101/24"])
            try host.start(web.text + "\n" + api.text)
            try await eventually("both are master") { try host.has("192.0.2.100") && host.has("192.0.2.101") }
            #expect(try ip("-n", host.namespace, "addr", "show", "to", "192.0.2.101").contains("secondary"))
            try resign(host, "web")
            try await eventually("it is noticed") { host.log.contains("192.0.2.101 was taken away; it is put back") }
            #expect(try host.has("192.0.2.101") && !host.has("192.0.2.100"))
        }
    }

    @Test func withPromoteSecondariesNothingIsTaken() async throws {
        try await withOwnAddress("promote_secondaries") { host in
            #expect(try run(host, "cat \(Self.setting)") == "1\n")
            try resign(host, "web")
            try await eventually("the virtual address is gone") { try !host.has("192.0.2.100") }
            #expect(try host.has("192.0.2.7"))
            kill(host.supervisor, SIGTERM)
            try await eventually("it has ended") { kill(host.supervisor, 0) != 0 }
            #expect(try run(host, "cat \(Self.setting)") == "0\n")
            #expect(!host.log.contains("along with"))
        }
    }
}
