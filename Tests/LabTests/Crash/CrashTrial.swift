import Foundation
import Synchronization
import Testing

/// Runs haprov to a point, lets the crash happen there, and sees whether what comes after puts things right.
struct CrashTrial {
    let lab: EndToEndLab
    /// By engine.
    let inventories: [String: String]
    /// The hosts before haprov came.
    let bare: Snapshots

    /// The inventory of an engine.
    private func inventory(_ engine: String) throws -> String {
        guard let inventory = inventories[engine] else { throw Trouble("no inventory for \(engine)") }
        return inventory
    }

    // MARK: undisturbed

    /// Applies on bare hosts and takes that back, watching each host's journal.
    func traces(engine: String) throws -> [CrashPoint.Run: [String: JournalTrace]] {
        var traces: [CrashPoint.Run: [String: JournalTrace]] = [:]
        let applied = try watched(.apply, engine: engine)
        let changes = try Dictionary(
            uniqueKeysWithValues: EndToEndLab.balancers.map { host in
                let lines = try lab.ask(
                    host, #"cd /var/lib/haprov/runs/*/ && for e in [0-9]*; do echo "$e $(cat "$e/function")"; done"#)
                let pairs = lines.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
                return (host, Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) }))
            })
        let undone = try watched(.rollback, engine: engine)
        for host in EndToEndLab.balancers {
            let functions = changes[host] ?? [:]
            traces[.apply, default: [:]][host] = JournalTrace(changes: functions, opens: applied[host] ?? [:])
            traces[.rollback, default: [:]][host] = JournalTrace(changes: functions, opens: undone[host] ?? [:])
        }
        return traces
    }

    private func watched(_ run: CrashPoint.Run, engine: String) throws -> [String: [String: Int]] {
        var watches: [String: JournalWatch] = [:]
        var gates: [OpenGate] = []
        defer { gates.forEach { $0.end() } }
        for host in EndToEndLab.balancers {
            let watch = JournalWatch(run)
            watches[host] = watch
            gates.append(try OpenGate(rootOf: leader(of: host)) { _ = watch.isMoment($0) })
        }
        let told = try lab.haprov(arguments(run), inventory: inventory(engine))
        guard told.status == 0 else { throw Trouble("undisturbed \(run): \(told)") }
        return watches.mapValues(\.opens)
    }

    private func arguments(_ run: CrashPoint.Run) -> [String] {
        run == .apply ? ["apply", "--yes", "--no-verify"] : ["rollback", "--all", "--yes"]
    }

    private func leader(of host: String) throws -> Int {
        let status = try Told(lab.lab("status", "--json")).summary
        guard let leader = status["hosts"].list.first(where: { $0["name"].text == host })?["leader"].number else {
            throw Trouble("\(host) is down: \(status)")
        }
        return Int(leader)
    }

    // MARK: disturbed

    /// What went wrong at a point; empty where everything is as it should be.
    func faults(at point: CrashPoint, opens: Int) throws -> [String] {
        if point.run == .rollback {
            let applied = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory(point.engine))
            guard applied.status == 0 else { throw Trouble("the apply before \(point): \(applied)") }
        }
        let crashed = try crash(at: point, opens: opens)
        guard let crashed else {
            // Less may be opened than when it was counted: what a package manager had to look up then, it knows by now.
            guard point.moment == .during, opens > 1 else { return ["it was not reached"] }
            let back = try lab.haprov("rollback", "--all", "--yes", inventory: inventory(point.engine))
            guard back.status == 0 else { throw Trouble("the rollback before \(point): \(back)") }
            return try faults(at: point, opens: opens / 2)
        }
        var faults: [String] = []
        if point.sequel == .completed {
            let again = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory(point.engine))
            guard again.status == 0 else { return ["apply ended \(again.status): \(again)\nafter \(crashed)"] }
            try lab.settled()
            let verified = try lab.haprov(
                "verify", "--yes", "--drill", "haproxy-killed", inventory: inventory(point.engine))
            if verified.status != 0 { faults.append("verify ended \(verified.status): \(verified)") }
        }
        let back = try lab.haprov("rollback", "--all", "--yes", inventory: inventory(point.engine))
        guard back.status == 0 else { return faults + ["rollback ended \(back.status): \(back)\nafter \(crashed)"] }
        faults += try lab.snapshots().difference(from: bare)
        for host in EndToEndLab.balancers where try lab.on(host, "test -e /var/lib/haprov/lock").status == 0 {
            faults.append("\(host): a lock is left")
        }
        return faults
    }

    /// Runs haprov up to the point and ends there what is to end.
    ///
    /// - Returns: what haprov said; nil where the run came to its end without the moment.
    private func crash(at point: CrashPoint, opens: Int) throws -> Told? {
        let watch = JournalWatch(point.run, until: point, opens: opens)
        let program = try lab.start(arguments(point.run), inventory: inventory(point.engine))
        let controller = program.id
        let (host, powering) = (point.host, Powering(lab.name))
        let gate = try OpenGate(rootOf: leader(of: host)) { opening in
            guard watch.isMoment(opening) else { return }
            switch point.victim {
            case .controller: kill(controller, SIGKILL)
            case .script: Processes.script(of: opening.process).forEach { kill($0, SIGKILL) }
            case .power: ["fail", "on"].forEach { powering.run($0, host) }
            }
        }
        let outcome = Result { try program.finish() }
        gate.end()
        try powering.check()
        if point.victim == .power, watch.hasCome { try lab.on(host, "firewall-cmd --state") }
        return watch.hasCome ? try Told(outcome.get()) : nil
    }
}

/// What is done with a host's power while nobody waits for it.
private final class Powering: Sendable {
    private let lab: String
    private let failures = Mutex([String]())

    init(_ lab: String) { self.lab = lab }

    func run(_ power: String, _ host: String) {
        let outcome = Result { try Program.run([EndToEndLab.program, "lab", "power", "--name", lab, host, power]) }
        if case .success(let told) = outcome, told.status == 0 { return }
        failures.withLock { $0.append("\(host), power \(power): \(outcome)") }
    }

    func check() throws {
        let all = failures.withLock { $0 }
        if !all.isEmpty { throw Trouble(all.joined(separator: "\n")) }
    }
}

/// Processes of the hosts, as this machine sees them.
private enum Processes {
    /// The script that haprov runs on a host, with everything that it started, from any process of it.
    static func script(of process: pid_t) -> [pid_t] {
        var top = process
        while let parent = parent(of: top), parent > 1, !["sshd", "systemd"].contains(name(of: parent)) { top = parent }
        var all = [top]
        var next = 0
        while next < all.count {
            let text = try? String(contentsOfFile: "/proc/\(all[next])/task/\(all[next])/children", encoding: .utf8)
            all += (text ?? "").split(separator: " ").compactMap { pid_t($0) }
            next += 1
        }
        return all
    }

    private static func parent(of process: pid_t) -> pid_t? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[end...].split(separator: " ").dropFirst(2).first.flatMap { pid_t($0) }
    }

    private static func name(of process: pid_t) -> String {
        let text = (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)) ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
