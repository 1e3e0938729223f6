import Inventory
import Linting
import Planning
import Provisioning
import Texts

/// How a cluster stands: as lines for people, and as objects for programs.
struct StatusPage {
    var report: ClusterStatus
    /// Whether not every balancer was asked.
    var isLimited = false
    /// Seconds since 1970, by which certificates are judged.
    var now: Int
    /// Whether what daemons and programs say of themselves is wanted too, and why a balancer could not be asked.
    var isDetailed = false
    /// For its colours and its width.
    let console: Console

    /// Days before its end in which a certificate is worth a warning.
    private static let notice = 30

    /// All of it.
    var lines: [String] { holders + report.hosts.flatMap(lines) + cluster }

    /// Who holds each VIP.
    private var holders: [String] {
        report.holdings.map { holding in
            let hosts =
                !holding.hosts.isEmpty
                ? holding.hosts.joined(separator: " and ") : isLimited ? "none of these balancers" : "nobody"
            let name = report.holdings.count > 1 ? "\(holding.instance.name): " : ""
            return "\(name)\(holding.instance) is held by \(hosts)"
        }
    }

    /// What is said of all balancers at once.
    private var cluster: [String] {
        let versions = report.differingVersions.map { program in
            let versions = program.versions.map { "\($0.text) on \($0.hosts.joined(separator: ", "))" }
            return console.yellow("!")
                + " the balancers of \(program.platform) have different packages of \(program.program): "
                + versions.joined(separator: "; ")
        }
        return versions + servers + certificates + runs
    }

    // MARK: a balancer

    private func lines(_ host: ClusterStatus.HostStatus) -> [String] {
        let width = report.hosts.map(\.name.count).max() ?? 0
        let name = host.name + String(repeating: " ", count: width - host.name.count)
        var lines = ["  \(name)  " + summary(of: host)]
        if isDetailed {
            let details = details(of: host)
            if !details.isEmpty {
                let indent = width + 4
                lines.append(String(repeating: " ", count: indent) + console.dim(wrapped(details, indent)))
            }
        }
        func add(_ mark: String, _ text: String) { lines.append("    \(mark) " + wrapped(text, 6)) }
        if let lock = host.lock {
            let end =
                host.isAbandoned
                ? "; that haprov is dead: `haprov apply` or `haprov rollback` goes on from there" : ""
            add(console.yellow("!"), lock.text + end)
        }
        if !host.isBare || console.isVerbose {
            for difference in host.drift { add(console.yellow("~"), difference) }
        }
        if let maintenance = host.maintenance {
            add(
                maintenance.isOver ? console.red("!") : console.yellow("!"),
                maintenance.text + ": `haprov maintenance \(host.name) off` ends it")
        }
        for move in host.moves {
            add(
                console.yellow("!"),
                "\(move.instance) was moved here by \(move.fact.operatorName.printable) at \(move.fact.since.asColumn): "
                    + "`haprov move --home` takes it back")
        }
        if let run = host.leftOut {
            let reason = run.reason.isEmpty ? "" : ", \(run.reason.printable)"
            add(
                console.red("!"),
                "left out of run \(run.id) by \(run.operatorName)\(reason): it has not what the others have; `haprov apply` once "
                    + "it can be reached makes up for that")
        }
        return lines
    }

    private func summary(of host: ClusterStatus.HostStatus) -> String {
        if host.failure != nil { return console.red("could not be asked") }
        if host.isBare { return console.yellow("not set up yet: `haprov apply` does it") }
        let services = host.services.map { service in
            "\(service.name) " + (service.state == "active" ? console.green(service.state) : console.red(service.state))
        }
        let agreement =
            host.maintenance != nil
            ? console.yellow("in maintenance")
            : host.drift.isEmpty
                ? "as the inventory says" : console.yellow(Layout.count(host.drift.count, "difference"))
        return (services + [agreement]).joined(separator: ", ")
    }

