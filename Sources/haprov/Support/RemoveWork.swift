import Drills
import Errors
import Foundation
import Inventory
import Planning
import Provisioning

/// What `remove` does.
struct RemoveWork {
    var options: CommonOptions
    /// As the inventory is when it begins.
    var workspace: Workspace
    var console: Console
    var interrupt: Interrupt
    var consent: ConsentOptions
    var host: String
    /// Whether it is not connected to.
    var isDead: Bool

    func run() async throws -> Outcome {
        let text = try retired()
        let run = RunIdentity.new("remove \(host)", reason: consent.reason)
        var moves: [HandoverReport] = []
        if isDead {
            try Consent.ask(
                "\(host) leaves cluster \(workspace.cluster.name): \(workspace.file.path) says so, and the others are "
                    + "told. It is not connected to: nothing may start it again as it is.",
                yes: consent.yes, console: console)
        } else {
            moves = try await withdraw(run)
        }
        try write(text)
        var outcome = try await tellOthers()
        outcome.fields["moves"] = .list(moves.map { JSONValue(encoding: $0) })
        guard outcome.code == .success else {
            console.say("\(host) is not removed yet: `haprov remove \(host)` again goes on from here.")
            return outcome
        }
        if !isDead { outcome.fields["taken_back"] = .number(try await takeBack(run)) }
        console.say("\(host) is removed: it speaks no VRRP, and has nothing of haprov's.")
        return outcome
    }

    /// The inventory's text without it.
    private func retired() throws(Failure) -> String {
        guard let found = workspace.cluster.hosts.first(where: { $0.name == host }), found.role != .application else {
            throw Failure(
                .input, step: "remove", summary: "the inventory has no balancer `\(host)`",
                remedy: "The balancers are \(workspace.cluster.balancers.map(\.name).joined(separator: ", ")).")
        }
        if found.role == .retired { return workspace.file.text }
        let text = InventoryEdit.retiring(host, in: workspace.file.text)
        let reading = text.map { InventoryReader.read($0, file: workspace.file.path) }
        let fault = reading?.diagnostics.first { $0.severity == .error }
        guard let text, fault == nil, reading?.cluster?.hosts.first(where: { $0.name == host })?.role == .retired else {
            throw Failure(
                .input, step: "inventory",
                summary: fault.map { "without \(host) as a balancer: \($0.message)" }
                    ?? "`role: balancer` of \(host) is not written out, so it cannot be changed there",
                remedy: fault?.remedy ?? "Write `role: retired` for it yourself, then run this again.")
        }
        return text
    }

    /// The same cluster, in which it is a balancer still.
    private func including(_ cluster: Cluster) -> Cluster {
        var cluster = cluster
        for index in cluster.hosts.indices where cluster.hosts[index].name == host {
            cluster.hosts[index].role = .balancer
        }
        return cluster
    }

    private func session(_ workspace: Workspace) throws -> Session {
        var session = try workspace.session(events: console.show, interrupt: interrupt)
        session.patience = consent.patience
        return session
    }

    /// Its VIPs go, and no VRRP starts there any more; asks before that.
    private func withdraw(_ run: RunIdentity) async throws -> [HandoverReport] {
        var session = try session(workspace)
        session.cluster = including(workspace.cluster)
        session.chosen = nil
        let work = MaintenanceWork(
            workspace: workspace, session: session, console: console, interrupt: interrupt, consent: consent,
            host: host, begins: true, seconds: nil)
        do {
            return try await session.withFleet { fleet in
                try await work.withdraw(fleet, run) { notice in
                    "\(host) leaves cluster \(workspace.cluster.name): \(notice). VRRP there is stopped and disabled, "
                        + "\(workspace.file.path) says `role: retired`, the others are told, and what haprov put there is "
                        + "taken back."
                }
            }
        } catch let error as Failures {
            var failures = error
            for index in failures.all.indices where failures.all[index].host == host {
                guard failures.all[index].kind == .unreachable else { continue }
                failures.all[index].remedy += " Where it is gone for good: `haprov remove \(host) --dead`."
            }
            throw failures
        }
    }

    private func write(_ text: String) throws(Failure) {
        guard text != workspace.file.text else { return }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: workspace.file.path), options: .atomic)
        } catch {
            throw Failure(
                .input, step: "inventory", summary: "\(workspace.file.path) cannot be written",
                remedy: "Write `role: retired` for \(host) yourself, then run this again.")
        }
        console.say("\(workspace.file.path): \(host) is `role: retired`.")
    }

    private func tellOthers() async throws -> Outcome {
        let others = try Workspace(options, console: console)
        var agreed = consent
        agreed.yes = true
        return try await ApplyWork(
            workspace: others, session: try session(others), console: console, interrupt: interrupt, consent: agreed,
            verify: false
        ).run()
    }

    /// - Returns: how many changes of haprov's were taken back.
    private func takeBack(_ run: RunIdentity) async throws -> Int {
        console.show(.stage("Take back what is on \(host)"))
        var session = try session(workspace)
        session.cluster = including(workspace.cluster)
        session.chosen = [host]
        let single = session
        return try await single.withFleet { fleet in
            var rollbacker = Rollbacker(single, fleet: fleet)
            rollbacker.retires = true
            let runs = try rollbacker.runs(in: try await rollbacker.journals(), to: nil, all: true)
            var count = 0
            if !runs.isEmpty {
                let undoing = rollbacker
                count = try await RunFailure.naming(run, interrupt) {
                    try await undoing.roll(back: runs, all: true, run: run, clock: Clock.now).plan.changeCount
                }
            }
            try await MaintenanceControl(single, fleet: fleet, host: host).retire()
            return count
        }
    }
}
