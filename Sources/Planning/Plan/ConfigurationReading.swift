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

    /// Reads what the resources of each host would write.
    package init(cluster: Cluster, resources: [String: HostResources]) {
        self.cluster = cluster
        findings = resources.mapValues(Self.diagnostics)
    }

    private static func diagnostics(_ resources: HostResources) -> [ConfigurationDiagnostic] {
        let texts = resources.all.compactMap { $0 as? any TextResource }
        func source(_ text: any TextResource) -> ConfigurationReader.Source {
            ConfigurationReader.Source(file: text.target.path, text: String(decoding: text.content, as: UTF8.self))
        }
        guard let main = texts.last(where: { $0.target.path == Engine.configuration }) else { return [] }
        return ConfigurationReader.read(source(main)) { pattern, _ in
            // A file that is on the hosts alone cannot be read here; it is not taken for missing.
            texts.first { $0.target.path == pattern }.map { [source($0)] }
                ?? [ConfigurationReader.Source(file: pattern, text: "")]
        }.diagnostics
    }

    private var isJudge: Bool { !cluster.engineTestsConfiguration }

    /// One for each of these hosts whose configuration could not be run.
    package func failures(on hosts: [String]) -> [Failure] {
        guard isJudge else { return [] }
        return hosts.compactMap { host in
            let errors = (findings[host] ?? []).filter { $0.severity == .error }
            guard let first = errors.first else { return nil }
            return Failure(
                .input, host: host, step: "keepalived.conf",
                summary: "\(first.file):\(first.line):\(first.column): \(first.message)",
                remedy: "Correct the playbook's template; nothing has been touched.",
                cause: errors.count > 1 ? errors.dropFirst().map(\.description).joined(separator: "\n") : nil)
        }
    }

    /// What is to be known of these hosts' configurations and stops nothing, each once.
    package func notes(on hosts: [String]) -> [String] {
        var notes: [String] = []
        // haprov's own engine has no other reader.
        if isJudge, !cluster.engine.isOwn, hosts.contains(where: { findings[$0] != nil }) {
            let version = cluster.engineProgram.map { " \($0.version)" } ?? ""
            notes.append(
                "\(cluster.engine.program)\(version) cannot test a configuration: haprov's own reader has checked "
                    + "keepalived.conf")
        }
        var seen = Set<ConfigurationDiagnostic>()
        for finding in hosts.flatMap({ findings[$0] ?? [] }) where seen.insert(finding).inserted {
            notes.append(finding.description)
        }
        return notes
    }
}
