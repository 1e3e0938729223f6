import Drills
import Errors
import Inventory
import Planning
import Provisioning

/// What `move` does.
struct MoveWork {
    var workspace: Workspace
    var session: Session
    var console: Console
    var interrupt: Interrupt
    var consent: ConsentOptions
    /// Nil for home.
    var host: String?
    /// Which instance; all where nil.
    var vip: String?

    /// One instance that is to go.
    private struct Order: Sendable {
        var instance: VRRPInstance
        var from: String
        var to: String
    }

    func run() async throws -> Outcome {
        let instances = try Self.chosen(of: workspace.cluster, vip: vip, isHome: host == nil)
        if let host, !workspace.cluster.balancers.contains(where: { $0.name == host }) {
            throw Failure(
                .input, step: "move", summary: "the inventory has no balancer `\(host)`",
                remedy: "The balancers are \(workspace.cluster.balancers.map(\.name).joined(separator: ", ")).")
        }
        return try await session.withFleet { [session] fleet in
            let facts = try await MoveControl.look(session, fleet)
            let orders = try instances.compactMap { instance in
                try order(instance, facts, MoveControl(session, fleet: fleet, instance: instance))
            }
            guard !orders.isEmpty else {
                console.say(host.map { "\($0) has it already." } ?? "Nothing was moved: every virtual IP is at home.")
                return Outcome()
            }
            try Consent.ask(question(orders), yes: consent.yes, console: console)
            let run = RunIdentity.new(host.map { "move \($0)" } ?? "move --home", reason: consent.reason)
            let reports = try await RunFailure.naming(run, interrupt) {
                try await session.locked(fleet, for: run, clock: Clock.now) {
                    var reports: [HandoverReport] = []
                    for order in orders { reports.append(try await carryOut(order, fleet, run)) }
                    return reports
                }
            }
            for report in reports { console.show(report) }
            return Outcome(
                changes: reports.count, run: run.id,
                fields: ["moves": .list(reports.map { JSONValue(encoding: $0) })])
        }
    }

    /// - Parameter isHome: whether they go where they belong, which those that move with others have done by themselves.
    /// - Throws: where there is none of that name, or one of them moves with others.
    static func chosen(of cluster: Cluster, vip: String?, isHome: Bool) throws(Failure) -> [VRRPInstance] {
        let all = cluster.instances
        guard let vip else { return isHome ? all.filter(\.isMovable) : try movable(all) }
        let found = all.filter { instance in
            [instance.vip, "\(instance.virtualRouterID)"].contains(vip)
                || instance.addresses.contains { "\($0.address)" == vip }
        }
        guard found.isEmpty else { return try movable(found) }
        throw Failure(
            .input, step: "move", summary: "the inventory has no virtual IP `\(vip)`",
            remedy: "There are \(all.map(\.description).joined(separator: "; ")).")
    }

    /// - Throws: where one of them moves with others.
    private static func movable(_ instances: [VRRPInstance]) throws(Failure) -> [VRRPInstance] {
        guard let fixed = instances.first(where: { !$0.isMovable }) else { return instances }
        throw Failure(
            .input, step: "move",
            summary: "\(fixed) is in the sync group \(fixed.syncGroup ?? ""), and moves by itself with all of it",
            remedy: "Name another one with `--vip`; `haprov maintenance HOST on` moves all of them away from a host.")
    }

    /// - Returns: nil where it is there already, for as long as it should.
    private func order(
        _ instance: VRRPInstance, _ facts: [String: Facts], _ control: MoveControl
    ) throws(Failure) -> Order? {
        let from = try control.holder(in: facts)
        let best = workspace.cluster.balancers(of: instance).first?.name ?? from
        let target = host ?? best
        let isMoved = facts.contains { $0.value.hasMove(of: instance) }
        let lasts = instance.preempt && target != best
        if from == target, lasts ? facts[target]?.hasMove(of: instance) == true : !isMoved { return nil }
        try control.refuseUnfit(target, in: facts)
        return Order(instance: instance, from: from, to: target)
    }

    private func question(_ orders: [Order]) -> String {
        let text = orders.map { "\($0.instance) goes from \($0.from) to \($0.to)" }.joined(separator: "; ")
        return "\(text): new connections are answered there, those that are open to it end."
    }

    private func carryOut(_ order: Order, _ fleet: Fleet, _ run: RunIdentity) async throws -> HandoverReport {
        let control = MoveControl(session, fleet: fleet, instance: order.instance)
        let handover = Handover(
            workspace.cluster, instance: order.instance, options: try workspace.drillOptions(run),
            connect: workspace.connector, event: { [console] in console.show($0) })
        let lasts = host != nil && workspace.cluster.balancers(of: order.instance).first?.name != order.to
        do {
            let report = try await handover.measure(from: order.from, to: order.to) {
                try await control.move(to: order.to, run: run)
            }
            await control.settle(endingAt: lasts ? nil : order.to)
            return report
        } catch {
            await Task { await control.settle(endingAt: order.to) }.value
            throw error
        }
    }
}

extension Console {
    /// What a virtual IP that moved on purpose has cost.
    func show(_ report: HandoverReport) {
        say("\(green("✓")) \(bold(report.vip)) \(report.from) → \(report.to)")
        if let moved = report.movedMilliseconds {
            say("    moved after      \(moved) ms, \(report.unheldMilliseconds) ms of them on nobody")
        }
        guard let gap = report.clientGapMilliseconds else { return }
        let resolution = report.resolutionMilliseconds.map { $0 > 1 ? ", asked every \($0) ms" : "" } ?? ""
        say("    longest gap      \(gap) ms\(resolution)")
        say("    requests         \(report.requests), \(report.failed) without a good answer")
    }
}
