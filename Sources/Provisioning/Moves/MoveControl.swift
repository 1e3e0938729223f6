import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Moves an instance to a balancer, by what the VRRP engines ask for every second: no engine reads its files or starts anew.
///
/// Where the cluster preempts, the balancer gets the highest priority there is for as long as the move lasts; where it does not,
/// the others let go of the instance for a moment.
package struct MoveControl: Sendable {
    /// The priority of a balancer that an instance was moved to; 255 is the owner's.
    package static let priority: UInt8 = 254

    private let session: Session
    private let fleet: Fleet
    private let instance: VRRPInstance
    private let hosts: [String]

    package init(_ session: Session, fleet: Fleet, instance: VRRPInstance) {
        self.session = session
        self.fleet = fleet
        self.instance = instance
        hosts = session.cluster.balancers(of: instance).map(\.name).filter { fleet.connections[$0] != nil }
    }

    private var identifier: String { "\(instance.virtualRouterID)" }

    /// What has to be known of the balancers.
    package static func look(_ session: Session, _ fleet: Fleet) async throws -> [String: Facts] {
        let queries = ([HAProxy.unit] + Engine.units).map { ProbeQuery("probe_unit", $0) }
        return try await fleet.onEach(session.targets.map(\.name)) { host throws(Failure) in
            try await Session.facts(Probe.script(queries), on: host, fleet: fleet)
        }.successes()
    }

    /// Who holds the instance.
    ///
    /// - Throws: where it is not exactly one.
    package func holder(in facts: [String: Facts]) throws(Failure) -> String {
        let holders = hosts.filter { facts[$0]?.holds(instance) == true }
        guard holders.count != 1 else { return holders[0] }
        throw Failure(
            .preflight, step: "move",
            summary: holders.isEmpty
                ? "no balancer holds \(instance)" : "\(holders.joined(separator: " and ")) hold \(instance) at once",
            remedy: "`haprov status` shows how the balancers stand; that has to be put right first.")
    }

    /// - Throws: where the balancer could not have it.
    package func refuseUnfit(_ host: String, in facts: [String: Facts]) throws(Failure) {
        guard instance.priority(of: host) != nil else {
            throw refusal(host, "does not share \(instance)", "Name one of \(hosts.joined(separator: ", ")).")
        }
        guard facts[host]?.isStandby == true else {
            throw refusal(
                host, "does not run HAProxy and \(session.cluster.engine.program)",
                "`haprov status` shows how it stands; name another, or put it right first.")
        }
        let rivals = instance.members.filter { $0.host != host && $0.priority >= Self.priority }
        guard !instance.preempt || rivals.isEmpty else {
            throw refusal(
                rivals[0].host, "has priority \(rivals[0].priority), and nothing is above that",
                "Give the balancers priorities of at most \(Self.priority - 1).")
        }
    }

    private func refusal(_ host: String, _ what: String, _ remedy: String) -> Failure {
        Failure(.preflight, host: host, step: "move", summary: "this balancer \(what)", remedy: remedy)
    }

    /// Asks the engines for it; the instance goes there within seconds.
    ///
    /// - Parameters:
    ///   - host: where it is to go.
    package func move(to host: String, run: RunIdentity) async throws(Failures) {
        try await each(hosts) { _ in [["move_tracked", identifier]] }
        guard instance.preempt else { return try await letGo(for: host, run: run) }
        // First there, so that at no moment another one is preferred; home too: of two that are preferred by a little, both would try.
        try await each([host]) { _ in
            [["hp_begin", run.id], ["move_here", identifier, run.operatorName, run.started]]
        }
        try await each(hosts.filter { $0 != host }) { _ in [["hp_begin", run.id], ["move_home", identifier]] }
    }

    /// The standbys first, so that the holder's going leaves one that can take it.
    private func letGo(for host: String, run: RunIdentity) async throws(Failures) {
        let facts = await fleet.onEach(hosts) { host throws(Failure) in
            try await Session.facts(Probe.script([]), on: host, fleet: fleet)
        }
        let holders = try facts.successes().filter { $0.value.holds(instance) }.map(\.key)
        func leave(_ names: [String]) async throws(Failures) {
            try await each(names.filter { $0 != host }) { _ in [["hp_begin", run.id], ["move_leave", identifier]] }
        }
        try await leave(hosts.filter { !holders.contains($0) })
        try await leave(holders)
    }

    /// What a move leaves to be done, or one that failed: everybody takes part again.
    ///
    /// - Parameter host: a balancer that is no more preferred than it is by the inventory.
    package func settle(endingAt host: String? = nil) async {
        _ = await fleet.onEach(hosts) { name throws(Failure) in
            try await ask((name == host ? [["move_home", identifier]] : []) + [["move_stay", identifier]], on: name)
        }
    }

    private func each(
        _ names: [String], _ calls: @escaping @Sendable (String) -> [[String]]
    ) async throws(Failures) {
        _ = try await fleet.onEach(names) { host throws(Failure) in try await ask(calls(host), on: host) }.successes()
    }

    private func ask(_ calls: [[String]], on host: String) async throws(Failure) {
        let script = RemoteScript(ShellLibrary.host.script(calls: calls + [["hp_say", "end"]]))
        let result = try await fleet.run(script, on: host, deadline: Deadline(idle: 60, total: 60))
        let records = Record.all(in: result.standardOutput)
        guard records.last?.word != "end" else { return }
        throw Failure(
            .preflight, host: host, step: "move",
            summary: records.first { $0.word == "die" }?[1] ?? "the host did not answer",
            remedy: "`haprov status` shows how this balancer stands.",
            cause: String(decoding: result.standardError.suffix(2000), as: UTF8.self))
    }
}
