import Testing

/// Ours against FRR's vrrpd, which speaks version 3 with virtual MACs.
@Suite struct FRRTests {
    @Test(arguments: [4, 6]) func theHigherPriorityOfFRRPreemptsAndIsReplaced(_ family: Int) throws {
        try onSegment(of: 2) { segment in
            let address = router(1, family).address
            try segment.hosts[1].start(.vrrpd, router(100, family))
            #expect(try segment.settles(on: [2], address), "\(segment.logs)")
            try segment.hosts[0].startFRR(router(150, family))
            #expect(try segment.settles(on: [1], address), "\(segment.logs)")
            segment.hosts[0].killEngine()
            #expect(try eventually { try segment.hosts[1].holds(address) }, "\(segment.logs)")
        }
    }

    @Test(arguments: [4, 6]) func oursPreemptsAndResignsToFRR(_ family: Int) throws {
        try onSegment(of: 2) { segment in
            let address = router(1, family).address
            try segment.hosts[0].startFRR(router(100, family))
            #expect(try segment.settles(on: [1], address), "\(segment.logs)")
            try segment.hosts[1].start(.vrrpd, router(150, family))
            #expect(try segment.settles(on: [2], address), "\(segment.logs)")
            try segment.hosts[1].stop()
            #expect(try segment.settles(on: [1], address), "\(segment.logs)")
            try segment.hosts[1].start(.vrrpd, router(150, family))
            #expect(try segment.settles(on: [2], address), "\(segment.logs)")
            segment.hosts[1].killEngine()
            #expect(try eventually { try segment.hosts[0].holds(address) }, "\(segment.logs)")
        }
    }

    /// FRR advertises global IPv6 addresses alone.
    private func router(_ priority: Int, _ family: Int) -> Router {
        family == 4 ? Router(priority: priority) : Router(priority: priority, addresses: ["\(Router.vip6)/64"])
    }
}
