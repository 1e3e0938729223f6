import Inventory
import Prober

extension ProbeConfiguration {
    /// The request that stands for the service: the first frontend that listens on the VIP, HTTP before TCP; nil where
    /// none does.
    init?(
        _ cluster: Cluster, instance: VRRPInstance, path: String, interval: Int, timeout: Int, maximumSeconds: Int
    ) {
        let vip = instance.representative.description
        let open = cluster.haproxy.frontends.filter { ["*", "0.0.0.0", vip, ""].contains($0.bindAddress) }
        guard let frontend = open.first(where: { $0.mode == "http" }) ?? open.first else { return nil }
        self.init(
            address: vip, port: frontend.port, kind: frontend.mode == "http" ? .http : .tcp, path: path,
            interval: interval, timeout: timeout, maximumSeconds: maximumSeconds)
    }
}
