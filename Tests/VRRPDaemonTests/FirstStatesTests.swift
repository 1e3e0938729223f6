import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct FirstStatesTests {
    private let loop: EventLoop
    private let states: FirstStates

    init() throws {
        loop = try EventLoop()
        states = FirstStates(loop: loop)
    }

    @Test func itGoesOnAtOnceWhereNothingIsTracked() {
        var missing: [Set<TrackTarget>] = []
        states.wait(for: [], atMost: .seconds(60)) { missing.append($0) }
        #expect(missing == [[]])
    }

    @Test func itGoesOnceTheLastOneIsKnown() {
        var missing: [Set<TrackTarget>] = []
        states.wait(for: [.script("a"), .process("b")], atMost: .seconds(60)) { missing.append($0) }
        states.came(.process("b"))
        #expect(missing.isEmpty)
        states.came(.process("b"))
        states.came(.script("other"))
        #expect(missing.isEmpty)
        states.came(.script("a"))
        #expect(missing == [[]])
        states.came(.script("a"))
        #expect(missing.count == 1)
    }

    @Test func whatIsKnownIsNotWaitedForAgain() {
        var count = 0
        states.wait(for: [.script("a")], atMost: .seconds(60)) { _ in count += 1 }
        states.came(.script("a"))
        states.wait(for: [.script("a")], atMost: .seconds(60)) { _ in count += 1 }
        #expect(count == 2)
        states.wait(for: [], atMost: .seconds(60)) { _ in count += 1 }
        states.wait(for: [.script("a")], atMost: .seconds(60)) { _ in count += 1 }
        #expect(count == 3)
    }

    @Test func afterTheLimitItGoesOnWithoutWhatIsMissing() {
        states.wait(for: [.script("a"), .script("b")], atMost: .milliseconds(20)) { [loop] missing in
            #expect(missing == [.script("b")])
            loop.stop()
        }
        states.came(.script("a"))
        loop.run()
    }
}
