import Inventory

/// From the hosts' journals to the plan that takes runs back. Pure.
package struct RollbackPlanner: Sendable {
    package var cluster: Cluster
    /// With the entries of the runs to undo.
    package var facts: [String: Facts]
    /// Newest first.
    package var runs: [String]

    package init(cluster: Cluster, facts: [String: Facts], runs: [String]) {
        self.cluster = cluster
        self.facts = facts
        self.runs = runs
    }

    package func plan() -> Plan {
        let vip = cluster.vip.address.address
        let known = cluster.balancers.filter { facts[$0.name] != nil }
        let order =
            known.filter { facts[$0.name]?.holds(vip) != true }.reversed()
            + known.filter { facts[$0.name]?.holds(vip) == true }.reversed()
        let hosts = order.map { host in
            let (rollout, together) = steps(facts[host.name] ?? Facts())
            return HostPlan(host: host.name, beforeBuild: [], prepare: [], rollout: rollout, together: together)
        }
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
                let oldest = runs.reversed().lazy.flatMap { facts.entries[$0] ?? [] }.first {
                    !["undone", ""].contains($0.state) && $0.switching == ["run", unit]
                }
                return oldest.map { $0.function == "service_stop" } ?? (facts.units[unit]?.isActive == true)
            }
        }
        return Set(hosts.keys)
    }

    /// Backwards, but with what services need before and after: those that the runs started stop before their files
    /// go; those that ran before are reloaded, restarted or started once all their old files are back.
    private func steps(_ facts: Facts) -> (rollout: [Step], together: [Step]) {
        var (stops, restores, rereads, services, starts) = ([Step](), [Step](), [Step](), [Step](), [Step]())
        var together: [Step] = []
        var seen = Set<String>()
        let standing = runs.flatMap { facts.entries[$0] ?? [] }.filter { !["undone", ""].contains($0.state) }
        // A reload is not enough where the program itself goes back.
        let restarted = Set(standing.filter { $0.function == "service_restart" }.compactMap(\.arguments.first))
        let changesVRRP = standing.contains { $0.resource == "template \(Engine.configuration)" }
        // Engines that change over while the wire changes do so on all balancers at the same moment too.
        let engines = changesVRRP && standing.contains { $0.function == "service_stop" } ? Engine.units : []
        // What a service did before the oldest of these runs is what it shall do again.
        let oldest = Dictionary(standing.map { ($0.switching, $0.function) }) { $1 }
        for run in runs {
            for entry in (facts.entries[run] ?? []).reversed() where !["undone", ""].contains(entry.state) {
                var undo = Undo(
                    run: run, number: entry.number, resource: entry.resource, summary: Self.summary(entry))
                switch entry.function {
                case "service_start" where engines.contains(entry.arguments.first ?? ""): together.append(.undo(undo))
                case "service_start", "service_enable": stops.append(.undo(undo))
                case "service_stop", "service_disable":
                    undo.marksOnly = oldest[entry.switching] != entry.function
                    starts.append(.undo(undo))
                case "service_reread": rereads.append(.undo(undo))
                case "service_restart", "service_reload":
                    // Once a service is enough, however many runs did it.
                    let service = entry.arguments.first ?? ""
                    undo.marksOnly =
                        (entry.function == "service_reload" && restarted.contains(service))
                        || !seen.insert(service).inserted
                    // The old configuration may speak VRRP differently: all balancers go back to it at the same moment.
                    if Engine.units.contains(service), changesVRRP || entry.function == "service_reload" {
                        together.append(.undo(undo))
                    } else {
                        services.append(.undo(undo))
                    }
                default: restores.append(.undo(undo))
                }
            }
        }
        if !engines.isEmpty { return (stops + restores + rereads + services, together + starts) }
        return (stops + restores + rereads + services + starts, together)
    }

    private static func summary(_ entry: EntryFact) -> String {
        switch entry.function {
        case "service_restart", "service_reload": "\(entry.summary) (again, with the old files)"
        default: "undo: \(entry.summary)"
        }
    }

    private func notes(_ plan: HostPlan) -> [String] {
        let stops = plan.rollout.compactMap { step -> String? in
            guard case .undo(let undo) = step, undo.summary.hasPrefix("undo: start "), !undo.summary.hasSuffix("boot")
            else { return nil }
            return String(undo.summary.dropFirst("undo: start ".count))
        }
        return stops.isEmpty
            ? [] : ["\(plan.host) will no longer run \(stops.joined(separator: " and ")): they did not run before"]
    }
}

extension EntryFact {
    /// Which service it concerns, and whether that it runs or that it starts at boot.
    fileprivate var switching: [String] {
        let isBoot = ["service_enable", "service_disable"].contains(function)
        guard isBoot || ["service_start", "service_stop"].contains(function) else { return [] }
        return [isBoot ? "boot" : "run", arguments.first ?? ""]
    }
}
