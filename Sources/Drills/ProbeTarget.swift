import Inventory
import Prober
import VRRP

/// What is asked of a VIP for the service: what the inventory says, or else the first that listens there.
struct ProbeTarget: Sendable, Equatable {
    /// 1…65535.
    var port: Int
    var kind = ProbeConfiguration.Kind.http
    /// What was asked for by name; its host is what requests call the service.
    var url: ServiceURL?
    var isEncrypted = false
    /// Whether a good answer would take more than a client says.
    var expectsProxyHeader = false

    /// - Returns: nil where nothing of the service's listens on the VIP.
    init?(of instance: VRRPInstance, in cluster: Cluster) {
        let listeners = cluster.haproxy.listeners
        let open = listeners.filter { $0.isOpen(at: instance.representative) }
        if let url = cluster.drill.url {
            // Where nobody says who listens on that port, the VIP itself does.
            let isKnown = listeners.contains { $0.port == url.port }
            guard !isKnown || open.contains(where: { $0.port == url.port }) else { return nil }
            self.init(port: url.port, kind: url.scheme == .tcp ? .tcp : .http, url: url)
            isEncrypted = url.scheme == .https
            return
        }
        let forClients = open.filter { !$0.expectsProxyHeader }
        let pages = forClients.filter { $0.mode == "http" }
        guard
            let listener = pages.first(where: { !$0.isEncrypted }) ?? pages.first ?? forClients.first ?? open.first
        else { return nil }
        self.init(port: listener.port)
        expectsProxyHeader = listener.expectsProxyHeader
        if listener.mode != "http" || expectsProxyHeader { kind = .tcp }
        isEncrypted = kind == .http && listener.isEncrypted
    }

    private init(port: Int, kind: ProbeConfiguration.Kind = .http, url: ServiceURL? = nil) {
        self.port = port
        self.kind = kind
        self.url = url
    }

    /// Requests a second where the inventory does not say: as many as no balancer minds.
    var usualRate: Int { url != nil || isEncrypted ? 50 : 1000 }

    /// As people read it.
    func described(on instance: VRRPInstance, by settings: DrillSettings) -> String {
        let target = ProbeConfiguration(address: "\(instance.representative)", port: port).target
        var remarks = [url.map { "as \($0)" }].compactMap { $0 }
        if isEncrypted, url == nil { remarks.append("by TLS") }
        if isEncrypted, !settings.verifies { remarks.append("its certificate is not judged") }
        if expectsProxyHeader {
            remarks.append("a connection alone: whoever comes there has to speak the PROXY protocol")
        }
        return remarks.isEmpty ? target : "\(target) (\(remarks.joined(separator: "; ")))"
    }
}

extension Listener {
    /// Whether clients of a VIP get to it.
    fileprivate func isOpen(at vip: IPAddress) -> Bool {
        let everywhere = vip.family == .ipv4 ? ["*", "", "0.0.0.0"] : ["*", "", "::"]
        return everywhere.contains(address) || IPAddress(address) == vip
    }
}

extension ProbeConfiguration {
    /// The requests that stand for those of clients.
    ///
    /// - Parameter count: of VIPs that are asked at the same time: a thousand requests a second are enough for all of them.
    init(
        _ target: ProbeTarget, on instance: VRRPInstance, of cluster: Cluster, options: DrillOptions,
        besides count: Int = 1, maximumSeconds: Int
    ) {
        let settings = cluster.drill
        self.init(
            address: instance.representative.description, port: target.port, kind: target.kind,
            path: target.kind == .http ? target.url?.path ?? "/" : "/", host: target.url?.authority,
            expected: settings.expected.map(StatusSet.init) ?? .usual,
            interval: max(1_000_000 / (settings.rate ?? target.usualRate), 1000 * count), timeout: options.timeout,
            maximumSeconds: maximumSeconds)
        if target.isEncrypted {
            tls = TLSQuestion(
                name: target.url?.host, authorities: settings.verifies ? options.authorities ?? [] : nil)
        }
    }
}
