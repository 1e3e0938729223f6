import HAProxyReading
import Inventory
import Linting
import Planning
import VRRP

extension LintSubject {
    /// What the resources of each host would write.
    init(_ cluster: Cluster, resources: [String: HostResources], now: Int) {
        self.init(now: now)
        for host in cluster.balancers {
            guard let own = resources[host.name] else { continue }
            balancers.append(Balancer(host.name, own.all, cluster.haproxy.own?.source))
        }
    }
}

extension LintSubject.Balancer {
    /// - Parameter source: the operator's own configuration on the controller, by which places in it are named.
    fileprivate init(_ name: String, _ resources: [any Resource], _ source: String?) {
        self.init(name: name)
        let texts = resources.compactMap { $0 as? any TextResource }
        func text(_ path: String) -> String? {
            texts.last { $0.target.path == path }.map { String(decoding: $0.content, as: UTF8.self) }
        }
        if let main = text(Engine.configuration) {
            let result = ConfigurationReader.read(
                ConfigurationReader.Source(file: Engine.configuration, text: main)
            ) { pattern, _ in
                // A file that is on the hosts alone cannot be read here; it is not taken for missing.
                [ConfigurationReader.Source(file: pattern, text: text(pattern) ?? "")]
            }
            keepalived = LintSubject.Keepalived(file: Engine.configuration, result: result)
            for path in result.configuration.scripts.compactMap(\.command.first) {
                guard let script = texts.last(where: { $0.target.path == path }) else { continue }
                scripts[path] = LintSubject.Script(
                    file: path, text: String(decoding: script.content, as: UTF8.self),
                    mode: Int(script.target.mode, radix: 8))
            }
        }
        if let tree = resources.compactMap({ ($0 as? TreeResource)?.tree }).first, let source {
            let isFolder = !source.hasSuffix(".cfg") && !source.hasSuffix(OwnConfiguration.templateSuffix)
            func place(_ path: String) -> String { isFolder ? "\(source)/\(path)" : source }
            let files = tree.files.map { (path: $0.path, text: String(decoding: $0.content, as: UTF8.self)) }
            haproxy = HAProxyReader.read(
                files.filter { $0.path == OwnConfiguration.mainFile }.map {
                    HAProxyReader.Source(file: place($0.path), text: $0.text)
                })
            certificates = files.filter { $0.text.contains("-----BEGIN CERTIFICATE-----") }.map {
                LintSubject.Certificate(file: place($0.path), text: $0.text)
            }
        } else if let file = texts.last(where: { $0.target.path.hasSuffix("/\(OwnConfiguration.mainFile)") }) {
            haproxy = HAProxyReader.read([
                HAProxyReader.Source(
                    file: file.target.path, text: String(decoding: file.content, as: UTF8.self))
            ])
        }
        bindsForeignAddresses = resources.contains {
            guard let setting = $0 as? SysctlResource else { return false }
            return setting.key == "net.ipv4.ip_nonlocal_bind" && setting.value == "1"
        }
    }
}
