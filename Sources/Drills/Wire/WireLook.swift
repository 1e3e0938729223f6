import Inventory
import Planning
import Prober
import Provisioning
import SSH
import VRRP

/// Looks who answers for the VIP: from balancers that do not hold it, from here where this machine is on that link, and
/// for what balancers of earlier runs still do. Changes nothing on hosts but a neighbour's entry in their kernels.
package struct WireLook: Sendable {
    private let cluster: Cluster
    private let connect: Connector
    private let prober: @Sendable () -> StaticProgram?

    /// - Parameters:
    ///   - connect: opens connections to hosts that are no balancers any more.
    ///   - prober: hears everybody that answers, on a host where this machine cannot.
    package init(
        _ cluster: Cluster, connect: @escaping Connector,
        prober: @escaping @Sendable () -> StaticProgram? = { .find("haprov-prober") }
    ) {
        self.cluster = cluster
        self.connect = connect
        self.prober = prober
    }

    /// Asks by connections of its own. Balancers that cannot be asked are left out: others say so.
    package func look(at hosts: [Host]) async -> WireView {
        let fleet = await Fleet.connect(to: hosts, by: connect)
        let view = await look(by: fleet.connections)
        for connection in fleet.connections.values { await connection.close() }
        return view
    }

    /// Asks by open connections to balancers, by name.
    package func look(by connections: [String: any HostConnection]) async -> WireView {
        let vips = cluster.vips.map { "\($0)" }
        let hosts = cluster.hosts.map { "\($0.address)" }
        var view = WireView(cluster: cluster, facts: await facts(hosts, by: connections))
        let former = FormerHost.known(to: view.facts, cluster: cluster)
        // An application may have been a balancer.
        let others = former.map { "\($0.address)" }.filter { !hosts.contains($0) }
        let addresses = hosts + others + [WireView.nobodys]
        async let states = FormerHostState.look(at: former, cluster: cluster, by: connect)
        view.heard = await hear(vips + addresses, by: connections, facts: view.facts)
        view.former = await states
        // Where nobody hears everybody, the kernels are to know the machines of earlier runs.
        if view.heard.isEmpty, !former.isEmpty { view.facts = await facts(addresses, by: connections) }
        return view
    }

    /// - Parameter addresses: whose machines shall be known beside those that answer for the VIPs.
    private func facts(
        _ addresses: [String], by connections: [String: any HostConnection]
    ) async -> [String: Facts] {
        var query = ProbeQuery("probe_answers")
        query.arguments = [cluster.vips.map { "\($0)" }.joined(separator: " ")] + addresses
        let script = Probe.script([query])
        return await withTaskGroup(of: (String, Facts?).self) { group in
            for (name, connection) in connections {
                group.addTask {
                    let result = try? await connection.run(script, deadline: Deadline(idle: 30, total: 60)) { _ in }
                    guard let result, result.exitStatus == 0 else { return (name, nil) }
                    return (name, FactsReader.read(result.standardOutput))
                }
            }
            var all: [String: Facts] = [:]
            for await (name, facts) in group { all[name] = facts }
            return all
        }
    }

    /// What every machine answers by IPv4: heard here, or else on the last balancer that does not hold a VIP.
    private func hear(
        _ addresses: [String], by connections: [String: any HostConnection], facts: [String: Facts]
    ) async -> [WireView.Answer] {
        let addresses = addresses.filter { IPAddress($0)?.family == .ipv4 }
        if let question = NeighbourQuestion(addresses) {
            for time in stride(from: 0, through: NeighbourQuestion.duration, by: 10) {
                question.step(at: time)
                try? await Task.sleep(for: .milliseconds(10))
            }
            return question.answers.map(Self.answer)
        }
        let asker = cluster.balancers.last { host in
            facts[host.name].map { cluster.held(by: $0).isEmpty } ?? false
        }
        guard let connection = asker.flatMap({ connections[$0.name] }), let prober = prober() else { return [] }
        let script = RemoteScript(
            HostScript.probe(
                size: prober.size, arguments: ["--neighbours", addresses.joined(separator: ",")], inMemory: true),
            payload: [prober.payload])
        let result = try? await connection.run(script, deadline: Deadline(idle: 60, total: 300)) { _ in }
        return (result?.lines ?? []).compactMap { NeighbourAnswer($0).map(Self.answer) }
    }

    private static func answer(_ answer: NeighbourAnswer) -> WireView.Answer {
        WireView.Answer(
            address: answer.address, hardware: answer.hardware, kind: answer.isOwner ? .owner : .standIn)
    }
}
