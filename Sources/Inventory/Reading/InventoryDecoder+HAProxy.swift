import VRRP
import YAMLReading

extension InventoryDecoder {
    func decodeHAProxy(into draft: inout Draft) {
        let example =
            "haproxy: { version: 1.8.25, frontends: { web: { bind: \"*:80\", backend: app } }, "
            + "backends: { app: { servers: application, port: 10900 } } }"
        guard
            let section = root.section(
                "haproxy", known: InventoryKeys.haproxy, required: "Say what HAProxy serves: `\(example)`.",
                elsewhere: InventoryKeys.homes)
        else { return }
        draft.haproxyOrigin = origin(in: section)
        draft.haproxyVersion = version(
            in: section, of: draft.haproxyOrigin, example: "1.8.25", minimum: "1.8", floor: "1.8",
            because: "haprov runs HAProxy as master and workers, which it can do from 1.8 on")
        draft.haproxyPrefix = prefix(in: section, of: draft.haproxyOrigin, standard: "/usr/local/haproxy")
        guard !section.contains("config") else { return decodeOwnConfiguration(in: section, into: &draft) }
        for key in ["ports", "unmanaged"] where section.pair(key) != nil {
            section.fault(
                key, "`haproxy.\(key)` is about a configuration of your own",
                "Write `config: FOLDER` instead of frontends and backends, or leave `\(key)` out.")
        }
        decodeShortForm(in: section, into: &draft)
    }

    private func decodeShortForm(in section: YAMLSection, into draft: inout Draft) {
        let frontends = section.section(
            "frontends", known: nil,
            required:
                "Add a frontend, `frontends: { web: { bind: \"*:80\", backend: app } }`; or take your own configuration, "
                + "`config: haproxy/`.")
        draft.frontends = (frontends?.pairs ?? []).compactMap { pair in
            frontends.flatMap { frontend(pair, in: $0) }
        }
        let backends = section.section(
            "backends", known: nil,
            required: "Add a backend: `backends: { app: { servers: application, port: 10900 } }`.")
        draft.backends = (backends?.pairs ?? []).compactMap { pair in backends.flatMap { backend(pair, in: $0) } }
        for (group, key) in [(frontends, "frontends"), (backends, "backends")] where group?.pairs.isEmpty == true {
            section.fault(key, "`haproxy.\(key)` is empty", "Add at least one.")
        }
    }

    func decodeKeepalived(into draft: inout Draft) {
        guard
            let section = root.section(
                "keepalived", known: InventoryKeys.keepalived,
                required: draft.engine?.isOwn == true
                    ? nil
                    : "Say which keepalived to build, `keepalived: { version: 1.4.5 }`, or write `engine: vrrpd`, which"
                        + " needs none.",
                elsewhere: InventoryKeys.homes)
        else { return }
        draft.keepalivedOrigin = origin(in: section)
        draft.keepalivedVersion = version(
            in: section, of: draft.keepalivedOrigin, example: "1.4.5", minimum: "1.3",
            floor: Keepalived.configurationTest,
            because: "the health check needs script_user and enable_script_security, which start there")
        draft.keepalivedPrefix = prefix(in: section, of: draft.keepalivedOrigin, standard: "/usr/local/keepalived")
    }

    private func origin(in section: YAMLSection) -> Origin? {
        guard section.contains("from") else { return .tarball }
        return section.choice("from", of: Origin.allCases.map(\.rawValue)).flatMap(Origin.init)
    }

    /// - Parameters:
    ///   - minimum: the oldest that may be asked for.
    ///   - floor: the least that a package has to be where the inventory does not say.
    private func version(
        in section: YAMLSection, of origin: Origin?, example: String, minimum: String, floor: String, because: String
    ) -> String? {
        // Where `from` is wrong, nothing is known of what is missing.
        if origin != .tarball, !section.contains("version") { return origin.map { _ in floor } }
        guard
            let text = section.text(
                "version",
                required: "Say which version to build: `version: \(example)`; or take the distribution's own package: "
                    + "`from: package`.", expected: "a version number")
        else { return nil }
        let path = section.path(of: "version")
        guard let version = Version(text) else {
            section.fault(
                "version", "`\(path)` is `\(shown(text))`; expected digits with dots, such as \(example)",
                "Write the version as it stands in the tarball's name.")
            return nil
        }
        if let oldest = Version(minimum), version < oldest {
            section.fault(
                "version", "`\(path)` is \(text), and \(minimum) is the oldest that haprov can run: \(because)",
                "Choose \(minimum) or later.")
            return nil
        }
        return text
    }

