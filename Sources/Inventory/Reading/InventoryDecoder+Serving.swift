import VRRP
import YAMLReading

/// The short form of what HAProxy serves.
extension InventoryDecoder {
    func decodeShortForm(in section: YAMLSection, into draft: inout Draft) {
        let frontends = section.section(
            "frontends", known: nil,
            required:
                "Add a frontend, `frontends: { web: { bind: \"*:80\", backend: app } }`; or take your own configuration, "
                + "`config: haproxy/`.")
        if let extra = section.section("extra", known: InventoryKeys.extra) {
            draft.haproxyExtra.global = extraLines("global", in: extra)
            draft.haproxyExtra.defaults = extraLines("defaults", in: extra)
        }
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

    private func frontend(_ pair: YAMLNode.Pair, in group: YAMLSection) -> Draft.FrontendDraft? {
        guard checkName(of: pair, what: "frontend"),
            let section = group.section(
                pair.key, known: InventoryKeys.frontend,
                required: "Write `\(pair.key): { bind: \"*:80\", backend: app }`.",
                elsewhere: InventoryKeys.homes)
        else { return nil }
        var draft = Draft.FrontendDraft(name: pair.key)
        let remedy = "Say where clients connect: `bind: \"*:80\"`, or a list: `bind: [\"*:80\", \"*:8000-8010\"]`."
        if section.pair("bind", required: remedy) != nil,
            let texts = section.texts("bind", expected: "an address and a port, or a list of them", remedy: remedy)
        {
            let binds = texts.map { bind($0, path: section.path(of: "bind")) }
            if !binds.isEmpty, !binds.contains(nil) { draft.binds = binds.compactMap { $0 } }
            if binds.isEmpty { section.fault("bind", "`\(section.path(of: "bind"))` is empty", remedy) }
        }
        draft.mode =
            section.contains("mode") ? section.choice("mode", of: ["http", "tcp"]) : "http"
        draft.backend = section.text(
            "backend", required: "Name the backend that answers: `backend: app`.", expected: "the name of a backend")
        draft.extra = extraLines("extra", in: section)
        return draft
    }

    /// `*:80`, `:80`, `172.16.122.100:80`, `*:8000-8010`.
    private func bind(_ text: YAMLSection.Located<String>, path: String) -> Frontend.Bind? {
        func fault(_ expected: String) -> Frontend.Bind? {
            faults.error(
                text.place, "`\(path)` is `\(shown(text.value))`; expected \(expected)",
                "Write `bind: \"*:80\"` for every address, or the VIP and a port.")
            return nil
        }
        let parts = text.value.split(separator: ":", omittingEmptySubsequences: false)
        let bounds =
            parts.last?.split(separator: "-", omittingEmptySubsequences: false).map { Notation.integer($0) } ?? []
        guard parts.count == 2, (1...2).contains(bounds.count), let first = bounds[0],
            let last = bounds[bounds.count - 1],
            (1...65535).contains(first), (1...65535).contains(last), first <= last
        else { return fault("ADDRESS:PORT with a port from 1 to 65535") }
        guard last - first < OwnConfiguration.portsOfRange else {
            return fault(
                "a range of \(OwnConfiguration.portsOfRange) ports at the most: each is opened and looked after")
        }
        if parts[0].isEmpty || parts[0] == "*" || parts[0] == "0.0.0.0" {
            return Frontend.Bind(address: "*", ports: first...last)
        }
        guard let address = IPAddress(ofInventory: parts[0]) else {
            return fault("ADDRESS:PORT with a port from 1 to 65535")
        }
        return Frontend.Bind(address: address.description, ports: first...last)
    }

    private func backend(_ pair: YAMLNode.Pair, in group: YAMLSection) -> Draft.BackendDraft? {
        guard checkName(of: pair, what: "backend"),
            let section = group.section(
                pair.key, known: InventoryKeys.backend,
                required: "Write `\(pair.key): { servers: application, port: 10900 }`.", elsewhere: InventoryKeys.homes)
        else { return nil }
        var draft = Draft.BackendDraft(name: pair.key)
        decodeServers(in: section, into: &draft)
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
        draft.check = check(in: section)
        draft.extra = extraLines("extra", in: section)
        return draft
    }

    /// `application`, a host, or a list of hosts and of machines that the inventory does not have.
    private func decodeServers(in section: YAMLSection, into draft: inout Draft.BackendDraft) {
        let remedy =
            "Write `servers: application` for every application host, or a list of names: `servers: [app1, app2]`; a machine "
            + "that is not among the hosts is `{ name: old, address: 192.168.0.9, port: 8080 }`."
        guard let pair = section.pair("servers", required: remedy) else { return }
        let path = section.path(of: "servers")
        switch pair.value.content {
        case .scalar("application", _): return
        case .scalar(let name, _):
            draft.servers = [YAMLSection.Located(value: .host(name), place: pair.value.place)]
        case .sequence(let nodes):
            draft.servers = nodes.compactMap { server($0, path: path, remedy) }
            if nodes.isEmpty { section.fault("servers", "`\(path)` is empty", remedy) }
        case .mapping: section.wrongType(pair, expected: "`application` or a list of servers", remedy: remedy)
        }
    }

    private func server(
        _ node: YAMLNode, path: String, _ remedy: String
    ) -> YAMLSection.Located<BackendServer>? {
        switch node.content {
        case .scalar(let name, _) where !node.isNull:
            return YAMLSection.Located(value: .host(name), place: node.place)
        case .mapping:
            guard
                let section = YAMLSection(
                    node, path: path, place: node.place, known: InventoryKeys.server, faults: faults),
                let name = name("name", in: section, required: "Give it a name: `name: old`."),
                let text = section.text("address", required: "Say where it is: `address: 192.168.0.9`.")
            else { return nil }
            let port = section.integer("port", in: 1...65535, remedy: "Leave it out for the backend's port.")
            guard let address = IPAddress(text) else {
                faults.error(
                    node.place, "the server \(name) has the address `\(shown(text))`; expected an IP address",
                    "Names are resolved by HAProxy when it starts, or not: write the address itself.")
                return nil
            }
            return YAMLSection.Located(value: .outside(name: name, address: address, port: port), place: node.place)
        case .scalar, .sequence:
            faults.error(node.place, "`\(path)` has to be a list of servers; found \(node.kind) in it", remedy)
            return nil
        }
    }

    /// Nil where it has faults.
    private func check(in section: YAMLSection) -> BackendCheck? {
        guard let pair = section.pair("check") else { return BackendCheck() }
        if case .scalar = pair.value.content {
            return section.choice("check", of: ["tcp", "none"]).map {
                BackendCheck(kind: $0 == "none" ? .none : .connection)
            }
        }
        guard let parts = section.section("check", known: InventoryKeys.check) else { return nil }
        var check = BackendCheck()
        if parts.contains("path") {
            guard let path = parts.text("path"), path.wholeMatch(of: /\/[A-Za-z0-9\/._~?=&%+,@:-]*/) != nil else {
                parts.fault(
                    "path", "`\(parts.path(of: "path"))` is no path of a page",
                    "Write it from `/` on, such as `path: /health`; what is unusual in it as `%20`.")
                return nil
            }
            var host: String?
            if parts.contains("host") {
                host = parts.text("host")
                guard let host, Words.isHost(host) else {
                    parts.fault(
                        "host", "`\(parts.path(of: "host"))` is no name of a host", "Write `host: www.example.com`.")
                    return nil
                }
            }
            check.kind = .page(
                path: path, host: host,
                status: parts.integer("status", in: 100...599, remedy: "Leave it out for every 2xx and 3xx."))
        } else {
            for key in ["host", "status"] where parts.contains(key) {
                parts.fault(key, "`\(parts.path(of: key))` is about a page", "Name the page: `path: /health`.")
            }
        }
        check.interval = duration("interval", in: parts, examples: ["2s", "500ms"])
        check.fall = parts.integer("fall", in: 1...100, remedy: "Leave it out for 3.")
        check.rise = parts.integer("rise", in: 1...100, remedy: "Leave it out for 2.")
        check.port = parts.integer("port", in: 1...65535, remedy: "Leave it out for the port that serves.")
        return check
    }

    /// Lines of HAProxy's, each for the section that they are written for.
    private func extraLines(_ key: String, in section: YAMLSection) -> [String] {
        let remedy = "Write a list of HAProxy's lines: `\(key): [\"timeout client 10m\"]`."
        let texts = section.texts(key, expected: "a list of lines", remedy: remedy) ?? []
        return texts.compactMap { text in
            let path = section.path(of: key)
            guard Words.isPrintable(text.value), !text.value.isEmpty else {
                faults.error(text.place, "`\(path)` has an empty line, or control characters in one", remedy)
                return nil
            }
            let first = text.value.split(separator: " ").first.map(String.init) ?? ""
            guard !Self.sections.contains(first) else {
                faults.error(
                    text.place, "`\(path)` begins another section: `\(shown(text.value))`",
                    "More than lines of a section is what a configuration of your own is for: `config: haproxy/`.")
                return nil
            }
            return text.value
        }
    }

    private static let sections: Set = [
        "global", "defaults", "frontend", "backend", "listen", "peers", "resolvers", "mailers", "userlist", "cache",
        "program", "http-errors", "ring", "log-forward", "fcgi-app", "crt-store", "traces",
    ]
}
