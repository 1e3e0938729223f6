import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Takes a balancer out of VRRP until that is ended, over reboots, and puts it back.
package struct MaintenanceControl: Sendable {
    private let session: Session
    private let fleet: Fleet
    private let host: String

    package init(_ session: Session, fleet: Fleet, host: String) {
        self.session = session
        self.fleet = fleet
        self.host = host
    }

    /// - Throws: where the others could not take over what this balancer is there for.
    package func refuse(_ facts: [String: Facts]) throws(Failure) {
        for instance in session.cluster.instances where instance.priority(of: host) != nil {
            let others = instance.members.filter { member in
                member.host != host && facts[member.host]?.isStandby == true
                    && facts[member.host]?.maintenance == nil
            }
            guard others.isEmpty else { continue }
            throw Failure(
                .preflight, host: host, step: "maintenance",
                summary: "no other balancer that is well could have \(instance)",
                remedy: "`haprov status` shows how the others stand: bring one back first.")
        }
    }

    /// - Parameters:
    ///   - seconds: how long it is to last, for `status` to warn after; nil where that is not said.
    package func begin(for seconds: Int?, run: RunIdentity) async throws(Failure) {
        try await ask(
            ["maintenance_begin", "\(seconds ?? 0)", run.operatorName, run.started, run.reason] + Engine.units,
            run: run)
    }

    package func end(run: RunIdentity) async throws(Failure) {
        try await ask(["maintenance_end"] + Engine.units, run: run)
    }

    /// Leaves the host without VRRP and without anything of haprov's, its journal included: nobody else is to be at work there.
    package func retire() async throws(Failure) { try await ask(["maintenance_retire"] + Engine.units) }

    private func ask(_ call: [String], run: RunIdentity? = nil) async throws(Failure) {
        let begin = run.map { [["hp_begin", $0.id]] } ?? []
        let script = RemoteScript(ShellLibrary.host.script(calls: begin + [call, ["hp_say", "end"]]))
        let result = try await fleet.run(script, on: host, deadline: Deadline(idle: 120, total: 180))
        let records = Record.all(in: result.standardOutput)
        guard records.last?.word != "end" else { return }
        throw Failure(
            .change, host: host, step: "maintenance",
            summary: records.first { $0.word == "die" }?[1] ?? "the host did not answer",
            remedy: "The same command again goes on from here.",
            cause: String(decoding: result.standardError.suffix(2000), as: UTF8.self))
    }
}

extension Session {
    /// The balancers in maintenance, of those that are connected to.
    package func resting(_ fleet: Fleet) async throws(Failures) -> [String] {
        let hosts = targets.map(\.name).filter { fleet.connections[$0] != nil }
        let script = RemoteScript(ShellLibrary.host.script(calls: [["probe_duty"], ["hp_say", "end"]]))
        let found = try await fleet.onEach(hosts) { host throws(Failure) in
            try await Self.facts(script, on: host, fleet: fleet).maintenance != nil
        }.successes()
        return hosts.filter { found[$0] == true }
    }

    /// The same without those in maintenance: they are left out as by `--without`.
    ///
    /// - Throws: where none is left.
    package func sparing(_ resting: [String]) throws(Failure) -> Session {
        guard !resting.isEmpty else { return self }
        var session = self
        session.chosen = Set(targets.map(\.name)).subtracting(resting)
        session.without += resting
        guard session.chosen?.isEmpty == false else {
            throw Failure(
                .preflight, step: "maintenance",
                summary: "\(resting.joined(separator: ", ")): in maintenance, and no other balancer is to be worked on",
                remedy: "`haprov maintenance \(resting[0]) off` ends it.")
        }
        return session
    }
}
