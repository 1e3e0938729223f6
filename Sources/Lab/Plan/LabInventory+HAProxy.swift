import Inventory

extension LabInventory {
    static func haproxy(_ cluster: Cluster) -> [String] {
        let haproxy = cluster.haproxy
        let head =
            ["haproxy:"] + program(haproxy.origin, haproxy.version, haproxy.prefix).map { "  \($0)" }
            + (haproxy.makeOptions.isEmpty ? [] : ["  make: \(list(haproxy.makeOptions))"])
        if let own = haproxy.own { return head + configuration(own) }
        let extra = [("global", haproxy.extra.global), ("defaults", haproxy.extra.defaults)].filter { !$0.1.isEmpty }
        let lines = extra.map { "    \($0.0): \(list($0.1))" }
        return head + (lines.isEmpty ? [] : ["  extra:"] + lines) + ["  frontends:"]
            + haproxy.frontends.map(frontend) + ["  backends:"]
            + haproxy.backends.map { backend($0, applications: cluster.applications.map { .host($0.name) }) }
    }

    /// What an inventory says of keepalived.conf beside its own.
    static func keepalivedLines(of keepalived: Keepalived) -> [String] {
        let extra = [
            ("global", keepalived.extra.global), ("script", keepalived.extra.script),
            ("instance", keepalived.extra.instance), ("top", keepalived.extra.top),
        ].filter { !$0.1.isEmpty }.map { "\($0.0): \(list($0.1))" }
        return (extra.isEmpty ? [] : ["extra: { \(extra.joined(separator: ", ")) }"])
            + (keepalived.template.map { ["config: \(scalar($0))"] } ?? [])
            + (keepalived.drop.isEmpty ? [] : ["drop: \(list(keepalived.drop))"])
    }

    private static func configuration(_ own: OwnConfiguration) -> [String] {
        var parts = ["from: \(scalar(own.source))"]
        if let target = own.target { parts.append("to: \(scalar(target))") }
        if let folder = own.perHost { parts.append("per_host: \(scalar(folder))") }
        var lines = ["  config: { \(parts.joined(separator: ", ")) }"]
        if !own.ports.isEmpty { lines.append("  ports: [\(own.ports.map(String.init).joined(separator: ", "))]") }
        if !own.unmanaged.isEmpty { lines.append("  unmanaged: \(list(own.unmanaged))") }
        return lines
    }

    private static func frontend(_ frontend: Frontend) -> String {
        let binds = frontend.binds.map { bind in
            let last = bind.ports.count == 1 ? "" : "-\(bind.ports.upperBound)"
            return "\(bind.address):\(bind.ports.lowerBound)\(last)"
        }
        var parts = ["bind: \(binds.count == 1 ? scalar(binds[0]) : list(binds))"]
        if frontend.mode != "http" { parts.append("mode: \(scalar(frontend.mode))") }
        parts.append("backend: \(scalar(frontend.backend))")
        if !frontend.extra.isEmpty { parts.append("extra: \(list(frontend.extra))") }
        return "    \(scalar(frontend.name)): { \(parts.joined(separator: ", ")) }"
    }

    private static func backend(_ backend: Backend, applications: [BackendServer]) -> String {
        let servers =
            backend.servers == applications
            ? "application" : "[\(backend.servers.map(server).joined(separator: ", "))]"
        var parts = ["servers: \(servers)", "port: \(backend.port)"]
        if backend.mode != "http" { parts.append("mode: \(scalar(backend.mode))") }
        parts.append("balance: \(scalar(backend.balance))")
        if backend.check != BackendCheck() { parts.append("check: \(check(backend.check))") }
        if !backend.extra.isEmpty { parts.append("extra: \(list(backend.extra))") }
        return "    \(scalar(backend.name)): { \(parts.joined(separator: ", ")) }"
    }

    private static func server(_ server: BackendServer) -> String {
        guard case .outside(let name, let address, let port) = server else { return scalar(server.name) }
        return "{ name: \(scalar(name)), address: \(scalar("\(address)"))\(port.map { ", port: \($0)" } ?? "") }"
    }

    private static func check(_ check: BackendCheck) -> String {
        var parts: [String] = []
        switch check.kind {
        case .none: return "none"
        case .connection: break
        case .page(let path, let host, let status):
            parts.append("path: \(scalar(path))")
            if let host { parts.append("host: \(scalar(host))") }
            if let status { parts.append("status: \(status)") }
        }
        if let interval = check.interval { parts.append("interval: \(time(interval))") }
        for (key, value) in [("fall", check.fall), ("rise", check.rise), ("port", check.port)] {
            if let value { parts.append("\(key): \(value)") }
        }
        return "{ \(parts.joined(separator: ", ")) }"
    }
}
