import VRRP
import YAMLReading

extension InventoryDecoder {
    /// `config: haproxy/`, `config: haproxy.cfg`, or `{ from: haproxy/, to: /etc/haproxy, per_host: hosts/ }`.
    func decodeOwnConfiguration(in section: YAMLSection, into draft: inout Draft) {
        draft.hasOwnConfiguration = true
        for key in ["frontends", "backends"] where section.contains(key) {
            section.fault(
                key, "`haproxy.config` names a whole configuration, and `haproxy.\(key)` describes one",
                "Keep one of the two: what `\(key)` says can stand in \(OwnConfiguration.mainFile).")
        }
        let remedy =
            "Write `config: haproxy/`, a folder with haproxy.cfg and what lies beside it, or `config: haproxy.cfg`, or "
            + "`config: { from: haproxy/, to: /etc/haproxy, per_host: haproxy-hosts/ }`."
        guard let pair = section.pair("config", required: remedy) else { return }
        var own: OwnConfiguration?
        switch pair.value.content {
        case .scalar: own = path("config", in: section).map { OwnConfiguration(source: $0) }
        case .mapping:
            guard let parts = section.section("config", known: InventoryKeys.configuration) else { return }
            if parts.pair("from", required: remedy) != nil, let source = path("from", in: parts) {
                own = OwnConfiguration(
                    source: source, target: target(in: parts),
                    perHost: parts.contains("per_host") ? path("per_host", in: parts) : nil)
            }
        case .sequence: section.wrongType(pair, expected: "a folder, a file or a mapping", remedy: remedy)
        }
        own?.ports = ports(in: section)
        own?.unmanaged = unmanaged(in: section)
        draft.ownConfiguration = own
    }

    /// A path on the controller.
    func path(_ key: String, in section: YAMLSection) -> String? {
        guard let path = section.text(key, expected: "a path") else { return nil }
        guard !path.isEmpty, Words.isPrintable(path) else {
            section.fault(
                key, "`\(section.path(of: key))` is no path",
                "Write the path of a folder or a file; it starts from the inventory's folder.")
            return nil
        }
        return path
    }

    /// A folder on hosts.
    private func target(in section: YAMLSection) -> String? {
        guard let written = section.text("to", expected: "an absolute path") else { return nil }
        let path = written.count > 1 && written.hasSuffix("/") ? String(written.dropLast()) : written
        guard path.wholeMatch(of: /(\/[A-Za-z0-9_][A-Za-z0-9._-]*){2,}/) != nil else {
            section.fault(
                "to", "`\(section.path(of: "to"))` is `\(shown(written))`; expected a folder of its own, from `/` on",
                "Write it such as `to: /etc/haproxy`; letters, digits, `.`, `_`, `-` and `/` may stand in it.")
            return nil
        }
        return path
    }

    private func ports(in section: YAMLSection) -> [Int] {
        let remedy = "Write numbers: `ports: [80, 443]`."
        let texts = section.texts("ports", expected: "a list of ports", remedy: remedy) ?? []
        return texts.compactMap { text in
            if let port = Notation.integer(text.value), (1...65535).contains(port) { return port }
            faults.error(text.place, "`haproxy.ports` has `\(shown(text.value))`; a port is 1 to 65535", remedy)
            return nil
        }
    }

    private func unmanaged(in section: YAMLSection) -> [String] {
        let remedy = "Write paths below the configuration's folder: `unmanaged: [\"certs/acme/*\"]`."
        let texts = section.texts("unmanaged", expected: "a list of patterns", remedy: remedy) ?? []
        return texts.compactMap { text in
            let parts = text.value.split(separator: "/", omittingEmptySubsequences: false)
            if Words.isPrintable(text.value), parts.allSatisfy({ !["", ".", ".."].contains($0) }) { return text.value }
            faults.error(
                text.place, "`haproxy.unmanaged` has `\(shown(text.value))`, which is no path below a folder", remedy)
            return nil
        }
    }

    /// `vars` and `secrets`, for files that end in `.mustache`.
    func decodeValues(into draft: inout Draft) {
        for pair in root.section("vars", known: nil)?.pairs ?? [] where checkVariable(pair, of: "vars") {
            guard case .scalar(let text, _) = pair.value.content else {
                faults.error(
                    pair.place, "`vars.\(pair.key)` has to be a text or a number; found \(pair.value.kind)",
                    "Write `\(pair.key): VALUE`.")
                continue
            }
            draft.variables[pair.key] = pair.value.isNull ? "" : text
        }
        guard let section = root.section("secrets", known: nil) else { return }
        for pair in section.pairs where checkVariable(pair, of: "secrets") {
            draft.secrets[pair.key] = secret(pair.key, in: section)
        }
    }

    private func checkVariable(_ pair: YAMLNode.Pair, of section: String) -> Bool {
        if Words.isVariable(pair.key) { return true }
        faults.error(
            pair.place, "`\(section)` has the name `\(shown(pair.key))`, which no template could use",
            "A name has letters, digits and `_`, and begins with a letter.")
        return false
    }
}
