import Testing
import VRRP

private let peer = IPAddress.v4(0x0A00_0009)
private let own = IPAddress.v4(0x0A00_0005)
private let virtual = VirtualAddress(address: .v4(0x0A00_0064), prefixLength: 24, interface: "eth0")

private func instant(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

private func advertisement(_ priority: UInt8, id: UInt8 = 51, interval: Duration = .seconds(1)) -> Advertisement {
    Advertisement(
        version: .v2, virtualRouterID: id, priority: priority, interval: interval, addresses: [virtual.address])
}

private func reception(_ source: IPAddress = peer, hopLimit: UInt8 = 255) -> Reception {
    Reception(
        interface: "eth0", source: source, destination: AddressFamily.ipv4.multicastGroup, hopLimit: hopLimit)
}

private func started(_ settings: ElectionSettings) -> Election {
    var election = Election(settings)
    _ = election.handle(.interface("eth0", InterfaceState(isUp: true, addresses: [own])), at: instant(0))
    _ = election.handle(.start, at: instant(0))
    return election
}

private let router = RouterSettings(name: "r", interface: "eth0", virtualRouterID: 51, addresses: [virtual])

@Suite struct StatusTests {
    @Test func countersAndStatusTellWhatHappened() throws {
        var settings = router
        settings.announcements.delay = .zero
        var election = started(ElectionSettings(routers: [settings]))
        #expect(election.status(of: "nobody") == nil)
        var status = try #require(election.status(of: "r"))
        #expect((status.state, status.since, status.master) == (.backup, instant(0), nil))

        _ = election.handle(.received(advertisement(200), reception()), at: instant(100))
        status = try #require(election.status(of: "r"))
        #expect((status.master, status.masterPriority) == (peer, 200))
        _ = election.handle(.received(advertisement(200, interval: .seconds(2)), reception()), at: instant(110))
        _ = election.handle(.received(advertisement(200), reception(hopLimit: 1)), at: instant(120))
        _ = election.handle(.received(advertisement(0), reception()), at: instant(200))
        let deadline = try #require(election.deadline)
        _ = election.handle(.timer, at: deadline)
        status = try #require(election.status(of: "r"))
        #expect((status.state, status.since, status.master) == (.master, deadline, own))
        #expect(status.masterPriority == 100)

        _ = election.handle(.received(advertisement(50), reception()), at: instant(1000))
        #expect(election.status(of: "r")?.rivals == [peer])
        _ = election.handle(.addressLost(virtual), at: instant(1100))
        _ = election.handle(.resign(router: nil, stayAway: .seconds(1)), at: instant(1200))
        status = try #require(election.statuses.first)
        #expect(status.rivals.isEmpty)

        var counters = RouterCounters()
        counters.becameMaster = 1
        counters.releasedMaster = 1
        counters.advertisementsSent = 3
        counters.advertisementsReceived = 3
        counters.priorityZeroSent = 1
        counters.priorityZeroReceived = 1
        counters.splitBrains = 1
        counters.intervalMismatches = 1
        counters.hopLimitErrors = 1
        counters.addressesRestored = 1
        #expect(status.counters == counters)
    }

    @Test func nothingHappensBeforeTheStartAndAfterTheEnd() {
        var election = Election(ElectionSettings(routers: [router]))
        for _ in 0..<2 {
            #expect(election.deadline == nil)
            #expect(election.handle(.timer, at: instant(0)).isEmpty)
            #expect(election.handle(.received(advertisement(200), reception()), at: instant(1)).isEmpty)
            #expect(election.handle(.addressLost(virtual), at: instant(1)).isEmpty)
            _ = election.handle(.shutdown, at: instant(2))
            #expect(election.handle(.start, at: instant(3)).isEmpty)
            #expect(election.status(of: "r")?.state == .initialize)
        }
    }

    @Test func itStaysAwayForeverIfAsked() {
        var election = started(ElectionSettings(routers: [router]))
        _ = election.handle(.resign(router: nil, stayAway: .seconds(Int64.max)), at: instant(1))
        #expect(election.deadline == Instant(nanoseconds: .max) || election.deadline == nil)
        #expect(election.handle(.timer, at: instant(1_000_000)).isEmpty)
    }

    @Test func aMemberOfAGroupInFaultShowsWhatIsDown() {
        var second = router
        second.name = "s"
        second.virtualRouterID = 52
        second.tracked = [TrackedItem(target: .script("a"))]
        let group = SyncGroupSettings(name: "g", routers: ["r", "s"])
        let election = started(ElectionSettings(routers: [router, second], groups: [group]))
        #expect(election.statuses.map(\.state) == [.fault, .fault])
        #expect(election.statuses.map(\.down) == [[.script("a")], [.script("a")]])
    }

    @Test func strangersCannotMakeItTellOrKeepWithoutEnd() {
        var settings = router
        settings.priority = 255
        var election = started(ElectionSettings(routers: [settings]))
        var notices = 0
        for number in UInt32(0)..<5000 {
            let stranger = IPAddress.v4(0x0B00_0000 + number)
            let effects = election.handle(
                .received(advertisement(200, interval: .seconds(3)), reception(stranger)), at: instant(1))
            notices += effects.filter { if case .notice = $0 { true } else { false } }.count
            _ = election.handle(.received(advertisement(1), reception(stranger)), at: instant(1))
        }
        #expect(notices == 512)
        #expect(election.statuses.first?.rivals.count == 32)
        #expect(election.statuses.first?.counters.intervalMismatches == 5000)
    }

    @Test func everyRouterOfManyIsFoundAndWokenInItsTurn() throws {
        let routers = (UInt8(1)...255).map { id in
            var settings = router
            settings.name = "r\(id)"
            settings.virtualRouterID = id
            settings.priority = max(id, 1)
            settings.addresses[0].address = .v4(0x0A01_0000 + UInt32(id))
            return settings
        }
        var election = started(ElectionSettings(routers: routers))
        _ = election.handle(.received(advertisement(255, id: 7), reception()), at: instant(1000))
        var order: [String] = []
        for _ in 0..<254 {
            let deadline = try #require(election.deadline)
            guard deadline < instant(4000) else { break }
            for case .routerChanged(let name, let transition) in election.handle(.timer, at: deadline)
            where transition.to == .master {
                order.append(name)
            }
        }
        // The owner was master at the start; each of the others wakes the sooner the higher its priority is.
        #expect(election.status(of: "r255")?.counters.becameMaster == 1)
        #expect(order.prefix(3) == ["r254", "r253", "r252"])
        #expect(!order.contains("r7"))
    }
}
