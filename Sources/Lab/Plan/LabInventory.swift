import Inventory
import Texts

/// Writes a cluster down as an inventory whose hosts are those of a lab.
enum LabInventory {
    /// - Parameters:
    ///   - identity: the private key that the lab's hosts let in.
    ///   - knownHosts: the file that holds their host keys.
    static func text(of cluster: Cluster, identity: String, knownHosts: String) -> String {
        var lines = [
            "# Written by `haprov lab up`. Hosts are reached by `haprov lab run -- COMMAND`.",
            "cluster: \(scalar(cluster.name))",
            "engine: \(cluster.engine.name)",
            "ssh: { user: root, identity: \(scalar(identity)), known_hosts: \(scalar(knownHosts)) }",
        ]
        let vips = cluster.instancesByVIP
        let isOnlyOne = vips.count == 1 && vips[0][0].vip == VRRPInstance.onlyVIP
        if isOnlyOne {
            let only = vips[0][0]
            lines += ["vip:", "  address: \(only.addresses[0])"] + settings(of: only).map { "  \($0)" }
        } else {
            lines.append("vips:")
            lines += vips.flatMap(entry)
        }
        lines.append("health_check: \(cluster.healthCheck.rawValue)")
        lines.append("packages: \(packages(cluster.packages))")
        if cluster.allowUpgrades { lines.append("allow_upgrades: true") }
        if let host = cluster.buildHost { lines.append("build_host: \(scalar(host))") }
        lines += haproxy(cluster)
        if let keepalived = cluster.keepalived {
            let parts = program(keepalived.origin, keepalived.version, keepalived.prefix)
            lines.append("keepalived: { \((parts + keepalivedLines(of: keepalived)).joined(separator: ", ")) }")
        }
        lines.append("hosts:")
        lines += cluster.hosts.map {
            "  \(scalar($0.name)): { \(host($0, instances: cluster.instances, hasPriority: isOnlyOne)) }"
        }
        lines.append(
            "limits: { vip_moved: \(time(cluster.limits.vipMoved)), client_gap: \(time(cluster.limits.clientGap)) }")
        lines += values(of: cluster)
        if cluster.keptRuns != Cluster.usualKeptRuns { lines.append("journal: { keep: \(cluster.keptRuns) }") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// An entry of `vips`.
    ///
    /// - Parameter instances: of each family of its addresses.
    private static func entry(_ instances: [VRRPInstance]) -> [String] {
        let first = instances[0]
        let addresses = instances.flatMap(\.addresses).map { scalar($0.description) }
        let numbers = first.members.map { "\(scalar($0.host)): \($0.priority)" }
        var lines = [
            "addresses: [\(addresses.joined(separator: ", "))]", "priorities: { \(numbers.joined(separator: ", ")) }",
        ]
        if let group = first.syncGroup, instances.count == 1 || group != first.vip {
            lines.append("sync_group: \(scalar(group))")
        }
        return ["  \(scalar(first.vip)):"] + (lines + settings(of: first)).map { "    \($0)" }
    }

    /// What `vip` and an entry of `vips` both say.
    private static func settings(of vip: VRRPInstance) -> [String] {
        var lines = [
            "interface: \(scalar(vip.interface))", "virtual_router_id: \(vip.virtualRouterID)",
            "version: \(vip.version.rawValue)",
            "advert_int: \(time(vip.advertisementInterval.wholeMilliseconds))", "preempt: \(vip.preempt)",
        ]
        if vip.unicast { lines.append("unicast: true") }
        if let password = vip.password { lines.append("password: \(secret(password))") }
        return lines
    }

    private static func packages(_ source: PackageSource) -> String {
        switch source {
        case .host: "host"
        case .rpms(let folder): "{ rpms: \(scalar(folder)) }"
        case .debs(let folder): "{ debs: \(scalar(folder)) }"
        case .vault: "vault"
        }
    }

    static func program(_ origin: Origin, _ version: String, _ prefix: String) -> [String] {
        let version = version.isEmpty ? [] : ["version: \(scalar(version))"]
        return switch origin {
        case .tarball: version + ["prefix: \(scalar(prefix))"]
        // Where a lab's hosts begin, nothing is found.
        case .distribution, .found: ["from: \(Origin.distribution.rawValue)"] + version
        }
    }

    private static func host(_ host: Host, instances: [VRRPInstance], hasPriority: Bool) -> String {
        var parts = ["address: \(host.address)"]
        switch host.role {
        case .balancer: parts.append("role: balancer")
        case .application: parts.append("role: application")
        case .retired: parts.append("role: retired")
        }
        if hasPriority, let priority = instances[0].priority(of: host.name) { parts.append("priority: \(priority)") }
        if !instances.contains(where: { $0.interface == host.interface }) {
            parts.append("interface: \(scalar(host.interface))")
        }
        return parts.joined(separator: ", ")
    }

    static func time(_ milliseconds: Int) -> String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }

    /// A YAML scalar that reads back as this text, quoted where it might be taken for something else.
    static func scalar(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        let startsPlainly = text.first.map { $0.isLetter || $0 == "/" } ?? false
        let dots = text.split(separator: ".", omittingEmptySubsequences: false)
        let isVersion = dots.count > 2 && dots.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
        if plain, startsPlainly || isVersion, !words.contains(text.lowercased()) { return text }
        return JSONText.quoted(text)
    }
}
