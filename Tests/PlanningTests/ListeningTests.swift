import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("Who else speaks VRRP on the segment")
struct ListeningTests {
    private static let stranger = Speaker(
        address: "172.16.122.254", virtualRouterID: 51, priority: 150, version: 2, authentication: "none",
        hardwareAddress: "52:54:00:ff:00:01", virtualAddresses: ["172.16.122.77"])

    /// - Parameter absent: of the balancers, those that were not asked.
    private func preflight(
        _ speakers: Speaker..., means: String? = "haprov-vrrpd", absent: [String] = [],
        _ edit: (inout Cluster) -> Void = { _ in }
    ) throws -> Preflight {
        let facts = Samples.threeHosts { facts in
            for host in facts.keys {
                facts[host]?.listening = Listening(means: means, reason: "there is none", speakers: speakers)
            }
            for host in absent { facts[host] = nil }
        }
        return Preflight(cluster: try Samples.cluster(edit), facts: facts)
    }

    @Test func aStrangerWithOurNumberIsNamedOnce() throws {
        let found = try preflight(Self.stranger).failures()
        #expect(
            found.map(\.summary) == [
                "172.16.122.254 (52:54:00:ff:00:01), which is none of the balancers, speaks VRRP with virtual router ID 51, "
                    + "which is this cluster's: priority 150, version 2, no authentication, for 172.16.122.77, "
                    + "heard by haproxy1, haproxy2, haproxy3"
            ])
        #expect(found.first?.remedy.contains("vip.virtual_router_id") == true)
    }

    @Test func theBalancersThemselvesAreWelcome() throws {
        var (first, second) = (Self.stranger, Self.stranger)
        first.address = "172.16.122.103"
        second.address = "10.1.1.9"
        var preflight = try preflight(first, second)
        preflight.facts["haproxy3"]?.addresses.append(NICAddress(nic: "ens33", family: "inet", cidr: "10.1.1.9/24"))
        #expect(preflight.failures() == [] && preflight.bystanders() == [])
    }

    @Test("A balancer that was left out may have another address on that NIC")
    func leftOut() throws {
        var other = Self.stranger
        other.address = "172.16.122.3"
        other.virtualAddresses = ["172.16.122.100"]
        let limited = try preflight(other, absent: ["haproxy1"]) { cluster in
            for index in cluster.hosts.indices where cluster.hosts[index].name == "haproxy1" {
                cluster.hosts[index].address = .v4(0x0A00_0001)
            }
        }
        #expect(limited.failures() == [])
        #expect(
            limited.listeningRemarks().map(\.description) == [
                "172.16.122.3 (52:54:00:ff:00:01) speaks VRRP with virtual router ID 51: priority 150, version 2, "
                    + "no authentication, for 172.16.122.100; it may be haproxy1, which --limit left out"
            ])
        #expect(try preflight(other, absent: ["haproxy1"]).failures().count == 1, "its address would be known")
    }

    @Test func anotherNumberIsABystanderUnlessItHasOurVIP() throws {
        var other = Self.stranger
        other.virtualRouterID = 52
        #expect(try preflight(other).failures() == [])
        #expect(try preflight(other).bystanders().first?.contains("virtual router ID 52: priority 150") == true)
        other.virtualAddresses = ["172.16.122.100"]
        #expect(
            try preflight(other).failures().first?.summary.contains("virtual router ID 52, for this cluster's VIP")
                == true)
    }

    @Test("Those that speak to each other alone do not hear a group, but for our VIP it is a rival all the same")
    func multicastBesideUnicast() throws {
        var other = Self.stranger
        other.isMulticast = true
        func byUnicast(_ speaker: Speaker) throws -> Preflight {
            try preflight(speaker) { $0.instances[0].unicast = true }
        }
        #expect(try preflight(other).failures().count == 1)
        let found = try byUnicast(other)
        #expect(found.failures() == [] && found.bystanders() == [])
        #expect(
            found.listeningRemarks().map(\.description) == [
                "172.16.122.254 (52:54:00:ff:00:01) speaks VRRP with virtual router ID 51, by multicast: priority 150, "
                    + "version 2, no authentication, for 172.16.122.77, heard by haproxy1, haproxy2, haproxy3; this "
                    + "cluster speaks by unicast and does not hear it"
            ])
        other.virtualAddresses = ["172.16.122.100"]
        #expect(try byUnicast(other).failures().count == 1)
        other.virtualAddresses = []
        #expect(try byUnicast(other).failures().count == 1, "its addresses are not known")
        #expect(try byUnicast(Self.stranger).failures().count == 1, "it may speak to our balancers")
    }

    @Test("Virtual routers of IPv6 have numbers of their own")
    func sixth() throws {
        var other = Self.stranger
        other.address = "fe80::1"
        #expect(try preflight(other).failures() == [])
    }

    @Test func notLookedIsSaid() throws {
        let preflight = try preflight(means: nil)
        #expect(preflight.failures() == [])
        #expect(
            preflight.listeningRemarks().map(\.description)
                == ["haproxy1", "haproxy2", "haproxy3"].map {
                    "\($0): not looked whether somebody else speaks VRRP on ens33: there is none"
                })
    }

    @Test("Three intervals, and three seconds at least: the others' interval is not known")
    func time() throws {
        func time(_ interval: Int) throws -> Int {
            try preflight { $0.instances[0].advertisementInterval = .milliseconds(interval) }.listeningTime
        }
        #expect(try [100, 1000, 1500, 40_000].map(time) == [3, 3, 5, 45])
    }

    @Test("Without being asked, haprov listens where a balancer is about to join in")
    func joining() throws {
        func isNew(_ text: String?) throws -> Bool {
            var preflight = try preflight()
            for host in preflight.facts.keys {
                preflight.facts[host]?.units["keepalived.service"] = UnitFact(
                    loadState: "loaded", activeState: "active")
                preflight.facts[host]?.files[Engine.configuration] = FileFact(
                    kind: .file, content: text.map { Array($0.utf8) })
            }
            return preflight.isNewOnTheSegment
        }
        #expect(try preflight().isNewOnTheSegment, "nothing runs yet")
        #expect(try !isNew(Samples.configuration))
        #expect(try isNew("virtual_router_id 5"))
        #expect(try isNew("virtual_router_id 511"))
        #expect(try isNew(nil))
    }
}
