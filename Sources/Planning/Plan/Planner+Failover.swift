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
        switch change {
        case let archive as InstallArchive: return cluster.compiledProducts.contains { $0.name == archive.product }
        case let file as WriteFile:
            // A host's new name there is no more than a name.
            return facts[host]?.configurationChange(by: file)?.mattersToFailover ?? concernsFailover(file.path)
        case let file as SetMode: return concernsFailover(file.path)
        case let link as MakeLink: return concernsFailover(link.path)
        // Another engine takes over.
        case let unit as UnitChange: return unit.verb == .stop && Engine.units.contains(unit.unit)
        default: return false
        }
    }

    /// Whether a path is of VRRP's configuration, or of a unit or program of its own or of HAProxy's.
    private func concernsFailover(_ path: String) -> Bool {
        let directory = Engine.configuration.split(separator: "/").dropLast().joined(separator: "/")
        if path.hasPrefix("/\(directory)/") { return true }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let programs = Engine.allCases.map(\.program) + ["haproxy"]
        return programs.contains(name) || programs.contains { "\($0).service" == name }
    }
}

extension Engine {
    /// What is done to its service.
    package var subject: Subject { Subject(ServiceResource.kind, program) }
}

extension Facts {
    /// What it means that a file is written; nil where it is not the engines' configuration.
    func configurationChange(by file: WriteFile) -> ConfigurationChange? {
        guard file.path == Engine.configuration, case .bytes(let bytes) = file.content else { return nil }
        let old = files[Engine.configuration]?.content ?? []
        return ConfigurationChange(
            from: String(decoding: old, as: UTF8.self), to: String(decoding: bytes, as: UTF8.self))
    }
}
