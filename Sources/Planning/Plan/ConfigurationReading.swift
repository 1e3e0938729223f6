import Errors
import Inventory
import VRRP

/// What haprov's own reader says of the keepalived.conf that hosts are to have, before anything is touched.
///
/// It is the judge where the engine cannot test a configuration itself or is haprov's own. A keepalived that can knows more
/// keywords than the reader: then its findings are worth a word and no more.
package struct ConfigurationReading: Sendable {
    private let cluster: Cluster
    /// By host.
    private let findings: [String: [ConfigurationDiagnostic]]
    /// The VIPs of which a host's configuration says nothing, by host.
    private let missing: [String: [VRRPInstance]]

    /// Reads what the resources of each host would write.
    package init(cluster: Cluster, resources: [String: HostResources]) {
        self.cluster = cluster
        let readings = resources.compactMapValues(Self.reading)
        findings = readings.mapValues(\.result.diagnostics)
        // A playbook of one's own may know of the first alone. What cannot be read here is the engine's matter.
        let mayLack = cluster.instances.count < 2 && cluster.keepalived?.template == nil
        missing = mayLack ? [:] : readings.compactMapValues { Self.missing($0, of: cluster) }
    }

    /// What a host's configuration says.
    private struct Reading {
        var result: ConfigurationReader.Result
        /// Whether nothing of it is on the hosts alone.
        var isWhole: Bool
    }

    private static func reading(_ resources: HostResources) -> Reading? {
        let texts = resources.all.compactMap { $0 as? any TextResource }
        func source(_ text: any TextResource) -> ConfigurationReader.Source {
            ConfigurationReader.Source(file: text.target.path, text: String(decoding: text.content, as: UTF8.self))
        }
        guard let main = texts.last(where: { $0.target.path == Engine.configuration }) else { return nil }
        var isWhole = true
        let result = ConfigurationReader.read(source(main)) { pattern, _ in
            if let text = texts.first(where: { $0.target.path == pattern }) { return [source(text)] }
            // A file that is on the hosts alone cannot be read here; it is not taken for missing.
            isWhole = false
            return [ConfigurationReader.Source(file: pattern, text: "")]
        }
        return Reading(result: result, isWhole: isWhole)
    }

    private static func missing(_ reading: Reading, of cluster: Cluster) -> [VRRPInstance]? {
        guard reading.isWhole, reading.result.isUsable else { return nil }
        let routers = reading.result.configuration.instances
        func addresses(_ routers: [InstanceDefinition]) -> Set<IPAddress> {
            Set(routers.flatMap { $0.addresses + $0.excludedAddresses }.map(\.address))
        }
        return cluster.instances.filter { instance in
            guard cluster.keepalived?.template != nil else {
                return !addresses(routers).contains(instance.representative)
            }
            // Everything else that haprov does goes by the inventory.
            let own = routers.filter { $0.virtualRouterID == instance.virtualRouterID }
            return !addresses(own).isSuperset(of: instance.addresses.map(\.address))
        }
    }

    /// The operator's own, of keepalived.conf.
    private var template: String? { cluster.keepalived?.template }

    private var isJudge: Bool { !cluster.engineTestsConfiguration }

    /// One for each of these hosts whose configuration could not be run.
    package func failures(on hosts: [String]) -> [Failure] {
        let incomplete = hosts.compactMap { host in
            missing[host].flatMap { $0.isEmpty ? nil : failure(host, without: $0) }
        }
        guard isJudge else { return incomplete }
        return incomplete
            + hosts.compactMap { host in
                let errors = (findings[host] ?? []).filter { $0.severity == .error }
                guard let first = errors.first else { return nil }
                return Failure(
                    .input, host: host, step: "keepalived.conf",
                    summary: "\(first.file):\(first.line):\(first.column): \(first.message)",
                    remedy: "Correct \(template ?? "the playbook's template"); nothing has been touched.",
                    cause: errors.count > 1 ? errors.dropFirst().map(\.description).joined(separator: "\n") : nil)
            }
    }

    private func failure(_ host: String, without vips: [VRRPInstance]) -> Failure {
        if let template {
            let routers = vips.map { vip in
                let addresses = vip.addresses.map { "\($0.address)" }.joined(separator: ", ")
                return "virtual_router_id \(vip.virtualRouterID) with \(addresses)"
            }
            return Failure(
                .input, host: host, step: "keepalived.config",
                summary: "\(template) makes no instance of \(routers.joined(separator: ", nor of ")), which the "
                    + "inventory has",
                remedy: "Write it, best by `{{#instances}}` as haprov's own template does, or change the inventory: "
                    + "everything else that haprov does goes by that.")
        }
        return Failure(
            .input, host: host, step: "keepalived.conf",
            summary: "the playbook's keepalived.conf has nothing of "
                + vips.map { "\($0.name) (\($0))" }.joined(separator: ", "),
            remedy: "Let its template write an instance for each VIP, as haprov's own does: `{{#instances}}`.")
    }

    /// What is to be known of these hosts' configurations and stops nothing, each once.
    ///
    /// - Parameter isWanted: which findings are told of.
    package func notes(
        on hosts: [String], where isWanted: (ConfigurationDiagnostic) -> Bool = { _ in true }
    ) -> [String] {
        var notes: [String] = []
        // haprov's own engine has no other reader.
        if isJudge, !cluster.engine.isOwn, hosts.contains(where: { findings[$0] != nil }) {
            let version = cluster.engineProgram.map { " \($0.version)" } ?? ""
            notes.append(
                "\(cluster.engine.program)\(version) cannot test a configuration: haprov's own reader has checked "
                    + "keepalived.conf")
        }
        var seen = Set<ConfigurationDiagnostic>()
        for finding in hosts.flatMap({ findings[$0] ?? [] }) where isWanted(finding) && seen.insert(finding).inserted {
            notes.append(finding.description)
        }
        return notes
    }
}
