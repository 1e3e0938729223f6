import Inventory

/// Tells what clients may notice of a plan, applied or taken back. Pure.
struct ImpactEstimate {
    private let cluster: Cluster
    private let facts: [String: Facts]
    /// The balancers that no longer serve once their turn is over.
    private let ending: Set<String>

    /// - Parameters:
    ///   - facts: of the hosts, before the plan.
    ///   - plans: of all hosts.
    init(cluster: Cluster, facts: [String: Facts], of plans: [HostPlan]) {
        self.cluster = cluster
        self.facts = facts
        ending = Set(plans.filter { Deeds($0).endService }.map(\.host))
    }

    /// What clients may notice of what is done to a host; nil where nothing is.
    func impact(_ plan: HostPlan) -> Impact? {
        guard plan.changeCount > 0 else { return nil }
        let deeds = Deeds(plan)
        let held = cluster.held(by: facts[plan.host])
        if held.isEmpty { return impact(onStandby: plan.host, deeds) }
        let addresses = Self.addresses(held)
        let list = addresses.joined(separator: ", ")
        let isTakenOver = held.allSatisfy { canBeTakenOver($0, from: plan.host) }
        if deeds.endService, !isTakenOver, let end = deeds.interruption {
            return Impact(
                addresses: addresses, gap: nil, cutsConnections: true,
                text: "clients get no answer from then on: \(end), and no other balancer takes \(list) over; "
                    + "connections are cut")
        }
        if !plan.together.isEmpty {
            let gap = held.map(\.worstTakeoverAfterHostDeath).max() ?? 0
            return Impact(
                addresses: addresses, gap: gap, cutsConnections: true,
                text:
                    "clients may notice a gap of up to \(gap) ms: all balancers take another VRRP configuration at the "
                    + "same moment, and \(list) may move meanwhile; connections through it would be cut")
        }
        guard let interruption = deeds.interruption else { return Impact(text: deeds.quiet(holding: list)) }
        guard isTakenOver else {
            return Impact(
                addresses: addresses, gap: nil, cutsConnections: true,
                text: "clients get no answer while \(interruption): no other balancer is ready to take \(list) over; "
                    + "connections are cut")
        }
        let gap = held.map(\.worstTakeoverAfterResignation).max() ?? 0
        return Impact(
            addresses: addresses, gap: gap, cutsConnections: true,
            text: "clients may notice a gap of up to \(gap) ms while \(list) moves to another balancer, as "
                + "\(interruption)\(returning(held, to: plan.host)); connections through it are cut")
    }

    /// What comes of it that a host can have its addresses again: they stay where they are, or with a balancer that is preferred.
    private func returning(_ held: [VRRPInstance], to host: String) -> String {
        guard !ending.contains(host) else { return "" }
        let back = held.filter { instance in
            let preferred = cluster.balancers(of: instance).prefix { $0.name != host }
            return instance.preempt && preferred.allSatisfy { facts[$0.name]?.runningEngine == nil }
        }
        guard !back.isEmpty else { return "" }
        let gap = back.map(cluster.returnWithoutHolder).max() ?? 0
        return gap > 0 ? ", and one of about \(gap) ms when it returns" : ", and once more when it returns"
    }

    private func impact(onStandby host: String, _ deeds: Deeds) -> Impact {
        let taken = deeds.startsEngine ? cluster.instances.filter { isTaken($0, by: host) } : []
        guard taken.isEmpty else {
            let addresses = Self.addresses(taken)
            let gap = taken.map(cluster.returnWithoutHolder).max() ?? 0
            return Impact(
                addresses: addresses, gap: gap, cutsConnections: true,
                text: "\(addresses.joined(separator: ", ")) moves to it, which is preferred to whoever holds it now"
                    + (gap > 0 ? ": clients may notice a gap of about \(gap) ms" : "") + "; connections are cut")
        }
        let own = deeds.interruptsHAProxy ? "; what is connected to an address of its own is cut" : ""
        return Impact(cutsConnections: deeds.interruptsHAProxy, text: "clients notice nothing: it holds no VIP\(own)")
    }

    /// Whether an instance moves to a host as soon as that speaks VRRP.
    private func isTaken(_ instance: VRRPInstance, by host: String) -> Bool {
        guard instance.preempt, let own = instance.priority(of: host) else { return false }
        return facts.contains { name, facts in
            name != host && facts.holds(instance) && instance.priority(of: name).map { $0 < own } == true
        }
    }

    /// Whether another balancer serves and goes on with it, as far as is known: those that are not looked at may.
    private func canBeTakenOver(_ instance: VRRPInstance, from host: String) -> Bool {
        cluster.balancers(of: instance).contains { other in
            guard other.name != host, !ending.contains(other.name) else { return false }
            return facts[other.name]?.isStandby ?? true
        }
    }

    private static func addresses(_ instances: [VRRPInstance]) -> [String] {
        instances.flatMap(\.addresses).map { "\($0.address)" }
    }
}

extension UnitChange {
    /// What is done to the unit when the change is taken back.
    fileprivate var undone: UnitChange {
        var undone = self
        switch verb {
        case .start: undone.verb = .stop
        case .stop: undone.verb = .start
        case .enable: undone.verb = .disable
        case .disable: undone.verb = .enable
        case .reread, .restart, .reload: break
        }
        return undone
    }
}

/// What a plan does to the services that clients depend on.
private struct Deeds {
    private let units: [UnitChange]

    init(_ plan: HostPlan) {
        units = plan.steps.compactMap { step in
            guard case .undo(let undo) = step else { return step.unitChange }
            return undo.marksOnly ? nil : step.unitChange?.undone
        }
    }

    private func does(_ verbs: Set<UnitChange.Verb>, to names: [String]) -> Bool {
        units.contains { verbs.contains($0.verb) && names.contains($0.unit) }
    }

    var interruptsHAProxy: Bool { does([.stop, .restart], to: [HAProxy.unit]) }
    var startsEngine: Bool { does([.start], to: Engine.units) }

    /// Whether HAProxy stops for good, or the engine with no other one in its place.
    var endService: Bool {
        let isGone = does([.stop], to: [HAProxy.unit]) && !does([.start], to: [HAProxy.unit])
        return isGone || (does([.stop], to: Engine.units) && !startsEngine)
    }

    /// What lets addresses move, in words; nil where nothing does.
    var interruption: String? {
        let services = units.filter {
            [.stop, .restart].contains($0.verb) && ([HAProxy.unit] + Engine.units).contains($0.unit)
        }
        guard !services.isEmpty else { return nil }
        return services.map { "\($0.service) is \($0.verb == .stop ? "stopped" : "restarted")" }
            .joined(separator: " and ")
    }

    /// Why nobody notices the rest.
    func quiet(holding addresses: String) -> String {
        var reasons: [String] = []
        if does([.reload], to: [HAProxy.unit]) {
            reasons.append("HAProxy is reloaded, and its old processes keep their connections")
        }
        if does([.reload], to: Engine.units) {
            reasons.append("the VRRP engine is reloaded, and goes on holding \(addresses)")
        }
        let why = reasons.isEmpty ? "no service that they use is touched" : reasons.joined(separator: "; ")
        return "clients notice nothing: \(why)"
    }
}
