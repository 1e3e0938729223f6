import Foundation
import Testing

@testable import haprov

/// From when on logs are wanted.
@Suite struct LogsTests {
    @Test(arguments: [("90s", "-90s"), ("15m", "-900s"), ("2h", "-7200s"), ("3d", "-259200s"), ("0s", "-0s")])
    func anAgeIsOneOfTheHosts(_ text: String, _ start: String) { #expect(Logs.start(text) == start) }

    @Test func aTimeIsThisMachines() throws {
        let start = try #require(Logs.start("2026-01-31 12:00"))
        let seconds = try #require(Int(start.dropFirst()))
        #expect(start.hasPrefix("@"))
        #expect(Logs.start("2026-01-31 12:00:30") == "@\(seconds + 30)")
        #expect(Logs.start("2026-01-31") == "@\(seconds - 12 * 3600)")
        #expect(Clock.local("%Y-%m-%d %H:%M", at: seconds) == "2026-01-31 12:00")
    }

    @Test(arguments: [
        "", "m", "-5m", "yesterday", "5 m", "2026-13-01", "2026-01-31T12:00", "12:00", "5w", "2026-01-31 25:00",
    ])
    func whatIsNeitherIsRefused(_ text: String) { #expect(Logs.start(text) == nil) }
}
