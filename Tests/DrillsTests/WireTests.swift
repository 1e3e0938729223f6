import Foundation
import Testing

@testable import Drills
@testable import Prober

/// Who answers on a link, and who served when nobody could.
@Suite struct WireTests {
    @Test func anARPMessageIsReadAsItIsWritten() {
        let message = ARPMessage(
            .request, senderHardware: [2, 0, 0, 0, 0, 1], sender: 0, target: 0xAC10_7A64)
        let octets: [UInt8] = [
            0, 1, 8, 0, 6, 4, 0, 1,  // Ethernet, IPv4, lengths, request
            2, 0, 0, 0, 0, 1, 0, 0, 0, 0,  // the sender has no address
            0, 0, 0, 0, 0, 0, 172, 16, 122, 100,
        ]
        #expect(message.octets == octets)
        #expect(ARPMessage(octets + [0, 0, 0]) == message)
        #expect(ARPMessage(octets.dropLast()) == nil)
        // IPv6 in the place of IPv4, and an operation that is none of ours.
        #expect(ARPMessage([0, 1, 0x86, 0xDD] + octets.dropFirst(4)) == nil)
        #expect(ARPMessage(octets.prefix(7) + [9] + octets.dropFirst(8)) == nil)
    }

    @Test func anAnswerIsReadAsItIsWritten() {
        for isOwner in [true, false] {
            let answer = NeighbourAnswer(address: "172.16.122.100", hardware: "02:00:00:00:00:01", isOwner: isOwner)
            #expect(NeighbourAnswer(answer.text) == answer)
        }
        #expect(NeighbourAnswer("answer 172.16.122.100 02:00:00:00:00:01 maybe") == nil)
        #expect(NeighbourAnswer("end") == nil)
    }

    @Test func nobodyIsAskedAboutTheOwnAddressNorBeyondARouter() {
        #expect(NeighbourQuestion(["127.0.0.1"]) == nil)
        #expect(NeighbourQuestion(["203.0.113.77"]) == nil)
        #expect(NeighbourQuestion(["nonsense"]) == nil)
    }

    private func milliseconds(_ value: Int) -> Duration { .milliseconds(value) }

    @Test func spansWithoutAnybodyWhoCanServe() {
        var timeline = HolderTimeline()
        for (host, held) in [("a", true), ("b", false)] { timeline.record(host, held: held, at: .zero) }
        timeline.record("a", held: false, at: .milliseconds(1700))
        timeline.record("b", held: true, at: .milliseconds(2300))
        timeline.record("b", held: false, at: .milliseconds(9000))
        timeline.record("a", held: true, at: .milliseconds(11_000))
        func spans(_ isAble: (String, Duration) -> Bool) -> [[Int]] {
            timeline.unserved(
                initial: ["a"], from: .milliseconds(1000), to: .milliseconds(12_000),
                changing: [.milliseconds(8000)], isAble: isAble
            ).map { [$0.start.milliseconds, $0.end.milliseconds] }
        }
        #expect(spans { _, _ in true } == [[1700, 2300], [9000, 11_000]])
        // HAProxy is dead on the first from the kill until it is given back.
        #expect(spans { host, time in host != "a" || time >= .milliseconds(8000) } == [[1000, 2300], [9000, 11_000]])
        #expect(spans { _, _ in false } == [[1000, 12_000]])
        #expect(timeline.holders(at: .milliseconds(9500), before: ["a"]) == [])
        #expect(timeline.holders(at: .milliseconds(1000), before: ["a"]) == ["a"])
    }

    @Test func answersWellWithinASpanCount() {
        var record = ServiceRecord()
        for time in stride(from: 0, through: 5000, by: 20) { record.take(time, at: .milliseconds(time)) }
        #expect(record.served(from: .milliseconds(1000), to: .milliseconds(3000)) == 1000)
        // As long as it takes to hear of a change, nothing can be said.
        #expect(record.served(from: .milliseconds(1000), to: .milliseconds(2000)) == nil)
        var silent = ServiceRecord()
        for time in stride(from: 0, through: 5000, by: 20) {
            silent.take(time < 1400 || time > 2600 ? time : 1400, at: .milliseconds(time))
        }
        #expect(silent.served(from: .milliseconds(1000), to: .milliseconds(3000)) == nil)
    }
}
