import Inventory
import VRRP

extension Planner {
    /// Whether what a host is given can change how a failover goes: VRRP, its health check, HAProxy's program and unit; not what
    /// HAProxy serves, nor that something is merely started again. Hosts that come after the first two in line neither fail
    /// nor take over in a drill.
    func mattersToFailover(_ plan: HostPlan) -> Bool {
        let isInLine =
            cluster.instances.contains { instance in
                cluster.balancers(of: instance).prefix(2).contains { $0.name == plan.host }
            }
            || !cluster.held(by: facts[plan.host]).isEmpty
        return isInLine && plan.steps.contains { $0.change.map { matters($0, on: plan.host) } ?? false }
    }

    private func matters(_ change: any Change, on host: String) -> Bool {
        // A host's new name in the engines' configuration is no more than a name.
        if let meaning = facts[host]?.configurationChange(by: change) { return meaning.mattersToFailover }
        return switch change.bearing {
        case .none: false
        case .path(let path): concernsFailover(path)
        case .product(let product): cluster.compiledProducts.contains { $0.name == product }
        // Another engine takes over.
        case .stop(let unit): Engine.units.contains(unit)
        }
    }

    /// Whether a path is of VRRP's configuration, or of a unit or program of its own or of HAProxy's.
    private func concernsFailover(_ path: String) -> Bool {
        let directory = Engine.configuration.split(separator: "/").dropLast().joined(separator: "/")
        if path.hasPrefix("/\(directory)/") { return true }
        let parts = path.split(separator: "/").map(String.init)
        let programs = Engine.all.map(\.program) + [HAProxy.program]
        // The program, its unit, or what is added to its unit.
        return programs.contains(parts.last ?? "") || programs.contains { "\($0).service" == parts.last }
            || programs.contains { "\($0).service.d" == parts.dropLast().last }
    }
}

extension Engine {
    /// What is done to its service.
    package var subject: Subject { Subject(ServiceResource.kind, program) }
}

extension Facts {
    /// What a change means to the engines; nil where it does not write their configuration.
    func configurationChange(by change: any Change) -> ConfigurationChange? {
        guard change.bearing == .path(Engine.configuration), case .bytes(let bytes) = change.content else { return nil }
        let old = files[Engine.configuration]?.content ?? []
        return ConfigurationChange(
            from: String(decoding: old, as: UTF8.self), to: String(decoding: bytes, as: UTF8.self))
    }
}
