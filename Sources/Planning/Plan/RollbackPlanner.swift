import Inventory

/// From the hosts' journals to the plan that takes runs back. Pure.
package struct RollbackPlanner: Sendable {
    package var cluster: Cluster
    /// With the entries of the runs to undo.
    package var facts: [String: Facts]
    /// Newest first.
    package var runs: [String]
    /// What must not appear in output.
    package var secrets: [String]
    /// Whether hosts shall speak VRRP no more, whatever ran before.
    package var retires = false

    package init(cluster: Cluster, facts: [String: Facts], runs: [String], secrets: [String] = []) {
        self.secrets = secrets
        self.cluster = cluster
        self.facts = facts
        self.runs = runs
    }

    package func plan() -> Plan {
        var hosts = cluster.rolloutOrder(facts).map { host in
            let (rollout, together) = steps(facts[host.name] ?? Facts())
            return HostPlan(host: host.name, beforeBuild: [], prepare: [], rollout: rollout, together: together)
        }
        let estimate = ImpactEstimate(cluster: cluster, facts: facts, of: hosts)
        for index in hosts.indices { hosts[index].impact = estimate.impact(hosts[index]) }
        var plan = Plan(
            purpose: .rollback, cluster: cluster.name, builds: [], hosts: hosts.filter { !$0.steps.isEmpty },
            notes: [], needsDrill: false)
        plan.notes = plan.hosts.flatMap { notes($0) }
        let left = cluster.balancers.map(\.name).filter { facts[$0] == nil }
        if !left.isEmpty, plan.hosts.contains(where: { !$0.together.isEmpty }) {
            plan.notes.append(
                "\(cluster.engine.program) goes back to its old configuration without \(left.joined(separator: ", ")): where the two "
                    + "configurations speak VRRP differently, both sides will take the VIP; leave --limit out then")
        }
        return plan
    }

    /// Where an engine runs once the plan was carried out: of what the runs started or stopped, the oldest says how it was
    /// before; what they left alone goes on as it does now.
    package func enginesAfterwards() -> Set<String> {
        let hosts = facts.filter { _, facts in
            Engine.units.contains { unit in
                let oldest = runs.reversed().lazy.flatMap { facts.entries[$0] ?? [] }.lazy.filter(\.isStanding)
                    .compactMap { $0.change as? UnitChange }
                    .first { $0.unit == unit && [.start, .stop].contains($0.verb) }
                return oldest.map { $0.verb == .stop } ?? (facts.units[unit]?.isActive == true)
            }
        }
        return Set(hosts.keys)
    }

    /// What a switch of a unit is about: that it runs, or that it starts at boot.
    private struct Switch: Hashable {
        var unit: String
        var isAboutBoot: Bool

        init?(_ change: UnitChange?) {
            guard let change, change.verb.isAboutBoot || [.start, .stop].contains(change.verb) else { return nil }
            unit = change.unit
            isAboutBoot = change.verb.isAboutBoot
        }
    }

    /// Backwards, but with what services need before and after: those that the runs started stop before their files
    /// go; those that ran before are reloaded, restarted or started once all their old files are back.
    private func steps(_ facts: Facts) -> (rollout: [Step], together: [Step]) {
        var (stops, restores, rereads, services, starts) = ([Step](), [Step](), [Step](), [Step](), [Step]())
        var together: [Step] = []
        var seen = Set<String>()
        let standing = runs.flatMap { facts.entries[$0] ?? [] }.filter(\.isStanding)
        let units = standing.compactMap { $0.change as? UnitChange }
        // A reload is not enough where the program itself goes back.
        let restarted = Set(units.filter { $0.verb == .restart }.map(\.unit))
        let changesVRRP = standing.contains { $0.subject == .at(Engine.configuration) }
        // What a service did before the oldest of these runs is what it shall do again, also where a rollback that did not come to
        // its end has taken that one back already.
        let all = runs.flatMap { (facts.entries[$0] ?? []).reversed() }.compactMap { $0.change as? UnitChange }
        let oldest = Dictionary(
            all.compactMap { unit in Switch(unit).map { ($0, unit.verb) } }, uniquingKeysWith: { $1 })
        // Engines that change over while the wire changes do so on all balancers at the same moment too. Where none ran before,
        // they stop before anything goes by which they hear each other.
        let changesOver = oldest.contains { $0.value == .stop && Engine.units.contains($0.key.unit) }
        let engines = changesVRRP && changesOver ? Engine.units : []
        let owners = Dictionary(facts.runs.map { ($0.id, UndoOwner($0)) }, uniquingKeysWith: { $1 })
        for run in runs {
            for entry in (facts.entries[run] ?? []).reversed() where entry.isStanding {
                var undo = Undo(
                    run: run, number: entry.number, subject: entry.subject, summary: Self.summary(entry),
                    change: entry.change, owner: owners[run] ?? .own)
                undo.edit = facts.edited[run]?[entry.number].map { files in
                    files.map { $0.diff(mask: SecretMask(secrets)) }.joined()
                }
                guard let unit = entry.change as? UnitChange else {
                    restores.append(.undo(undo))
                    continue
                }
                if retires, Engine.units.contains(unit.unit), ![.start, .enable].contains(unit.verb) {
                    undo.marksOnly = true
                    services.append(.undo(undo))
                    continue
                }
                switch unit.verb {
                case .start where engines.contains(unit.unit): together.append(.undo(undo))
                case .start, .enable: stops.append(.undo(undo))
                case .stop, .disable:
                    undo.marksOnly = Switch(unit).flatMap { oldest[$0] } != unit.verb
                    starts.append(.undo(undo))
                case .reread: rereads.append(.undo(undo))
                case .restart, .reload:
                    // Once a service is enough, however many runs did it.
                    undo.marksOnly =
                        (unit.verb == .reload && restarted.contains(unit.unit)) || !seen.insert(unit.unit).inserted
                    // The old configuration may speak VRRP differently: all balancers go back to it at the same moment.
                    if Engine.units.contains(unit.unit), changesVRRP || unit.verb == .reload {
                        together.append(.undo(undo))
                    } else {
                        services.append(.undo(undo))
                    }
                }
            }
        }
        if !engines.isEmpty { return (stops + restores + rereads + services, together + starts) }
        return (stops + restores + rereads + services + starts, together)
    }

    private static func summary(_ entry: EntryFact) -> String {
        switch (entry.change as? UnitChange)?.verb {
        case .restart, .reload: "\(entry.summary) (again, with the old files)"
        default: "undo: \(entry.summary)"
        }
    }

    private func notes(_ plan: HostPlan) -> [String] {
        let stops = plan.rollout.compactMap(\.unitChange).filter { $0.verb == .start }.map(\.service)
        return stops.isEmpty
            ? [] : ["\(plan.host) will no longer run \(stops.joined(separator: " and ")): they did not run before"]
    }
}
