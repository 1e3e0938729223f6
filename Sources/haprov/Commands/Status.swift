import ArgumentParser
import Drills
import Inventory
import Planning
import Provisioning
import Texts

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who holds the virtual IP, what runs where, and what has drifted. Changes nothing.",
        discussion: """
            Differences are what the next `haprov apply` would change; on hosts that haprov has not set up yet they are \
            listed with -v only. Ends 4 where a balancer could not be asked, and 3 where several hold the virtual IP, or \
            none although every balancer is as the inventory says; also where another machine answers for it, or a host \
            that is no longer a balancer goes on with VRRP.
            """)

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("status", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let session = try workspace.session(events: { _ in })
            let guesses = try session.resourcesByPlatform()
            console.progress { $0.pass("asking the balancers", at: $1) }
            async let wire = WireLook(workspace.cluster, connect: workspace.connector).look(at: session.targets)
            let report = try await ClusterStatus.gather(session, guesses: guesses)
            for holding in report.holdings {
                let holders =
                    !holding.hosts.isEmpty
                    ? holding.hosts.joined(separator: " and ")
                    : workspace.isLimited ? "none of these balancers" : "nobody"
                let name = report.holdings.count > 1 ? "\(holding.instance.name): " : ""
                console.say("\(name)\(holding.instance) is held by \(holders)")
            }
            let holders = report.hosts.map(\.name).filter { name in
                report.holdings.contains { $0.hosts.contains(name) }
            }
            let width = report.hosts.map(\.name.count).max() ?? 0
            for host in report.hosts {
                let held = report.holdings.filter { $0.hosts.contains(host.name) }.map(\.instance.name)
                console.show(host, width: width, holding: held)
            }
            for program in report.differingVersions {
                let versions = program.versions.map { "\($0.text) on \($0.hosts.joined(separator: ", "))" }
                console.say(
                    console.yellow("!") + " the balancers of \(program.platform) have different packages of "
                        + "\(program.program): " + versions.joined(separator: "; "))
            }
            for failure in report.hosts.compactMap(\.failure) { console.show(failure) }
            let view = await wire
            let foreign = console.show(view, failing: view.strangers + view.takingPart(.verification))
            let code = Self.code(report, isLimited: workspace.isLimited)
            return Outcome(
                code: code == .success ? foreign : code,
                fields: ["holders": .list(holders.map(JSONValue.text)), "vips": Self.json(report.holdings)])
        }
    }

    private static func json(_ holdings: [ClusterStatus.Holding]) -> JSONValue {
        let vips = holdings.map { holding -> (String, JSONValue) in
            let addresses = holding.instance.addresses.map { JSONValue.text("\($0.address)") }
            return (
                holding.instance.name,
                ["addresses": .list(addresses), "holders": .list(holding.hosts.map(JSONValue.text))]
            )
        }
        return .object(Dictionary(vips, uniquingKeysWith: { $1 }))
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

extension ClusterStatus.HostStatus {
    /// Whether nothing of what haprov installs is here.
    fileprivate var isBare: Bool { failure == nil && services.allSatisfy { $0.state == "not installed" } }
}

extension Console {
    private static func json(_ lock: LockFact, _ host: ClusterStatus.HostStatus) -> JSONValue {
        [
            "owner": .text(lock.owner), "run": .text(lock.run), "seconds": .number(lock.held),
            "silent_seconds": .number(lock.age), "step": .text(lock.step), "step_seconds": .number(lock.stepAge),
            "abandoned": .flag(host.isAbandoned),
        ]
    }

    fileprivate func show(_ host: ClusterStatus.HostStatus, width: Int, holding vips: [String]) {
        let name = host.name + String(repeating: " ", count: width - host.name.count)
        var text = "  \(name)  "
        if host.failure != nil {
            text += red("could not be asked")
        } else if host.isBare {
            text += yellow("not set up yet: `haprov apply` does it")
        } else {
            text += host.services.map { service in
                "\(service.name) " + (service.state == "active" ? green(service.state) : red(service.state))
            }.joined(separator: ", ")
            text +=
                host.maintenance != nil
                ? ", " + yellow("in maintenance")
                : host.drift.isEmpty
                    ? ", as the inventory says" : ", " + yellow(Layout.count(host.drift.count, "difference"))
        }
        say(text)
        if let lock = host.lock {
            let end =
                host.isAbandoned
                ? "; that haprov is dead: `haprov apply` or `haprov rollback` goes on from there" : ""
            say("    \(yellow("!")) " + Layout.wrap(lock.text + end, width: self.width, indent: 6))
        }
        if !host.isBare || isVerbose {
            for difference in host.drift {
                say("    \(yellow("~")) " + Layout.wrap(difference, width: self.width, indent: 6))
            }
        }
        if let maintenance = host.maintenance {
            let text = maintenance.text + ": `haprov maintenance \(host.name) off` ends it"
            say("    \(maintenance.isOver ? red("!") : yellow("!")) " + Layout.wrap(text, width: self.width, indent: 6))
        }
        for move in host.moves {
            let text =
                "\(move.instance) was moved here by \(move.fact.operatorName.printable) at \(move.fact.since.asColumn): "
                + "`haprov move --home` takes it back"
            say("    \(yellow("!")) " + Layout.wrap(text, width: self.width, indent: 6))
        }
        if let run = host.leftOut {
            let reason = run.reason.isEmpty ? "" : ", \(run.reason.printable)"
            let text =
                "left out of run \(run.id) by \(run.operatorName)\(reason): it has not what the others have; `haprov apply` once "
                + "it can be reached makes up for that"
            say("    \(red("!")) " + Layout.wrap(text, width: self.width, indent: 6))
        }
        emit([
            "type": "host", "host": .text(host.name), "vip": .flag(!vips.isEmpty),
            "vips": .list(vips.map(JSONValue.text)),
            "error": host.failure.map { .text("\($0.step): \($0.summary)") } ?? .null,
            "services": .object(
                Dictionary(uniqueKeysWithValues: host.services.map { ($0.name, JSONValue.text($0.state)) })),
            "versions": .object(
                Dictionary(uniqueKeysWithValues: host.versions.map { ($0.name, JSONValue.text($0.version)) })),
            "drift": .list(host.drift.map(JSONValue.text)), "lock": host.lock.map { Self.json($0, host) } ?? .null,
            "maintenance": host.maintenance.map(\.json) ?? .null,
            "moved": .list(host.moves.map { .text("\($0.instance)") }),
            "left_out": host.leftOut.map { run in
                [
                    "run": .text(run.id), "operator": .text(run.operatorName), "started": .text(run.started),
                    "reason": run.reason.isEmpty ? .null : .text(run.reason),
                ]
            } ?? .null,
        ])
    }
}

extension MaintenanceFact {
    private var end: String? { until.map { Clock.stamp("%Y-%m-%dT%H:%M:%SZ", at: $0) } }

    /// By whom, since when, why, until when.
    fileprivate var text: String {
        let why = reason.isEmpty ? "" : ", \(reason.printable)"
        let time = end.map { isOver ? ", and was to end at \($0.asColumn)" : ", until \($0.asColumn)" } ?? ""
        return "in maintenance by \(operatorName.printable) since \(since.asColumn)\(why)\(time)"
    }

    fileprivate var json: JSONValue {
        [
            "operator": .text(operatorName), "since": .text(since), "reason": reason.isEmpty ? .null : .text(reason),
            "until": end.map(JSONValue.text) ?? .null, "over": .flag(isOver),
        ]
    }
}
