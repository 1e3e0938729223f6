import Testing
import VRRP

@Suite struct TimerTests {
    @Test(arguments: [
        (100, 609_375_000), (101, 605_468_750), (254, 7_812_500), (255, 3_906_250), (1, 996_093_750),
    ])
    func version2SkewsByPartsOfASecondWhateverTheInterval(priority: UInt8, nanoseconds: Int) {
        for interval in [Duration.seconds(1), .seconds(255)] {
            let skew = ProtocolVersion.v2.skewTime(priority: priority, masterInterval: interval)
            #expect(skew == .nanoseconds(nanoseconds))
            let down = ProtocolVersion.v2.masterDownInterval(priority: priority, masterInterval: interval)
            #expect(down == interval * 3 + .nanoseconds(nanoseconds))
        }
    }

    @Test(arguments: [
        (UInt8(253), Duration.milliseconds(10), 117_187), (100, .milliseconds(100), 60_937_500),
        (254, .milliseconds(100), 781_250), (1, .milliseconds(40_950), 40_790_039_062),
        (255, .milliseconds(10), 39_062),
    ])
    func version3SkewsByPartsOfTheInterval(priority: UInt8, interval: Duration, nanoseconds: Int) {
        let skew = ProtocolVersion.v3.skewTime(priority: priority, masterInterval: interval)
        #expect(skew == .nanoseconds(nanoseconds))
        let down = ProtocolVersion.v3.masterDownInterval(priority: priority, masterInterval: interval)
        #expect(down == interval * 3 + .nanoseconds(nanoseconds))
    }

    @Test(arguments: [ProtocolVersion.v2, .v3])
    func aHigherPriorityAlwaysWaitsLess(version: ProtocolVersion) {
        for priority in UInt8(1)..<255 {
            let lower = version.skewTime(priority: priority, masterInterval: .milliseconds(10))
            #expect(lower > version.skewTime(priority: priority + 1, masterInterval: .milliseconds(10)))
        }
    }
}
