import Foundation
import Testing

@testable import Drills

@Suite struct AddressEventTests {
    struct Case: Sendable {
        var line: String
        var event: AddressEvent?
    }

    @Test(arguments: [
        // iproute2 4.11 of CentOS 7.
        (
            #"2: ens33    inet 172.16.122.100/32 scope global ens33\       valid_lft forever preferred_lft forever"#,
            "ens33", "172.16.122.100", false
        ),
        (
            #"Deleted 2: ens33    inet 172.16.122.100/32 scope global ens33\       valid_lft forever preferred_lft forever"#,
            "ens33", "172.16.122.100", true
        ),
        // iproute2 6.1 of Debian 12, a secondary address, a link of a pair.
        (
            #"5: ens33@if6    inet 172.16.122.100/24 scope global secondary ens33\       valid_lft forever preferred_lft forever"#,
            "ens33", "172.16.122.100", false
        ),
        (
            #"[ADDR]Deleted 5: ens33    inet 10.0.0.9/24 brd 10.0.0.255 scope global ens33\       valid_lft 2sec preferred_lft 2sec"#,
            "ens33", "10.0.0.9", true
        ),
        (
            #"5: ens33    inet6 2001:db8::100/64 scope global nodad \       valid_lft forever preferred_lft forever"#,
            "ens33", "2001:db8::100", false
        ),
    ])
    func reads(line: String, interface: String, address: String, isDeleted: Bool) throws {
        // A label may stand right before the line's own words.
        let event = try #require(AddressEvent(line.replacing("]D", with: "] D")))
        #expect(event.interface == interface)
        #expect(event.address == address)
        #expect(event.isDeleted == isDeleted)
    }

    @Test(arguments: [
        "", "Deleted",
        #"2: ens33    link 00:0c:29:00:00:01 scope link \       valid_lft forever preferred_lft forever"#,
        "2: ens33: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP", "@holds\t10.0.0.9\tens33",
    ])
    func ignores(line: String) { #expect(AddressEvent(line) == nil) }
}

@Suite struct WatchReaderTests {
    private let held = "@holds\t172.16.122.100\tens33"
    private let free = "@holds\t172.16.122.100\t"
    private let gained = #"2: ens33    inet 172.16.122.100/32 scope global ens33\       valid_lft forever"#

    /// Feeds lines at the given milliseconds; the changes, as `+ms` and `-ms`.
    private func changes(_ lines: [(Int, String)]) -> [String] {
        var reader = WatchReader(vip: "172.16.122.100")
        return lines.flatMap { time, line in
            reader.read(Array("\(line)\n".utf8), at: .milliseconds(time))
                .map { "\($0.held ? "+" : "-")\($0.at.milliseconds)" }
        }
    }

    @Test func eventsCountAtOnce() {
        #expect(changes([(0, free), (700, gained), (900, "Deleted \(gained)")]) == ["-0", "+700", "-900"])
    }

    @Test func aBeatThatCrossesAnEventIsNoChange() {
        // The beat looked before the event and arrived after it.
        #expect(
            changes([(0, held), (500, "Deleted \(gained)"), (501, held), (1001, free)])
                == ["+0", "-500"])
    }

    @Test func aLostEventIsNoticedByTwoBeats() {
        #expect(changes([(0, held), (500, free), (1000, free)]) == ["+0", "-500"])
    }

    @Test func pollingIsBelievedAtOnce() {
        #expect(changes([(0, "@watching\tpolls"), (0, free), (20, held), (40, free)]) == ["-0", "+20", "-40"])
    }

    @Test func otherAddressesAreIgnored() {
        #expect(
            changes([(0, free), (1, gained.replacing(".100/", with: ".10/")), (2, "haprov: begin")]) == ["-0"])
    }

    @Test func linesMayArriveInPieces() {
        var reader = WatchReader(vip: "172.16.122.100")
        let bytes = Array("\(free)\n\(gained)\n".utf8)
        let changes = bytes.flatMap { reader.read([$0], at: .zero) }
        #expect(changes.map(\.held) == [false, true])
    }
}

@Suite struct HolderTimelineTests {
    private func timeline(_ entries: [(String, Bool, Int)]) -> HolderTimeline {
        var timeline = HolderTimeline()
        for (host, held, time) in entries { timeline.record(host, held: held, at: .milliseconds(time)) }
        return timeline
    }

    @Test func whereAHostStandsAtFirstIsNoChange() {
        let timeline = timeline([("a", true, 0), ("b", false, 1), ("b", false, 2)])
        #expect(timeline.holders == ["a"])
        #expect(timeline.changes.isEmpty)
        #expect(timeline.known == ["a", "b"])
    }

    @Test func findsTheNextHolder() {
        let timeline = timeline([
            ("a", true, 0), ("b", false, 0), ("c", false, 0), ("a", false, 900), ("b", true, 1500), ("a", true, 4000),
        ])
        #expect(timeline.firstGain(by: { $0 != "a" }, from: .zero)?.host == "b")
        #expect(timeline.firstGain(by: { $0 != "a" }, from: .milliseconds(1501)) == nil)
        #expect(timeline.firstGain(by: { $0 == "a" }, from: .zero)?.time == .milliseconds(4000))
    }

    /// Priorities that are next to each other have skew times that are a few milliseconds apart.
    @Test func ofSeveralThatTryTheOneThatKeepsItTookOver() {
        let takeover = { (entries: [(String, Bool, Int)]) in
            timeline([("a", true, 0), ("b", false, 0), ("c", false, 0), ("a", false, 500)] + entries)
                .takeover(by: { $0 != "a" }, from: .milliseconds(400), to: .seconds(5))
        }
        #expect(takeover([("b", true, 1193), ("c", true, 1306), ("c", false, 1306)])?.host == "b")
        #expect(takeover([("c", true, 1100), ("b", true, 1110), ("c", false, 1111)])?.host == "b")
        #expect(takeover([("b", true, 1100), ("b", false, 1200), ("b", true, 1300)])?.time == .milliseconds(1300))
        #expect(takeover([("b", true, 1100), ("b", false, 1200)])?.time == .milliseconds(1100))
        #expect(takeover([("b", true, 1100), ("a", true, 6000), ("b", false, 6000)])?.host == "b")
        #expect(takeover([]) == nil)
    }

    @Test func changesAreOrderedByTheirTimes() {
        let timeline = timeline([("a", true, 0), ("b", false, 0), ("b", true, 1500), ("a", false, 1000)])
        #expect(timeline.changes.map(\.host) == ["a", "b"])
    }

    @Test(arguments: [
        ([("a", false, 500), ("b", true, 1100)], 0), ([("b", true, 1000), ("a", false, 1300)], 300),
        ([("b", true, 1000)], 9000), ([("b", true, 1), ("a", false, 2), ("c", true, 10), ("b", false, 60)], 50),
    ])
    func overlap(_ changes: [(String, Bool, Int)], milliseconds: Int) {
        let timeline = timeline([("a", true, 0), ("b", false, 0), ("c", false, 0)] + changes)
        let overlap = timeline.longestOverlap(initial: ["a"], from: .zero, to: .seconds(10))
        #expect(overlap.milliseconds == milliseconds)
    }
}
