import Glibc
import Testing

/// Ours against Debian's keepalived, each in each part: `first` is the router that ought to win.
@Suite struct ElectionTests {
    enum Kind: String, CaseIterable, Sendable {
        case version2
        case version3
        case version6

        func router(_ priority: Int) -> Router {
            switch self {
            case .version2: .version2(priority)
            case .version3: Router(priority: priority, interval: "0.1")
            case .version6: .version6(priority)
            }
        }
        var address: String { router(1).address }
    }

    @Test(arguments: Engine.pairs, Kind.allCases)
    func theHigherPriorityIsMasterLeavesAndComesBack(_ engines: (first: Engine, second: Engine), _ kind: Kind) throws {
        try onSegment(of: 2) { segment in
            let (first, second) = (segment.hosts[0], segment.hosts[1])
            try second.start(engines.second, kind.router(100))
            #expect(try segment.settles(on: [2], kind.address), "alone it is master\n\(segment.logs)")
            try first.start(engines.first, kind.router(150))
            #expect(try segment.settles(on: [1], kind.address), "the higher priority preempts\n\(segment.logs)")

            let recording = try Recording(second, on: segment)
            try first.stop()
            #expect(try segment.settles(on: [2], kind.address), "the other takes over\n\(segment.logs)")
            let hasResigned = try eventually { try recording.advertisements().contains { $0.priority == 0 } }
            recording.stop()
            #expect(hasResigned, "\(segment.logs)")

            try first.start(engines.first, kind.router(150))
            #expect(try segment.settles(on: [1], kind.address), "and comes back\n\(segment.logs)")
        }
    }

    @Test(arguments: Engine.pairs, Kind.allCases)
    func aKilledMasterIsReplaced(_ engines: (first: Engine, second: Engine), _ kind: Kind) throws {
        try onSegment(of: 2) { segment in
            try segment.hosts[0].start(engines.first, kind.router(150))
            try segment.hosts[1].start(engines.second, kind.router(100))
            #expect(try segment.settles(on: [1], kind.address), "\(segment.logs)")
            segment.hosts[0].killEngine()
            #expect(try eventually { try segment.hosts[1].holds(kind.address) }, "\(segment.logs)")
            // keepalived leaves its address behind; started again, it and ours take it away or use it.
            try segment.hosts[0].start(engines.first, kind.router(150))
            #expect(try segment.settles(on: [1], kind.address), "\(segment.logs)")
        }
    }

    @Test func oursKilledLetsGoOnlyWhenTheOtherHasTakenOver() throws {
        try onSegment(of: 2) { segment in
            try segment.hosts[0].start(.vrrpd, .version2(150))
            try segment.hosts[1].start(.keepalived, .version2(100))
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
            segment.hosts[0].killEngine()
            var looksWithoutHolder = 0
            let isTaken = try eventually {
                let holders = try segment.holders()
                if holders.isEmpty { looksWithoutHolder += 1 }
                return holders.contains(2)
            }
            #expect(isTaken && looksWithoutHolder == 0, "\(segment.logs)")
            #expect(try segment.settles(on: [2]), "nobody is left to remove it but the kernel\n\(segment.logs)")
        }
    }

    @Test(arguments: Engine.pairs)
    func withoutPreemptionTheMasterStays(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            try segment.hosts[1].start(engines.second, Router(priority: 100))
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
            try segment.hosts[0].start(engines.first, Router(priority: 150, lines: ["nopreempt"]))
            try segment.expectOnly(2, toAdvertise: 25)
            #expect(try segment.holders() == [2], "\(segment.logs)")
            // It takes over all the same once the master is gone, and keeps that against the lower priority.
            try segment.hosts[1].stop()
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
        }
    }

    @Test(arguments: Engine.pairs)
    func betweenEqualPrioritiesTheHigherAddressIsMaster(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            // Both begin as masters, so that they meet: a backup would let an equal master be.
            try segment.cutCable(of: 1)
            try segment.cutCable(of: 2)
            try segment.hosts[0].start(engines.first, Router(priority: 100))
            try segment.hosts[1].start(engines.second, Router(priority: 100))
            #expect(try segment.settles(on: [1, 2]), "\(segment.logs)")
            try segment.mendCable(of: 1)
            try segment.mendCable(of: 2)
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
        }
    }

    @Test(arguments: Engine.pairs)
    func mastersThatDidNotHearEachOtherAgreeOnceTheyDo(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            try segment.hosts[0].start(engines.first, Router(priority: 150))
            try segment.hosts[1].start(engines.second, Router(priority: 100))
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
            try segment.cutCable(of: 1)
            #expect(try segment.settles(on: [1, 2]), "\(segment.logs)")
            try segment.mendCable(of: 1)
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
        }
    }

    @Test func threeRoutersOfTwoKindsTakeTurns() throws {
        try onSegment(of: 3) { segment in
            try segment.hosts[0].start(.keepalived, Router(priority: 101))
            try segment.hosts[1].start(.vrrpd, Router(priority: 100))
            try segment.hosts[2].start(.keepalived, Router(priority: 99))
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
            try segment.hosts[0].stop()
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
            try segment.hosts[1].stop()
            #expect(try segment.settles(on: [3]), "\(segment.logs)")
            try segment.hosts[1].start(.vrrpd, Router(priority: 100))
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
        }
    }

    @Test(arguments: Engine.pairs)
    func byUnicastOnlyThePeersAreAsked(_ engines: (first: Engine, second: Engine)) throws {
        func router(_ priority: Int, from host: Host, to peer: Host) -> Router {
            Router(
                priority: priority,
                lines: ["unicast_src_ip \(host.address)", "unicast_peer {", "    \(peer.address)", "}"])
        }
        try onSegment(of: 2) { segment in
            let (first, second) = (segment.hosts[0], segment.hosts[1])
            try second.start(engines.second, router(100, from: second, to: first))
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
            try first.start(engines.first, router(150, from: first, to: second))
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
            try first.stop()
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
        }
    }

    @Test(arguments: Engine.pairs, [false, true])
    func aMasterThatIsNoPeerOfTheOtherCountsUnlessTheSourceIsChecked(
        _ engines: (first: Engine, second: Engine), isChecked: Bool
    ) throws {
        func router(_ priority: Int, from host: Host, to peer: String, _ lines: [String] = []) -> Router {
            Router(priority: priority, lines: ["unicast_src_ip \(host.address)", "unicast_peer {", peer, "}"] + lines)
        }
        try onSegment(of: 2) { segment in
            let (first, second) = (segment.hosts[0], segment.hosts[1])
            try first.start(engines.first, router(150, from: first, to: second.address))
            try second.start(
                engines.second, router(100, from: second, to: "10.77.0.9", isChecked ? ["check_unicast_src"] : []))
            #expect(try segment.settles(on: isChecked ? [1, 2] : [1]), "\(segment.logs)")
            if engines.second == .vrrpd {
                let what = isChecked ? "does not belong here" : "not in unicast_peer"
                #expect(eventually { second.log.contains(what) }, "\(segment.logs)")
            }
            // A resignation counts where the master did.
            try first.stop()
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
        }
    }

    @Test(arguments: Engine.pairs)
    func aHundredthOfASecondIsKept(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            try segment.hosts[0].start(engines.first, Router(priority: 254, interval: "0.01"))
            try segment.hosts[1].start(engines.second, Router(priority: 253, interval: "0.01"))
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
            try segment.hosts[0].stop()
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
        }
    }
}