    private func details(of host: ClusterStatus.HostStatus) -> String {
        if let failure = host.failure { return "\(failure.step): \(failure.summary)".printable }
        let routers = host.routers.map { router in
            let state = router.state.isEmpty ? "" : " \(router.state)"
            return "\(router.name)\(state)" + (router.priority.map { ", priority \($0)" } ?? "")
        }
        let versions = host.running.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return (routers + versions).joined(separator: "; ").printable
    }

    private func wrapped(_ text: String, _ indent: Int) -> String {
        Layout.wrap(text, width: console.width, indent: indent)
    }

    // MARK: the cluster

    /// Each server of HAProxy's, and where balancers do not agree on it, on which it is how. Where HAProxy was not asked, those that
    /// are kept out of service.
    private var servers: [String] {
        let asked = report.hosts.filter { $0.servers != nil }
        let hosts = asked.isEmpty ? report.hosts.filter { $0.failure == nil } : asked
        var states: [String: [(state: String, host: String)]] = [:]
        for host in hosts {
            for server in host.servers ?? host.takenOut {
                states[server.title, default: []].append((server.health, host.name))
            }
        }
        let texts = states.sorted { $0.key < $1.key }.map { title, found in
            let words = Self.agreed(found.map { ($0.state, $0.host) }, among: hosts)
            let isWell = Set(found.map(\.state)) == [ServerState.ready.health]
            return isWell ? "\(title) \(words)" : console.yellow("\(title) \(words)")
        }
        return texts.isEmpty ? [] : ["servers      " + wrapped(texts.joined(separator: ", "), 13)]
    }

    /// Each file of HAProxy's certificates, and when what is in it ends.
    private var certificates: [String] {
        var ends: [String: [(end: Int, host: String)]] = [:]
        for host in report.hosts {
            for certificate in host.certificates {
                guard let end = certificate.end else { continue }
                ends[certificate.file, default: []].append((end, host.name))
            }
        }
        return ends.sorted { $0.key < $1.key }.map { file, found in
            let well = report.hosts.filter { $0.failure == nil }
            let words = Self.agreed(found.map { ("ends \(day($0.end))", $0.host) }, among: well)
            let days = ((found.map(\.end).min() ?? now) - now) / 86_400
            let text = "\(file.printable) \(words)"
            return "certificate  " + (days < Self.notice ? console.yellow(text) : text)
        }
    }

    /// `2027-01-31, in 65 days`
    private func day(_ end: Int) -> String {
        let days = (end - now) / 86_400
        return Clock.stamp("%Y-%m-%d", at: end)
            + (end <= now ? ", which has passed: clients refuse it" : ", in \(Layout.count(days, "day"))")
    }

    private var runs: [String] {
        [("last run   ", report.lastRun), ("last drill ", report.lastDrill)].compactMap { title, run in
            guard let run else { return nil }
            let command = run.command == RecordedRun.verification ? "" : "\(run.command), "
            let result = ["ok", "rolled-back"].contains(run.result) ? run.result : console.yellow(run.result)
            return
                "\(title)  \(command.printable)\(run.fact.started.asColumn) UTC by \(run.fact.operatorName.printable): \(result)"
        }
    }

    /// A word where all say the same, else each with those who say it.
    private static func agreed(
        _ words: [(word: String, host: String)], among hosts: [ClusterStatus.HostStatus]
    ) -> String {
        let groups = Dictionary(grouping: words, by: \.word).sorted { $0.key < $1.key }
        if groups.count == 1, words.count == hosts.count { return words[0].word }
        return groups.map { "\($0.key) on \($0.value.map(\.host).joined(separator: ", "))" }.joined(separator: "; ")
    }
}

extension ClusterStatus.HostStatus {
    /// Whether nothing of what haprov installs is here.
    fileprivate var isBare: Bool { failure == nil && services.allSatisfy { $0.state == "not installed" } }
}

extension ServerState {
    /// As a server that it is asked of is called.
    fileprivate var health: String { self == .ready ? "up" : rawValue }
}

