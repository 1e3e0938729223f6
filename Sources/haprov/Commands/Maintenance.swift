import ArgumentParser
import Provisioning
import YAMLReading

struct Maintenance: AsyncParsableCommand {
    /// What is asked for.
    enum Switch: String, ExpressibleByArgument, CaseIterable { case on, off }

    static let configuration = CommandConfiguration(
        abstract: "Take a balancer out of VRRP for a while, over reboots, or put it back.",
        discussion: """
            on: it gives its virtual IPs away, and no VRRP daemon starts there, by hand or at boot, until off. HAProxy \
            goes on. Refused where no other balancer is well. `status` shows it; `apply` leaves that balancer out and \
            names it, and refuses where the balancers would come to speak VRRP differently.

              haprov maintenance haproxy2 on --for 2h --reason "new memory"
              haprov maintenance haproxy2 off
            """)

    @Argument(help: ArgumentHelp("The balancer.", valueName: "host"))
    var host: String

    @Argument(help: "on or off.")
    var wanted: Switch

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("After so long, such as 2h, `status` warns that it is still on.", valueName: "duration"))
    var duration: String?

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    private var seconds: Int? { duration.flatMap(Self.seconds) }

    /// As other durations, and also in hours and days, as maintenance lasts; nil where it is none of a second at least.
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["h": 3600, "d": 86400]
        if let last = text.last, let unit = units[last] {
            return Int(text.dropLast()).flatMap { (1...100_000).contains($0) ? $0 * unit : nil }
        }
        return Notation.milliseconds(text, plainUnit: 1000).flatMap { $0 >= 1000 ? $0 / 1000 : nil }
    }

    func validate() throws {
        if options.limit != nil { throw ValidationError("maintenance looks at every balancer: leave --limit out.") }
        guard let duration else { return }
        if wanted == .off { throw ValidationError("--for is for on.") }
        if seconds == nil {
            throw ValidationError("--for takes a duration such as 90m or 2h; '\(duration)' is none.")
        }
    }

    func run() async throws {
        try await Runner.run("maintenance", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console, needs: .journal)
            var session = try workspace.session(events: console.show, interrupt: interrupt)
            session.patience = consent.patience
            return try await MaintenanceWork(
                workspace: workspace, session: session, console: console, interrupt: interrupt, consent: consent,
                host: host, begins: wanted == .on, seconds: seconds
            ).run()
        }
    }
}
