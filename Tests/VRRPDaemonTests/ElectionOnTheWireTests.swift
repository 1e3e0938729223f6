import Foundation
import Testing

/// Daemons of ours on a network: they elect, and the address moves.
@Suite(.serialized) struct ElectionOnTheWireTests {
    private let address = "10.9.0.100"

    private func settled(_ network: TestNetwork, on host: TestHost) async throws {
        let others = network.hosts.filter { $0 !== host }
        try await eventually("\(host.namespace) alone has \(address)") {
            try host.has(address) && others.allSatisfy { try !$0.has(address) }
        }
    }

    @Test func theHighestPriorityHasTheAddressAndTheNextOneFollows() async throws {
        try await TestNetwork.with(hosts: 3) { network in
            for (host, priority) in zip(network.hosts, [254, 253, 252]) {
                try host.start(TestConfiguration.guide(priority: priority).text)
            }
            try await settled(network, on: network.hosts[0])
            kill(network.hosts[0].supervisor, SIGTERM)
            try await settled(network, on: network.hosts[1])
            #expect(network.hosts[1].log.contains("10.9.0.1 resigned"))
            kill(network.hosts[1].supervisor, SIGTERM)
            try await settled(network, on: network.hosts[2])
        }
    }

    @Test func aCableThatIsCutMovesTheAddress() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            try network.hosts[0].start(TestConfiguration(priority: 254).text)
            try network.hosts[1].start(TestConfiguration(priority: 253).text)
            try await settled(network, on: network.hosts[0])
            try network.setCable(of: network.hosts[0], isIn: false)
            try await settled(network, on: network.hosts[1])
            #expect(network.hosts[0].log.contains("interface eth0 is down"))
            try network.setCable(of: network.hosts[0], isIn: true)
            try await settled(network, on: network.hosts[0])
        }
    }

    @Test func anAddressThatSomebodyRemovesComesBack() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            try host.start(TestConfiguration(priority: 254).text)
            try await settled(network, on: host)
            try ip("-n", host.namespace, "addr", "del", "\(address)/24", "dev", "eth0")
            try await settled(network, on: host)
            try await eventually("it is said") { host.log.contains("\(address) was taken away; it is put back") }
        }
    }

    @Test func anAddressFoundAtTheStartIsRemoved() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let stale = network.hosts[1]
            try network.hosts[0].start(TestConfiguration(priority: 254).text)
            try await settled(network, on: network.hosts[0])
            try ip("-n", stale.namespace, "addr", "add", "\(address)/32", "dev", "eth0")
            try stale.start(TestConfiguration(priority: 253).text)
            try await settled(network, on: network.hosts[0])
            #expect(stale.log.contains("put there for good by somebody else"))
        }
    }

    @Test func theAddressesOfADeadHostExpire() async throws {
        try await TestNetwork.with(hosts: 1) { network in
            let host = network.hosts[0]
            try host.start(TestConfiguration(priority: 254).text)
            try await settled(network, on: host)
            #expect(
                try ip("-n", host.namespace, "addr", "show", "to", address).contains(/valid_lft [1-3]sec/))
        }
    }

    @Test func unicastWorksWithoutMulticast() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            for (host, priority) in zip(network.hosts, [254, 253]) {
                let peer = network.hosts.first { $0 !== host }
                var configuration = TestConfiguration(priority: priority)
                configuration.source = "10.9.0.\(host.number)"
                configuration.peers = peer.map { ["10.9.0.\($0.number)"] } ?? []
                try host.start(configuration.text)
            }
            try await settled(network, on: network.hosts[0])
            kill(network.hosts[0].supervisor, SIGTERM)
            try await settled(network, on: network.hosts[1])
            #expect(network.hosts[1].log.contains("10.9.0.1 resigned"))
        }
    }

    @Test func overIPv6TheAddressMovesToo() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            for (host, priority) in zip(network.hosts, [254, 253]) {
                let configuration = TestConfiguration(
                    priority: priority, addresses: ["fe80::100/64", "2001:db8:9::100/128"])
                try host.start(configuration.text)
            }
            for (index, host) in network.hosts.enumerated() {
                try await eventually("\(host.namespace) has the addresses") {
                    try host.has("2001:db8:9::100") && host.has("fe80::100")
                        && network.hosts.filter { try $0.has("2001:db8:9::100") }.count == 1
                }
                if index == 0 { kill(host.supervisor, SIGTERM) }
            }
            #expect(network.hosts[1].log.contains("fe80::1 resigned"))
        }
    }

    @Test func aWrongPasswordIsNamedOnce() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let host = network.hosts[0]
            try host.start(TestConfiguration.guide(priority: 254).text)
            try network.hosts[1].start(TestConfiguration.guide(priority: 100, password: "another").text)
            try await eventually("both are master") { try network.hosts.allSatisfy { try $0.has(address) } }
            try await eventually("it is named") { host.log.contains("10.9.0.2 has another password") }
            #expect(host.log.ranges(of: "another password").count == 1)
            #expect(!host.log.contains("guide"))
        }
    }
}
