import Errors
import HostShell
import Inventory
import Planning
import SSH

extension FormerHostState {
    /// Asks those hosts that still let us in, all at once, and leaves out those that are balancers after all.
    package static func look(
        at hosts: [FormerHost], cluster: Cluster, by connector: @escaping Connector
    ) async -> [FormerHostState] {
        guard !hosts.isEmpty else { return [] }
        let connecting = Task { await Fleet.connect(to: hosts.compactMap { $0.host(in: cluster) }, by: connector) }
        // Nobody waits long for a host that may be gone for good.
        let limit = Task {
            try await Task.sleep(for: .seconds(5))
            connecting.cancel()
        }
        let fleet = await withTaskCancellationHandler {
            await connecting.value
        } onCancel: {
            connecting.cancel()
        }
        limit.cancel()
        let vips = cluster.vips
        // A virtual router ID may be another cluster's too, elsewhere.
        let script = Probe.script([.processes(about: vips.map(\.description))])
        let answers = await fleet.onEach(Array(fleet.connections.keys)) { host throws(Failure) in
            try await Session.facts(script, on: host, fleet: fleet)
        }
        await fleet.close()
        return hosts.map { host -> FormerHostState in
            let name = "\(host.address)"
            switch answers[name] {
            case .success(let facts):
                var state = FormerHostState(host: host, facts: facts)
                state.held = vips.filter { facts.holds($0) }
                return state
            case .failure(let failure): return FormerHostState(host: host, failure: failure)
            case nil:
                var error = fleet.errors[name]
                if error?.code == .cancelled {
                    error?.stage = .tcp
                    error?.message = "it does not answer"
                }
                var state = FormerHostState(host: host, failure: error.map { Failure($0, host: name) })
                state.isSilent = error?.stage == .tcp
                return state
            }
        }.filter { !$0.isBalancer(of: cluster) }
    }
}
