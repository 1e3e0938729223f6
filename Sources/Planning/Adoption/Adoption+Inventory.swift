import Inventory
import Texts
import VRRP

extension Adoption {
    /// The inventory.
    ///
    /// - Parameter lost: what it cannot say, by host.
    package func inventory(lost: [String: [ConfigurationDirective]] = [:]) -> String {
        var lines = [
            "# Written by `haprov adopt` from what was found on \(names.joined(separator: ", ")).",
            "cluster: \(Self.scalar(cluster))",
            "engine: keepalived",
            "ssh:", "  user: \(Self.scalar(login.user))", "  port: \(login.port)",
        ]
        lines += login.lines.map { "  \($0)" }
        lines += [""] + vipLines + ["", "health_check: \(healthCheck.rawValue)", ""] + haproxyLines
        lines += [""] + keepalivedLines(lost) + ["", "hosts:"]
        for (name, balancer) in zip(names, balancers) {
            lines.append("  \(Self.scalar(name)): { \(host(name, balancer).joined(separator: ", ")) }")
        }
        lines += [
            "", "# `apply` asks before it proves the failover by killing HAProxy on the master.",
            "drill: { after_apply: ask }",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private var hasOnlyVIP: Bool {
        vips.count == 1 && vips[0].name == VRRPInstance.onlyVIP && vips[0].addresses.count == 1
    }

    private var vipLines: [String] {
        guard !hasOnlyVIP else {
            return ["vip:", "  address: \(vips[0].addresses.first ?? "")"] + settings(vips[0]).map { "  \($0)" }
        }
        return ["vips:"]
            + vips.flatMap { vip in
                let addresses = vip.addresses.map(Self.scalar).joined(separator: ", ")
                let numbers = vip.priorities.map { "\(Self.scalar($0.host)): \($0.priority)" }
                var lines = ["addresses: [\(addresses)]", "priorities: { \(numbers.joined(separator: ", ")) }"]
                if let group = vip.syncGroup { lines.append("sync_group: \(Self.scalar(group))") }
                return ["  \(Self.scalar(vip.name)):"] + (lines + settings(vip)).map { "    \($0)" }
            }
    }

    private func settings(_ vip: FoundVIP) -> [String] {
        let time = vip.advertisementInterval
        var lines = [
            "interface: \(Self.scalar(vip.interface))", "virtual_router_id: \(vip.virtualRouterID)",
            "version: \(vip.version)", "advert_int: \(time % 1000 == 0 ? "\(time / 1000)s" : "\(time)ms")",
            "preempt: \(vip.preempt)",
        ]
        if vip.unicast { lines.append("unicast: true") }
        if vip.password != nil { lines.append("password: { file: \(Self.scalar(Self.passwordPath(of: vip))) }") }
        return lines
    }

    private var haproxyLines: [String] {
        let configuration = balancers[0].configuration
        let place = balancers[0].facts.eldest(HAProxy.program)?.path ?? ""
        var parts = ["from: \(Self.folder)/config", "to: \(Self.scalar(configuration.folder))"]
        if differs { parts.append("per_host: \(Self.folder)/hosts") }
        return [
            "# `found`: program, user and service stay as they are; haprov keeps haproxy.cfg, and has it reloaded.",
            "haproxy:", "  from: found", "  program: \(Self.scalar(place))\(owner(of: place))",
            "  version: \(Self.scalar(version(of: HAProxy.program)))", "  config: { \(parts.joined(separator: ", ")) }",
        ]
    }

    private func owner(of path: String) -> String {
        balancers[0].facts.owners[path].map { "   # of the package \($0)" } ?? ""
    }

    private func keepalivedLines(_ lost: [String: [ConfigurationDirective]]) -> [String] {
        let program = Engine.all[0].program
        let place = balancers[0].facts.eldest(program)?.path ?? ""
        var lines = [
            "keepalived:", "  from: found", "  program: \(Self.scalar(place))\(owner(of: place))",
            "  version: \(Self.scalar(version(of: program)))",
        ]
        var seen = Set<String>()
        let all = names.flatMap { lost[$0] ?? [] }.filter { seen.insert($0.name).inserted }
        guard !all.isEmpty else { return lines }
        lines += [
            "  # keepalived.conf has these lines, and the inventory does not say them. `plan` refuses to lose them until each is",
            "  # kept in `extra` (global, script, instance, top), word by word, or named in `drop`:",
        ]
        lines += all.map { "  #   \($0.name)" + ($0.line > 0 ? " (line \($0.line))" : "") }
        lines.append("  # drop: [\(all.map { Self.quoted($0.name) }.joined(separator: ", "))]")
        return lines
    }

    private func host(_ name: String, _ balancer: FoundBalancer) -> [String] {
        var parts = ["address: \(balancer.address)", "role: balancer"]
        if hasOnlyVIP, let own = vips[0].priorities.first(where: { $0.host == name }) {
            parts.append("priority: \(own.priority)")
        }
        if let nic = vips.lazy.compactMap({ $0.interfaces[name] }).first {
            parts.append("interface: \(Self.scalar(nic))")
        }
        var ssh: [String] = []
        if balancer.user != login.user { ssh.append("user: \(Self.scalar(balancer.user))") }
        if balancer.port != login.port { ssh.append("port: \(balancer.port)") }
        if !ssh.isEmpty { parts.append("ssh: { \(ssh.joined(separator: ", ")) }") }
        return parts
    }

    /// Quoted where YAML might take it for something else.
    package static func scalar(_ text: String) -> String {
        let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        let isPlain = text.wholeMatch(of: /[A-Za-z\/][A-Za-z0-9\/._-]*|[0-9]+\.[0-9]+(\.[0-9]+)+(\/[0-9]+)?/) != nil
        return isPlain && !words.contains(text.lowercased()) ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String { JSONText.quoted(text) }
}

extension Adoption {
    /// What each host's keepalived.conf says and the one that is rendered from the inventory does not.
    package func lost(to resources: [String: HostResources]) -> [String: [ConfigurationDirective]] {
        var lost: [String: [ConfigurationDirective]] = [:]
        for (name, balancer) in zip(names, balancers) {
            guard let text = resources[name]?.keepalivedConfiguration else { continue }
            lost[name] = ConfigurationReader.dropped(
                from: balancer.source, by: .init(file: Engine.configuration, text: text), drop: [])
        }
        return lost.filter { !$0.value.isEmpty }
    }

    /// VRRP's passwords as the protocol carries them, by virtual router ID.
    package var passwords: [UInt8: String] {
        Dictionary(
            vips.compactMap { vip in vip.password.map { (vip.virtualRouterID, VRRPPassword.carried($0)) } },
            uniquingKeysWith: { first, _ in first })
    }
}

extension HostResources {
    /// The keepalived.conf that a host is to have.
    var keepalivedConfiguration: String? {
        let texts = all.compactMap { $0 as? any TextResource }
        return texts.last { $0.target.path == Engine.configuration }.map { String(decoding: $0.content, as: UTF8.self) }
    }
}
