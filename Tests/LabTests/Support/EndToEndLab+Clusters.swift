/// Small clusters on one network, of haprov's own engine and HAProxy of a package: nothing is compiled.
extension EndToEndLab {
    /// The hosts of all, as one cluster: what the lab is built from.
    static let twelveHosts: String = inventory(
        cluster: "hosts", vip: 100, balancers: Array(1...12), ssh: "", limits: "")

    /// An inventory of balancers by their numbers, the first of them preferred; a VIP's last number tells its router ID.
    static func inventory(
        cluster: String, vip: Int, balancers: [Int], ssh: String, limits: String
    ) -> String {
        let hosts = balancers.enumerated().map { place, number in
            "  haproxy\(number): { address: 172.16.122.\(number), role: balancer, priority: \(101 - place) }"
        }
        return """
            cluster: \(cluster)
            engine: vrrpd
            \(ssh)
            vip: { address: 172.16.122.\(vip)/24, interface: ens33, virtual_router_id: \(vip - 50) }
            health_check: process
            haproxy:
              from: package
              frontends: { web: { bind: "*:80", backend: app } }
              backends: { app: { servers: application, port: 10900 } }
            hosts:
            \(hosts.joined(separator: "\n"))
              app1: { address: 172.16.122.99, role: application }
            \(limits)

            """
    }
}
