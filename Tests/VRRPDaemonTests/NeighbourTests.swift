import Foundation
import Testing

/// What the neighbours are told beside the addresses that move, and what is heard after a NIC was of no use for a while.
@Suite(.serialized) struct NeighbourTests {
    private let wrong = "02:00:00:00:00:99"

    private func hardwareAddress(_ host: TestHost) throws -> String {
        let words = try ip("-n", host.namespace, "-o", "link", "show", "eth0").split(separator: " ")
        let place = try #require(words.firstIndex(of: "link/ether"))
        return String(words[place + 1])
    }

    private func neighbour(_ host: TestHost, _ address: String) throws -> String {
        try ip("-n", host.namespace, "neigh", "show", address, "dev", "eth0")
    }

    private func mistake(_ host: TestHost, _ address: String) throws {
        try ip("-n", host.namespace, "neigh", "replace", address, "lladdr", wrong, "dev", "eth0", "nud", "stale")
    }

    @Test func unicastPeersLearnWhereAHostIsThatWasAway() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let (host, peer) = (network.hosts[0], network.hosts[1])
            // It stays backup for minutes: what a master sends would tell the peer as well.
            var configuration = TestConfiguration(
                priority: 254, interval: "40", source: "10.9.0.1", peers: ["10.9.0.2"])
            configuration.more = "preempt_delay 600"
            try host.start(configuration.text)
            try await eventually("it has begun") { host.log.contains("BACKUP (priority 254)") }
            try network.setCable(of: host, isIn: false)
            try await eventually("it is in FAULT") { host.log.contains("FAULT (priority 254)") }
            try mistake(peer, "10.9.0.1")
            try network.setCable(of: host, isIn: true)
            let own = try hardwareAddress(host)
            try await eventually("the peer knows it again") { try neighbour(peer, "10.9.0.1").contains(own) }
        }
    }

    @Test(arguments: [false, true]) func aHostThatForwardsSaysThatItIsARouter(forwards: Bool) async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let (host, peer) = (network.hosts[0], network.hosts[1])
            try ip(
                "netns", "exec", host.namespace, "sh", "-c",
                "echo \(forwards ? 1 : 0) >/proc/sys/net/ipv6/conf/all/forwarding")
            try mistake(peer, "2001:db8:9::100")
            try host.start(TestConfiguration(priority: 254, addresses: ["fe80::100/64", "2001:db8:9::100/128"]).text)
            let own = try hardwareAddress(host)
            try await eventually("the peer knows it") { try neighbour(peer, "2001:db8:9::100").contains(own) }
            #expect(try neighbour(peer, "2001:db8:9::100").contains(" router ") == forwards)
        }
    }

    @Test func overIPv6ItIsHeardAgainAfterAnMTUThatWasTooSmall() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let (master, backup) = (network.hosts[0], network.hosts[1])
            for (host, priority) in [(master, 254), (backup, 100)] {
                try host.start(TestConfiguration(priority: priority, addresses: ["fe80::100/64"]).text)
            }
            try await eventually("one is master") { try master.has("fe80::100") && !backup.has("fe80::100") }
            try await eventually("the other one has begun") { backup.log.contains("BACKUP (priority 100)") }
            try ip("-n", backup.namespace, "link", "set", "eth0", "mtu", "1200")
            try await eventually("it cannot speak") { backup.log.contains("FAULT (priority 100)") }
            try ip("-n", backup.namespace, "link", "set", "eth0", "mtu", "1500")
            try ip(
                "-n", backup.namespace, "addr", "add", "fe80::2/64", "dev", "eth0", "nodad", "scope", "link")
            try await eventually("it hears the master again") { backup.knowsMaster("fe80::1") }
            #expect(try !backup.has("fe80::100"))
        }
    }
}
