import Inventory

extension Scenario {
    /// One server of the application answers no balancer: connections to it are rejected on the balancers themselves, so that nothing
    /// is touched on its host.
    static let applicationDown = Scenario(
        name: "application-down",
        requirement: Requirement(
            words: "haproxy.backends of two servers", holds: { !servers(of: $0, one: true).isEmpty }),
        victim: Victim(
            target: { _, _ in "haprov-application" },
            title: { "the way to \(servers(of: $0, one: true).first?.name ?? "a server")" }, keepsVIP: unmoved),
        deed: .reject, isHeldDown: true, manner: "rejected", expectation: .vipStays,
        detection: { _ in 0...0 }, reach: { _ in .everybody },
        arguments: { ["tcp"] + servers(of: $0.cluster, one: true).map { "\($0.address):\($0.port)" } },
        hypothesis: {
            "When \(servers(of: $0, one: true).first?.name ?? "a server") answers no balancer, HAProxy leaves it out, and clients"
                + " are served by the others; the VIP stays."
        },
        blastRadius: { _ in "requests that HAProxy sends there until its health check has seen it" })

    /// Where requests go, each place once; of one, those of the first server of the first backend that has another.
    static func servers(of cluster: Cluster, one: Bool) -> [(name: String, address: String, port: Int)] {
        let all = cluster.haproxy.backends.map { backend in
            cluster.servers(of: backend).flatMap { server in
                Set([server.port, backend.check.port ?? server.port]).sorted().map {
                    (name: server.name, address: "\(server.address)", port: $0)
                }
            }
        }
        if one {
            let backend = all.first { Set($0.map(\.name)).count > 1 } ?? []
            return backend.filter { $0.name == backend.first?.name }
        }
        var seen = Set<String>()
        return all.flatMap { $0 }.filter { seen.insert("\($0.address) \($0.port)").inserted }
    }

    /// Nobody waits for it to move.
    static let unmoved: @Sendable (Host, Cluster) -> String = { host, _ in "\(host.name) keeps the VIP" }
}

extension Deed {
    static let reject = Deed(
        noun: "rejection", participle: "rejected", gerund: "rejecting", means: "filters", function: "drill_block",
        wayBack: "drill_unblock", restored: "open")
}
