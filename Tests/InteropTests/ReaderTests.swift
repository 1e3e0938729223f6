import Testing

/// tshark as an independent reader of what ours sends.
@Suite struct ReaderTests {
    static let routers = [
        Router.version2(101), .version2(101, password: nil),
        Router(
            priority: 254, version: 2, interval: "1", addresses: ["\(Router.vip)/24", "10.77.0.99/32", "10.1.2.3/32"]),
        Router(priority: 101), Router(priority: 1, addresses: ["\(Router.vip)/24", "10.77.0.99/32"]),
        .version6(101),
    ]

    @Test(arguments: routers) func everyAdvertisementIsWellFormed(_ router: Router) throws {
        try onSegment(of: 1) { segment in
            let recording = try Recording(segment.hosts[0], on: segment)
            try segment.hosts[0].start(.vrrpd, router)
            #expect(try segment.settles(on: [1], router.address), "\(segment.logs)")
            #expect(try eventually { try recording.advertisements().count >= 3 })
            try segment.hosts[0].stop()
            #expect(try eventually { try recording.advertisements().last?.priority == 0 }, "the last one resigns")
            recording.stop()

            let seen = try recording.advertisements()
            #expect(seen.dropLast().allSatisfy { $0.priority == router.priority })
            for line in seen {
                #expect(line.checksumIsGood && line.hopLimit == 255 && line.complaints.isEmpty, "\(line)")
            }
        }
    }
}
