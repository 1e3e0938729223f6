import Testing

/// Two hosts whose configurations do not fit.
@Suite struct MismatchTests {
    @Test(arguments: Engine.pairs)
    func anotherPasswordIsNotHeardAndNamed(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            try segment.hosts[0].start(engines.first, .version2(150, password: "11112222"))
            try segment.hosts[1].start(engines.second, .version2(100, password: "22221111"))
            #expect(try segment.settles(on: [1, 2]), "\(segment.logs)")
            try expectOursNames(engines, "authentication", on: segment)
        }
    }

    @Test(arguments: Engine.pairs)
    func aPasswordAgainstNoneIsNotHeard(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            try segment.hosts[0].start(engines.first, .version2(150, password: "11112222"))
            try segment.hosts[1].start(engines.second, .version2(100, password: nil))
            #expect(try segment.settles(on: [1, 2]), "\(segment.logs)")
            try expectOursNames(engines, "authentication", on: segment)
        }
    }

    @Test(arguments: Engine.pairs)
    func passwordsThatAreTheSameInEightOctetsFit(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            try segment.hosts[0].start(engines.first, .version2(150, password: "11112222aaaa"))
            try segment.hosts[1].start(engines.second, .version2(100, password: "11112222"))
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
        }
    }

    @Test(arguments: Engine.pairs)
    func inVersion2AnotherIntervalIsNotHeardAndNamed(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            var slow = Router.version2(100)
            slow.interval = "2"
            try segment.hosts[0].start(engines.first, .version2(150))
            try segment.hosts[1].start(engines.second, slow)
            #expect(try segment.settles(on: [1, 2]), "\(segment.logs)")
            try expectOursNames(engines, "advertises every", on: segment)
        }
    }

    @Test(arguments: Engine.pairs)
    func inVersion3TheMastersIntervalIsTakenOver(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            // The backup's own down interval, 0.1 s × 3.6, is shorter than the master's turn of 1 s.
            try segment.hosts[0].start(engines.first, Router(priority: 150, interval: "1"))
            try segment.hosts[1].start(engines.second, Router(priority: 100, interval: "0.1"))
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
            let recording = try Recording(segment.hosts[1], on: segment)
            defer { recording.stop() }
            let master = segment.hosts[0].address
            #expect(try eventually { try recording.advertisements().count { $0.source == master } >= 4 })
            #expect(try recording.advertisements().allSatisfy { $0.source == master }, "\(segment.logs)")
        }
    }

    /// Another number of them or others. keepalived 2.2.7 drops both, unless it is the master with the higher priority.
    @Test(arguments: [[], ["10.77.0.201/24"]]) func oursHearsOtherAddresses(_ others: [String]) throws {
        try onSegment(of: 2) { segment in
            let vip = "\(Router.vip)/24"
            try segment.hosts[0].start(.keepalived, Router(priority: 150, addresses: [vip, "10.77.0.200/24"]))
            #expect(try segment.settles(on: [1]), "\(segment.logs)")
            try segment.hosts[1].start(.vrrpd, Router(priority: 100, addresses: [vip] + others))
            try segment.expectOnly(1, toAdvertise: 25)
            #expect(try segment.holders() == [1], "\(segment.logs)")
            try segment.hosts[0].stop()
            #expect(try segment.settles(on: [2]), "\(segment.logs)")
        }
    }

    /// Ours says once whom it does not understand, with the address.
    private func expectOursNames(
        _ engines: (first: Engine, second: Engine), _ what: String, on segment: Segment
    ) throws {
        let (ours, theirs) = engines.first == .vrrpd ? (0, 1) : (1, 0)
        let peer = segment.hosts[theirs].address
        func lines() -> Int {
            segment.hosts[ours].log.split(separator: "\n").count { $0.contains(what) && $0.contains(peer) }
        }
        #expect(eventually { lines() > 0 }, "\(segment.logs)")
        #expect(lines() == 1, "\(segment.logs)")
    }
}
