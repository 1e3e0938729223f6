import Drills
import Errors
import Inventory
import Planning
import Provisioning

/// What `maintenance` does.
struct MaintenanceWork {
    var workspace: Workspace
    var session: Session
    var console: Console
    var interrupt: Interrupt
    var consent: ConsentOptions
    var host: String
    var begins: Bool
    /// How long it is to last, where that was said.
    var seconds: Int?

    func run() async throws -> Outcome {
        guard workspace.cluster.balancers.contains(where: { $0.name == host }) else {
            throw Failure(
                .input, step: "maintenance", summary: "the inventory has no balancer `\(host)`",
                remedy: "The balancers are \(workspace.cluster.balancers.map(\.name).joined(separator: ", ")).")
        }
        return try await session.withFleet { [session] fleet in
            if !begins, try await !session.resting(fleet).contains(host) {
                console.say("\(host) is not in maintenance.")
                return Outcome()
            }
            let run = RunIdentity.new("maintenance \(host) \(begins ? "on" : "off")", reason: consent.reason)
            let what =
                begins ? "takes no part in VRRP until `haprov maintenance \(host) off`" : "takes part in VRRP again"
            let reports = try await withdraw(fleet, run) { notice in "\(host) \(what); \(notice)." }
            console.say(
                begins
                    ? "\(host) is in maintenance, run \(run.id): `haprov maintenance \(host) off` ends it."
                    : "\(host) takes part again, run \(run.id). `haprov apply` makes up for what it was left out of.")
            return Outcome(
                changes: 1, run: run.id, fields: ["moves": .list(reports.map { JSONValue(encoding: $0) })])
        }
    }

    /// An instance that will move, and where it is expected.
    private struct Moving: Sendable {
        var instance: VRRPInstance
        var from: String
        var to: String
    }

    private func moving(_ facts: [String: Facts]) -> [Moving] {
        workspace.cluster.instances.compactMap { instance in
            let members = workspace.cluster.balancers(of: instance).map(\.name)
            let holders = members.filter { facts[$0]?.holds(instance) == true }
            guard holders.count == 1 else { return nil }
            if begins {
                let next = members.first { $0 != host && facts[$0]?.isStandby == true }
                guard holders == [host], let next else { return nil }
                return Moving(instance: instance, from: host, to: next)
            }
            let isMoved = facts.contains { $0.value.hasMove(of: instance) }
            guard instance.preempt, !isMoved, let own = instance.priority(of: host),
                let other = instance.priority(of: holders[0]), own > other
            else { return nil }
            return Moving(instance: instance, from: holders[0], to: host)
        }
    }

    /// Asks, and does it under the locks.
    ///
    /// - Parameter question: made of what clients may notice.
    func withdraw(
        _ fleet: Fleet, _ run: RunIdentity, asking question: (_ notice: String) -> String
    ) async throws -> [HandoverReport] {
        let facts = try await MoveControl.look(session, fleet)
        let control = MaintenanceControl(session, fleet: fleet, host: host)
        if begins { try control.refuse(facts) }
        let moving = moving(facts)
        try Consent.ask(question(Self.notice(moving)), yes: consent.yes, console: console)
        let reports = try await RunFailure.naming(run, interrupt) {
            try await session.locked(fleet, for: run, clock: Clock.now) {
                try await carryOut(control, moving, run)
            }
        }
        for report in reports { console.show(report) }
        return reports
    }

    private static func notice(_ moving: [Moving]) -> String {
        let moves = moving.map { "\($0.instance) goes from \($0.from) to \($0.to)" }
        return moves.isEmpty
            ? "clients notice nothing"
            : moves.joined(separator: ", ") + ": a short gap, and connections that are open to it end"
    }

    private func carryOut(
        _ control: MaintenanceControl, _ moving: [Moving], _ run: RunIdentity
    ) async throws -> [HandoverReport] {
        let deed: @Sendable () async throws -> Void = { [begins, seconds] in
            if begins { try await control.begin(for: seconds, run: run) } else { try await control.end(run: run) }
        }
        guard let first = moving.first else {
            try await deed()
            return []
        }
        // One stands for all: they go at the same moment.
        let report = try await Handover(
            workspace.cluster, instance: first.instance, options: try workspace.drillOptions(run),
            connect: workspace.connector, event: { [console] in console.show($0) }
        ).measure(from: first.from, to: first.to, deed: deed)
        return [report]
    }
}
