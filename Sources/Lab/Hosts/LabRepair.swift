import Errors
import Foundation

/// Makes a lab what its state says: hosts that should run do, with their cables in place.
struct LabRepair {
    var paths: LabPaths
    var report: (String) -> Void

    /// - Parameter only: the one host to look at; nil means all.
    func run(_ state: LabState, only: LabHost? = nil) async throws(Failure) {
        let plan = state.plan
        let wire = LabWire(paths: paths, plan: plan)
        var hosts = only.map { [$0] } ?? plan.hosts
        if !wire.stands {
            // Without the switch every cable hangs loose, and a NIC cannot be given back to a host that runs.
            report("laying the wire again")
            hosts = plan.hosts
            for host in hosts { try await HostMachine(paths: paths, host: host).stop() }
            try await LabWire.removeAll(paths)
            try await wire.create()
        }
        var started: [HostMachine] = []
        for host in hosts where !state.off.contains(host.name) {
            let machine = try HostMachine(paths: paths, host: host)
            if machine.leader != nil, await wire.isAttached(host) { continue }
            try Watchers.check(hosts: 1)
            report("booting \(host.name)")
            try await machine.stop()
            try await wire.detach(host)
            try await wire.attach(host, isCut: state.cut.contains(host.name))
            try await machine.start(image: state.image(of: host), flavour: plan.flavour(of: host))
            started.append(machine)
        }
        let reachable = started.filter { !state.cut.contains($0.host.name) }
        try await HostReadiness(paths: paths).wait(for: reachable, strictly: false)
    }
}
