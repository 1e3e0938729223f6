import Inventory
import Mustache

/// The values that playbooks and templates can use, for one host.
package struct TemplateContext: Sendable {
    /// Values that must not appear in output.
    package var secrets: [String]
    private var values: Value

    /// A tree of plain values: what Mustache sees.
    package indirect enum Value: Sendable {
        case text(String)
        case flag(Bool)
        case list([Value])
        case map([String: Value])

        var plain: Any {
            switch self {
            case .text(let text): text
            case .flag(let flag): flag
            case .list(let items): items.map(\.plain)
            case .map(let fields): fields.mapValues(\.plain)
            }
        }
    }

    /// - Parameters:
    ///   - password: the VRRP password, already cut to the 8 characters that the protocol carries.
    ///   - packages: run-time packages by product.
    package init(cluster: Cluster, host: Host, password: String?, packages: [String: [String]]) {
        secrets = password.map { [$0] } ?? []
        let interval = Self.seconds(cluster.vip.advertisementInterval.wholeMilliseconds)
        let highest = cluster.balancers.first?.name == host.name
        values = .map([
            "cluster": .text(cluster.name),
            "engine": .map([
                "program": .text(cluster.engine.program), "keepalived": .flag(cluster.engine == .keepalived),
                "vrrpd": .flag(cluster.engine == .vrrpd),
            ]),
            "host": .map([
                "name": .text(host.name), "address": .text("\(host.address)"), "interface": .text(host.interface),
                "priority": .text("\(cluster.vip.priority(of: host.name) ?? 0)"),
                "state": .text(cluster.vip.preempt && highest ? "MASTER" : "BACKUP"),
            ]),
            "vip": .map([
                "address": .text("\(cluster.vip.address.address)"), "cidr": .text("\(cluster.vip.address)"),
                "virtual_router_id": .text("\(cluster.vip.virtualRouterID)"),
                "version": .text("\(cluster.vip.version.rawValue)"), "version3": .flag(cluster.vip.version == .v3),
                "advert_int": .text(interval),
                "preempt": .flag(cluster.vip.preempt), "unicast": .flag(cluster.vip.unicast),
                "password": .text(password ?? ""), "has_password": .flag(password != nil),
                "bound_directly": .flag(
                    cluster.haproxy.frontends.contains { $0.bindAddress == "\(cluster.vip.address.address)" }),
            ]),
            "peers": .list(
                cluster.balancers.filter { $0.name != host.name }.map {
                    .map(["name": .text($0.name), "address": .text("\($0.address)")])
                }),
            "health_command": .text(
                cluster.healthCheck == .restartFirst
                    ? "/etc/keepalived/chk_haproxy.sh" : "/usr/bin/killall -0 haproxy"),
            "look_command": .text(
                cluster.healthCheck == .restartFirst
                    ? "/etc/keepalived/chk_haproxy.sh look" : "/usr/bin/killall -0 haproxy"),
            "restart_first": .flag(cluster.healthCheck == .restartFirst),
            "restart_delay": .text("\(Self.restartDelay(cluster))"),
            "haproxy": Self.haproxy(cluster, packages: packages["haproxy"] ?? []),
            "keepalived": .map([
                "version": .text(cluster.keepalived?.version ?? ""), "prefix": .text(cluster.keepalived?.prefix ?? ""),
                "packages": .text((packages["keepalived"] ?? []).joined(separator: " ")),
                "has_config_test": .flag(cluster.keepalived?.hasConfigurationTest ?? false),
            ]),
        ])
    }

    private static func haproxy(_ cluster: Cluster, packages: [String]) -> Value {
        .map([
            "version": .text(cluster.haproxy.version), "prefix": .text(cluster.haproxy.prefix),
            "packages": .text(packages.joined(separator: " ")),
            "frontends": .list(
                cluster.haproxy.frontends.map {
                    .map([
                        "name": .text($0.name), "bind": .text("\($0.bindAddress):\($0.port)"),
                        "port": .text("\($0.port)"), "mode": .text($0.mode), "backend": .text($0.backend),
                        "health_address": .text($0.bindAddress == "*" ? "127.0.0.1" : $0.bindAddress),
                    ])
                }),
            "backends": .list(
                cluster.haproxy.backends.map { backend in
                    .map([
                        "name": .text(backend.name), "balance": .text(backend.balance), "mode": .text(backend.mode),
                        "http": .flag(backend.mode == "http"),
                        "servers": .list(
                            cluster.applications.filter { backend.servers.contains($0.name) }.map {
                                .map([
                                    "name": .text($0.name), "address": .text("\($0.address)"),
                                    "port": .text("\(backend.port)"),
                                ])
                            }),
                    ])
                }),
        ])
    }

    /// HAProxy may come back by itself only once a takeover is over, or its death would go unnoticed: the worst takeover,
    /// a second for the check to run, and 2 s to spare. Whole seconds. haprov-vrrpd would notice at once, but the delay is
    /// the same: another one would change HAProxy's unit, and a change of engines would restart HAProxy.
    package static func restartDelay(_ cluster: Cluster) -> Int {
        let longest = cluster.instances.map(\.worstTakeoverAfterResignation).max() ?? 0
        return (cluster.healthCheck.interval + longest + 1000 + 999) / 1000 + 2
    }

    private static func seconds(_ milliseconds: Int) -> String {
        if milliseconds % 1000 == 0 { return "\(milliseconds / 1000)" }
        var fraction = String(milliseconds % 1000 + 1000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(milliseconds / 1000).\(fraction)"
    }

    /// Mustache renders a name that it does not know to nothing, which would put a file at another path unnoticed.
    private func refuseUnknownNames(in text: String, place: PlaybookPlace) throws(PlaybookError) {
        for tag in text.matches(of: /\{\{\{?[#^\/&]?\s*([A-Za-z0-9_.]+)\s*\}?\}\}/) {
            for name in tag.output.1.split(separator: ".") where !Self.names(in: values).contains(String(name)) {
                throw PlaybookError(
                    place,
                    "`{{\(tag.output.1)}}` is not known: there is no value `\(name)`; Playbooks/README.md lists them")
            }
        }
    }

    private static func names(in value: Value) -> Set<String> {
        switch value {
        case .text, .flag: []
        case .list(let items): items.reduce(into: []) { $0.formUnion(names(in: $1)) }
        case .map(let fields): fields.reduce(into: []) { $0.formUnion(names(in: $1.value).union([$1.key])) }
        }
    }

    /// Renders a Mustache text. Nothing is escaped: what it makes is no HTML.
    package func render(_ text: String, place: PlaybookPlace) throws(PlaybookError) -> String {
        guard text.contains("{{") else { return text }
        let template: MustacheTemplate
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE: TEXT}}" + text)
        } catch {
            throw PlaybookError(place, "not a valid template: \(error)")
        }
        try refuseUnknownNames(in: text, place: place)
        return template.render(values.plain)
    }
}
