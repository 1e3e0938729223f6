import ArgumentParser
import Foundation
import Inventory
import Provisioning
import YAMLReading

struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What HAProxy, VRRP and haprov said on all balancers, in one stream by time. Changes nothing.",
        discussion: """
            Of the hosts' journals; times are this machine's, also where a host's clock is off.

              haprov logs --since 1h
              haprov logs -f
            """)

    @Flag(name: .shortAndLong, help: "Go on with what is yet to come, until Ctrl-C.")
    var follow = false

    @Option(
        help: ArgumentHelp(
            "From when on: so long ago, such as 90s, 15m, 2h or 3d, or a time such as \"2026-01-31 12:00\".",
            valueName: "time"))
    var since = "10m"

    @OptionGroup var options: CommonOptions

    /// As hosts' journalctl takes it.
    private var start: String? { Self.start(since) }

    /// An age becomes one; a time becomes seconds since 1970, so that the hosts' time zones do not matter. Nil for anything else.
    static func start(_ text: String) -> String? {
        let units = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        if let last = text.last, let unit = units[String(last)], let count = Int(text.dropLast()), count >= 0,
            count < 1_000_000
        {
            return "-\(count * unit)s"
        }
        let numbers = text.split { "- :".contains($0) }.map { Int32($0) ?? -1 }
        let shape = text.filter { !$0.isNumber }
        guard ["--", "-- :", "-- ::"].contains(shape), numbers.count == shape.count + 1,
            zip(numbers, [1970...9999, 1...12, 1...31, 0...23, 0...59, 0...60]).allSatisfy({ $1.contains(Int($0)) })
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
        if numbers.count > 3 { (parts.tm_hour, parts.tm_min) = (numbers[3], numbers[4]) }
        if numbers.count > 5 { parts.tm_sec = numbers[5] }
        parts.tm_isdst = -1
        return "@\(mktime(&parts))"
    }

    func validate() throws {
        guard start != nil else {
            throw ValidationError(
                "--since takes an age such as 15m or a time such as \"2026-01-31 12:00\"; '\(since)' is neither.")
        }
    }

    func run() async throws {
        try await Runner.run("logs", options.output) { [self] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            return await LogsWork(
                cluster: workspace.cluster, connect: workspace.connector, console: console, since: start ?? "-10min",
                isFollowing: follow
            ).run()
        }
    }
}
