import Inventory
import Prober

extension ProbeConfiguration {
    /// The request that stands for the service: to the first listener on the VIP, HTTP before TCP; nil where there is none.
    init?(
        _ cluster: Cluster, instance: VRRPInstance, path: String, interval: Int, timeout: Int, maximumSeconds: Int
    ) {
        let vip = instance.representative.description
        let open = cluster.haproxy.listeners.filter { ["*", "0.0.0.0", vip, ""].contains($0.address) }
        guard let listener = open.first(where: { $0.mode == "http" }) ?? open.first else { return nil }
        self.init(
            address: vip, port: listener.port, kind: listener.mode == "http" ? .http : .tcp, path: path,
            interval: interval, timeout: timeout, maximumSeconds: maximumSeconds)
    }
}
