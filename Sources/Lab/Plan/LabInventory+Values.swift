import Inventory

extension LabInventory {
    /// `vars`, `secrets`, `drill` and `playbooks`.
    static func values(of cluster: Cluster) -> [String] {
        var lines: [String] = []
        let variables = cluster.variables.sorted { $0.key < $1.key }
        if !variables.isEmpty {
            lines += ["vars:"] + variables.map { "  \($0.key): \(scalar($0.value))" }
        }
        let secrets = cluster.secrets.sorted { $0.key < $1.key }
        if !secrets.isEmpty { lines += ["secrets:"] + secrets.map { "  \($0.key): \(secret($0.value))" } }
        lines += drill(cluster.drill)
        if let folder = cluster.playbooks { lines.append("playbooks: \(scalar(folder))") }
        return lines
    }

    private static func drill(_ drill: DrillSettings) -> [String] {
        // Nobody but its operator is served by a lab.
        var parts = ["allow: all"]
        if drill.afterApply != DrillSettings().afterApply { parts.append("after_apply: \(drill.afterApply.rawValue)") }
        if let url = drill.url { parts.append("url: \(scalar("\(url)"))") }
        if let expected = drill.expected {
            let statuses = expected.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound / 100)xx" }
            parts.append("expect: \(list(statuses))")
        }
        if let rate = drill.rate { parts.append("rate: \(rate)") }
        if drill.verifies { parts.append("verify: true") }
        if let file = drill.authorities { parts.append("ca: \(scalar(file))") }
        return ["drill: { \(parts.joined(separator: ", ")) }"]
    }

    /// A secret's source.
    static func secret(_ secret: Secret) -> String {
        switch secret {
        case .text(let text): scalar(text)
        case .environment(let name): "{ env: \(scalar(name)) }"
        case .file(let path): "{ file: \(scalar(path)) }"
        case .command(let words): "{ command: \(list(words)) }"
        }
    }

    static func list(_ texts: [String]) -> String { "[\(texts.map(scalar).joined(separator: ", "))]" }
}
