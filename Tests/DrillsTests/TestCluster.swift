import Inventory
import VRRP

/// Clusters for tests.
enum TestCluster {
    /// The guide's six hosts.
    static func guide(
        check: HealthCheck = .process, preempt: Bool = true, vip: String = "172.16.122.100", port: Int = 80,
        advertisementInterval: Duration = .seconds(1), limits: Limits = Limits(vipMoved: 5000, clientGap: 5000)
    ) -> Cluster {
        func address(_ text: String) -> IPAddress { IPAddress(text) ?? .v4(0) }
        let ssh = SSHSettings(
            user: "root", port: 22, identities: [], knownHosts: "/dev/null", passphraseVariable: nil, password: nil)
        let roles: [(String, Role)] = [
            ("haproxy1", .balancer), ("haproxy2", .balancer), ("haproxy3", .balancer), ("app1", .application),
            ("app2", .application), ("app3", .application),
        ]
        let hosts = roles.enumerated().map { index, entry in
            Host(
                name: entry.0, address: address("172.16.122.\(101 + index)"), role: entry.1, interface: "ens33",
                ssh: ssh)
        }
        return Cluster(
            name: "web", engine: .keepalived,
            instances: [
                VRRPInstance(
                    addresses: [InterfaceAddress(address: address(vip), prefixLength: 24)], interface: "ens33",
                    virtualRouterID: 51, version: .v2, advertisementInterval: advertisementInterval, preempt: preempt,
                    unicast: false, password: nil,
                    members: [
                        .init(host: "haproxy1", priority: 101), .init(host: "haproxy2", priority: 100),
                        .init(host: "haproxy3", priority: 99),
                    ])
            ],
            healthCheck: check, packages: .host, allowUpgrades: false, buildHost: nil,
            haproxy: HAProxy(
                version: "1.8.25", prefix: "/usr/local/haproxy",
                frontends: [Frontend(name: "web", bindAddress: "*", port: port, mode: "http", backend: "app")],
                backends: [
                    Backend(
                        name: "app", servers: ["app1", "app2", "app3"], port: 10900, balance: "roundrobin",
                        mode: "http")
                ]),
            keepalived: Keepalived(version: "1.4.5", prefix: "/usr/local/keepalived"), hosts: hosts, limits: limits)
    }
}
