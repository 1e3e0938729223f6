import Foundation
import Testing

/// An address to send from that the configuration names is not there yet, as before DHCP has answered.
@Suite(.serialized) struct SourceAddressTests {
    private let address = "10.9.0.100"

    @Test func withoutItsSourceAddressARouterLetsTheOthersBe() async throws {
        try await TestNetwork.with(hosts: 2) { network in
            let (other, host) = (network.hosts[0], network.hosts[1])
            try other.start(TestConfiguration(priority: 100).text)
            try await eventually("the other one is master") { try other.has(address) }
            var configuration = TestConfiguration(priority: 254)
            configuration.more = "mcast_src_ip 10.9.0.77"
            try host.start(configuration.text)
            try await eventually("it is said") { host.log.contains("10.9.0.77, the address to send from, is not on") }
            #expect(host.log.contains("FAULT (priority 254)"))
            #expect(try other.has(address) && !host.has(address))

            try ip("-n", host.namespace, "addr", "add", "10.9.0.77/32", "dev", "lo")
            try await eventually("it takes over") { try host.has(address) && !other.has(address) }
            try ip("-n", host.namespace, "addr", "del", "10.9.0.77/32", "dev", "lo")
            try await eventually("it lets go") { try other.has(address) && !host.has(address) }
            #expect(!other.log.contains("10.9.0.77 is master too"))
        }
    }
}
