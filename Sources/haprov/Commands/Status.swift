import ArgumentParser
import Drills
import Foundation
import Inventory
import Planning
import Provisioning
import YAMLReading

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who holds the virtual IP, what runs where, and what has drifted. Changes nothing.",
        discussion: """
            Differences are what the next `haprov apply` would change; on hosts that haprov has not set up yet they are \
            listed with -v only. Also which servers `haprov server` has taken out, when certificates end, the last run and the last drill; with -v what the VRRP daemons say \
            of their state and priority, and versions. Ends 4 where a balancer could not be asked, and 3 where several hold the \
            virtual IP, or none although every balancer is as the inventory says; also where another machine answers for it, or a \
            host that is no longer a balancer goes on with VRRP.

            --watch goes on until Ctrl-C, over one connection a balancer, which is opened again where it is lost. It tells more: \
            states, priorities, versions, and how HAProxy finds its servers. On a terminal it is drawn in place; elsewhere it \
            is a block a round, with --json an object a round. Whether other machines answer for the virtual IP is not looked at.
            """)

    @Flag(name: .shortAndLong, help: "Go on, until Ctrl-C.")
    var watch = false

    @Option(help: ArgumentHelp("With --watch: between two rounds, 1s to 1h.", valueName: "duration"))
    var interval = "2s"

    @OptionGroup var options: CommonOptions

    /// Milliseconds.
    private var pause: Int? {
        Notation.milliseconds(interval, plainUnit: 1000).flatMap { (1000...3_600_000).contains($0) ? $0 : nil }
    }

    func validate() throws {
        guard pause != nil else {
            throw ValidationError("--interval takes a duration from 1s to 1h, such as 5s; '\(interval)' is none.")
        }
    }

    func run() async throws {
        try await Runner.run("status", options.output) { [self] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let session = try workspace.session(events: { _ in })
            let guesses = try session.resourcesByPlatform()
            console.progress { $0.pass("asking the balancers", at: $1) }
            if watch {
                return try await follow(session, guesses, isLimited: workspace.isLimited, console)
            }
            async let wire = WireLook(workspace.cluster, connect: workspace.connector).look(at: session.targets)
            let report = try await ClusterStatus.gather(session, guesses: guesses)
            let page = StatusPage(
                report: report, isLimited: workspace.isLimited, now: Clock.seconds, isDetailed: console.isVerbose,
                console: console)
            for line in page.lines { console.say(line) }
            for host in report.hosts {
                console.emit(page.fields(of: host).merging(["type": "host"]) { $1 })
            }
            for failure in report.hosts.compactMap(\.failure) { console.show(failure) }
            let view = await wire
            let foreign = console.show(view, failing: view.strangers + view.takingPart(.verification))
            let code = Self.code(report, isLimited: workspace.isLimited)
            return Outcome(code: code == .success ? foreign : code, fields: page.fields)
        }
    }

    private func follow(
        _ session: Session, _ guesses: [[String: HostResources]], isLimited: Bool, _ console: Console
    ) async throws -> Outcome {
        defer { console.endPages() }
        let head = "\(session.cluster.name), every \(Notation.duration(pause ?? 2000)), until Ctrl-C: "
        try await StatusWatch(session, guesses: guesses, interval: .milliseconds(pause ?? 2000)).run { report in
            let now = Clock.seconds
            let page = StatusPage(
                report: report, isLimited: isLimited, now: now, isDetailed: true, console: console)
            console.show(page: [console.bold(head + Clock.local("%H:%M:%S", at: now))] + page.lines)
            let hosts = Dictionary(
                report.hosts.map { ($0.name, JSONValue.object(page.fields(of: $0))) }, uniquingKeysWith: { $1 })
            console.emit(
                page.fields.merging(["type": "round", "time": .text(Clock.now()), "hosts": .object(hosts)]) { $1 })
        }
        return Outcome()
    }

    private static func code(_ report: ClusterStatus, isLimited: Bool) -> ExitCode {
        let failures = report.hosts.compactMap(\.failure)
        if !failures.isEmpty { return ExitCode(failures) }
        if report.holdings.contains(where: { $0.hosts.count > 1 }) { return .verificationFailed }
        let isComplete = !isLimited && report.hosts.allSatisfy(\.drift.isEmpty)
        let isHeld = report.holdings.allSatisfy { !$0.hosts.isEmpty }
        return !isHeld && isComplete ? .verificationFailed : .success
    }
}