extension BalancedServer {
    /// What it was told, and how it is.
    var health: String {
        if state == .ready { return isUp ? state.health : "down" }
        return state == .drain && !isUp ? "drain, down" : state.health
    }
}

extension CertificateFact {
    /// Seconds since 1970; nil for what is no certificate.
    var end: Int? { Base64.decode(base64.utf8).flatMap(CertificateEnd.notAfter) }
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

// MARK: for programs

extension StatusPage {
    /// Of the summary, and of each round of a watch.
    var fields: [String: JSONValue] {
        let holders = report.hosts.map(\.name).filter { name in
            report.holdings.contains { $0.hosts.contains(name) }
        }
        let vips = report.holdings.map { holding -> (String, JSONValue) in
            let addresses = holding.instance.addresses.map { JSONValue.text("\($0.address)") }
            return (
                holding.instance.name,
                ["addresses": .list(addresses), "holders": .list(holding.hosts.map(JSONValue.text))]
            )
        }
        return [
            "holders": .list(holders.map(JSONValue.text)),
            "vips": .object(Dictionary(vips, uniquingKeysWith: { $1 })),
            "last_run": report.lastRun?.standing ?? .null, "last_drill": report.lastDrill?.standing ?? .null,
        ]
    }

    /// What a balancer's object has.
    func fields(of host: ClusterStatus.HostStatus) -> [String: JSONValue] {
        let vips = report.holdings.filter { $0.hosts.contains(host.name) }.map(\.instance.name)
        func texts(_ pairs: [(String, String)]) -> JSONValue {
            .object(Dictionary(pairs.map { ($0, .text($1)) }, uniquingKeysWith: { $1 }))
        }
        return [
            "host": .text(host.name), "vip": .flag(!vips.isEmpty), "vips": .list(vips.map(JSONValue.text)),
            "error": host.failure.map { .text("\($0.step): \($0.summary)") } ?? .null,
            "services": texts(host.services.map { ($0.name, $0.state) }),
            "versions": texts(host.versions.map { ($0.name, $0.version) }),
            "running": texts(host.running.map { ($0.key, $0.value) }),
            "routers": .list(
                host.routers.map { router in
                    [
                        "name": .text(router.name), "state": router.state.isEmpty ? .null : .text(router.state),
                        "priority": router.priority.map(JSONValue.number) ?? .null,
                    ]
                }),
            "servers": host.servers.map { texts($0.map { ($0.title, $0.health) }) } ?? .null,
            "taken_out": texts(host.takenOut.map { ($0.title, $0.state.rawValue) }),
            "certificates": .list(
                host.certificates.compactMap { certificate in
                    certificate.end.map { end in
                        [
                            "file": .text(certificate.file),
                            "ends": .text(Clock.stamp("%Y-%m-%dT%H:%M:%SZ", at: end)),
                        ]
                    }
                }),
            "drift": .list(host.drift.map(JSONValue.text)), "lock": host.lock.map { Self.json($0, host) } ?? .null,
            "maintenance": host.maintenance.map(\.json) ?? .null,
            "moved": .list(host.moves.map { .text("\($0.instance)") }),
            "left_out": host.leftOut.map { run in
                [
                    "run": .text(run.id), "operator": .text(run.operatorName), "started": .text(run.started),
                    "reason": run.reason.isEmpty ? .null : .text(run.reason),
                ]
            } ?? .null,
        ]
    }

    private static func json(_ lock: LockFact, _ host: ClusterStatus.HostStatus) -> JSONValue {
        [
            "owner": .text(lock.owner), "run": .text(lock.run), "seconds": .number(lock.held),
            "silent_seconds": .number(lock.age), "step": .text(lock.step), "step_seconds": .number(lock.stepAge),
            "abandoned": .flag(host.isAbandoned),
        ]
    }
}

extension RecordedRun {
    /// As status has it.
    fileprivate var standing: JSONValue {
        [
            "run": .text(id), "command": .text(command), "result": .text(result), "started": .text(fact.started),
            "operator": .text(fact.operatorName),
        ]
    }
}