    private func prefix(in section: YAMLSection, of origin: Origin?, standard: String) -> String? {
        guard let pair = section.pair("prefix") else { return origin == .distribution ? "" : standard }
        guard let text = section.text("prefix", expected: "an absolute path") else { return nil }
        if origin == .distribution {
            faults.error(
                pair.place, "`\(section.path(of: "prefix"))` is for what is compiled; a package has its own paths",
                "Leave `prefix` out, or write `from: tarball`.")
            return nil
        }
        if let problem = InstallPrefix.problem(text) {
            faults.error(
                pair.valuePlace, "`\(section.path(of: "prefix"))` is `\(shown(text))`, which \(problem)",
                "Choose a folder of its own, such as \(standard): rollback removes it whole.")
            return nil
        }
        return text
    }

    private func frontend(_ pair: YAMLNode.Pair, in group: YAMLSection) -> Draft.FrontendDraft? {
        guard checkName(of: pair, what: "frontend"),
            let section = group.section(
                pair.key, known: InventoryKeys.frontend,
                required: "Write `\(pair.key): { bind: \"*:80\", backend: app }`.",
                elsewhere: InventoryKeys.homes)
        else { return nil }
        var draft = Draft.FrontendDraft(name: pair.key)
        if let bind = section.text(
            "bind", required: "Say where clients connect: `bind: \"*:80\"`.", expected: "an address and a port")
        {
            if let (address, port) = Self.bind(bind) {
                (draft.bindAddress, draft.port) = (address, port)
            } else {
                section.fault(
                    "bind",
                    "`\(section.path(of: "bind"))` is `\(shown(bind))`; expected ADDRESS:PORT with a port from 1 to 65535",
                    "Write `bind: \"*:80\"` for every address, or the VIP and a port.")
            }
        }
        draft.mode =
            section.contains("mode") ? section.choice("mode", of: ["http", "tcp"]) : "http"
        draft.backend = section.text(
            "backend", required: "Name the backend that answers: `backend: app`.", expected: "the name of a backend")
        return draft
    }

    /// `*:80`, `:80`, `172.16.122.100:80`.
    private static func bind(_ text: String) -> (address: String, port: Int)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Notation.integer(parts[1]), (1...65535).contains(port) else { return nil }
        if parts[0].isEmpty || parts[0] == "*" || parts[0] == "0.0.0.0" { return ("*", port) }
        guard let address = IPAddress(ofInventory: parts[0]) else { return nil }
        return (address.description, port)
    }

    private func backend(_ pair: YAMLNode.Pair, in group: YAMLSection) -> Draft.BackendDraft? {
        guard checkName(of: pair, what: "backend"),
            let section = group.section(
                pair.key, known: InventoryKeys.backend,
                required: "Write `\(pair.key): { servers: application, port: 10900 }`.", elsewhere: InventoryKeys.homes)
        else { return nil }
        var draft = Draft.BackendDraft(name: pair.key)
        let remedy =
            "Write `servers: application` for every application host, or a list of names: `servers: [app1, app2]`."
        if section.pair("servers", required: remedy) != nil,
            let servers = section.texts("servers", expected: "`application` or a list of hosts", remedy: remedy)
        {
            if servers.map(\.value) != ["application"] { draft.servers = servers }
            if servers.isEmpty { section.fault("servers", "`\(section.path(of: "servers"))` is empty", remedy) }
        }
        draft.port = section.integer(
            "port", in: 1...65535, required: "Say on which port the application listens: `port: 10900`.",
            remedy: "Write the port on which the application listens.")
        draft.mode = section.choice("mode", of: ["http", "tcp"])
        draft.balance = "roundrobin"
        if let balance = section.text("balance", expected: "one of HAProxy's algorithms") {
            if BalanceAlgorithm.isKnown(balance) {
                draft.balance = balance
            } else {
                let meant = NearestName.of(balance, among: BalanceAlgorithm.words).map { "Did you mean `\($0)`?" }
                section.fault(
                    "balance", "`\(section.path(of: "balance"))` is `\(shown(balance))`, which HAProxy does not know",
                    meant
                        ?? "Choose one of \(BalanceAlgorithm.words.joined(separator: ", ")), hdr(NAME), url_param NAME, rdp-cookie."
                )
            }
        }
        return draft
    }
}
