import Errors
import Inventory
import VRRP

/// Whether hosts are fit for what is asked of them. Pure.
package struct Preflight: Sendable {
    package var cluster: Cluster
    package var facts: [String: Facts]
    package var platforms: Platforms
    /// What hosts should have, by host, where that is known.
    package var resources: [String: HostResources] = [:]
    /// What stands in the way of the steps that are due, by host, where these are known: ``obstacles(to:on:room:compiles:)``.
    package var hindrances: [String: [Failure]] = [:]

    package init(cluster: Cluster, facts: [String: Facts], platforms: Platforms = .all) {
        self.cluster = cluster
        self.facts = facts
        self.platforms = platforms
    }

    /// The questions beyond those of the resources.
    ///
    /// - Parameter absent: balancers that nothing is asked of; any of them may hold the VIP.
    package func queries(for host: Host, absent: [Host] = []) -> [ProbeQuery] {
        var queries: [ProbeQuery] = []
        for instance in cluster.instances {
            for address in instance.addresses.map(\.address) {
                var neighbour = ProbeQuery("probe_neighbour", "\(address)", instance.interface(on: host))
                neighbour.arguments += absent.map { "\($0.address)" }
                queries.append(neighbour)
            }
        }
        return queries + PreflightChecks.all.flatMap { $0.queries(self, for: host) }
    }

    /// Every server that a backend sends clients to.
    var servers: [(address: String, port: Int, name: String)] {
        var seen = Set<String>()
        return cluster.haproxy.backends.flatMap { backend in
            cluster.servers(of: backend).map { ("\($0.address)", $0.port, $0.name) }
        }.filter { seen.insert("\($0.0):\($0.1)").inserted }
    }

    /// Those of a configuration of the operator's own, as far as they have addresses: some may be meant to rest.
    var ownServers: [(address: String, port: Int, name: String)] {
        var seen = Set<String>()
        return (cluster.haproxy.own?.reading.servers ?? []).compactMap { server in
            // HAProxy may pass on to itself, and does not run yet.
            guard let port = server.port, let address = IPAddress(server.address), !server.address.hasPrefix("127."),
                server.address != "::1"
            else { return nil }
            return ("\(address)", port, "\(server.backend)/\(server.name)")
        }.filter { seen.insert("\($0.0):\($0.1)").inserted }
    }

    /// Servers of the operator's own configuration that do not answer.
    func silence(_ facts: Facts) -> [String] {
        ownServers.filter { facts.reachable["\($0.address):\($0.port)"] == false }.map { server in
            "nothing answers on \(server.address):\(server.port), where HAProxy's server \(server.name) is"
        }
    }

    /// Every reason why nothing should be started, host by host.
    package func failures() -> [Failure] {
        looks.flatMap { look in PreflightChecks.all.flatMap { $0.failures(look) } } + rivals()
    }

    /// What stops nothing, but is to be known before anything is changed.
    package func remarks() -> [Remark] {
        looks.flatMap { look in
            PreflightChecks.all.flatMap { $0.remarks(look) }.map { Remark(host: look.host.name, text: $0) }
        } + listeningRemarks()
    }
}

/// What a user should know.
package struct Remark: Sendable, Equatable, CustomStringConvertible {
    /// The host, where it is about one.
    package var host: String?
    package var text: String

    /// In one line.
    package var description: String { (host.map { "\($0): " } ?? "") + text }
}
