import Inventory
import VRRP

/// The cluster of the guide: three balancers, three applications, one VIP.
package enum GuideCluster {
    /// With the versions that Debian 12 has sources of, since those are at hand without the internet.
    package static func cluster() -> Cluster {
        let hosts =
            (1...3).map { host("haproxy\($0)", 100 + UInt32($0), .balancer) }
            + (1...3).map { host("app\($0)", 103 + UInt32($0), .application) }
        return Cluster(
            name: "web", engine: .keepalived,
            instances: [
                VRRPInstance(
                    addresses: [InterfaceAddress(address: address(100), prefixLength: 24)], interface: "ens33",
                    virtualRouterID: 51, version: .v2, advertisementInterval: .seconds(1), preempt: true,
                    unicast: false,
                    password: .text("4gjfethTonUY7kXU"),
                    members: (1...3).map { .init(host: "haproxy\($0)", priority: 102 - $0) })
            ],
            healthCheck: .process, packages: .host, allowUpgrades: false, buildHost: nil,
            haproxy: HAProxy(
                version: "2.6.12", prefix: "/usr/local/haproxy",
                frontends: [Frontend(name: "web", bindAddress: "*", port: 80, mode: "http", backend: "app")],
                backends: [
                    Backend(
                        name: "app", servers: ["app1", "app2", "app3"], port: 10900, balance: "roundrobin",
                        mode: "http")
                ]),
            keepalived: Keepalived(version: "2.2.7", prefix: "/usr/local/keepalived"), hosts: hosts,
            limits: Limits(vipMoved: 5000, clientGap: 5000))
    }

    private static func address(_ last: UInt32) -> IPAddress {
        .v4(172 << 24 | 16 << 16 | 122 << 8 | last)
    }

    private static func host(_ name: String, _ last: UInt32, _ role: Role) -> Host {
        Host(
            name: name, address: address(last), role: role, interface: "ens33",
            ssh: SSHSettings(
                user: "root", port: 22, identities: [], knownHosts: "", passphraseVariable: nil, password: nil))
    }
}
