import YAMLReading

/// Takes an inventory's values out of its document, each checked by itself; what they say about one another is checked later.
struct InventoryDecoder {
    let root: YAMLSection
    var faults: Faults { root.faults }

    func decode() -> Draft {
        var draft = Draft()
        draft.name = name(
            "cluster", in: root, required: "Name the service: `cluster: web`.")
        draft.engine = engine()
        let ssh = sshSettings(
            root.section("ssh", known: InventoryKeys.ssh, elsewhere: InventoryKeys.homes), over: .standard)
        decodeVIPs(into: &draft)
        draft.healthCheck =
            root.pair("health_check") != nil
            ? root.choice("health_check", of: HealthCheck.allCases.map(\.rawValue)).flatMap(HealthCheck.init)
            : .process
        draft.healthPort = root.integer(
            "health_port", in: 1...65535, remedy: "Choose a port of 127.0.0.1 that nothing listens on.")
        draft.packages = packages()
        draft.allowUpgrades = root.flag("allow_upgrades") ?? false
        draft.buildHost = root.text("build_host", expected: "the name of a balancer")
        decodeHAProxy(into: &draft)
        decodeValues(into: &draft)
        draft.playbooks = path("playbooks", in: root)
        decodeKeepalived(into: &draft)
        decodeHosts(ssh: ssh, into: &draft)
        draft.limits = limits()
        draft.drill = drill()
        draft.keptRuns = keptRuns() ?? draft.keptRuns
        return draft
    }

    private func engine() -> Engine? {
        guard root.pair("engine") != nil else { return .keepalived }
        return root.choice("engine", of: Engine.all.map(\.name)).flatMap(Engine.named)
    }

    private func packages() -> PackageSource? {
        let remedy =
            "Write `packages: host` (the hosts' own repositories), `packages: { rpms: DIR }` or `{ debs: DIR }` (a folder "
            + "of packages here) or `packages: vault` (the vault of the hosts' release)."
        guard let pair = root.pair("packages") else { return .host }
        switch pair.value.content {
        case .scalar("host", _): return .host
        case .scalar("vault", _): return .vault
        case .mapping:
            guard let section = root.section("packages", known: InventoryKeys.packages) else { return nil }
            if section.contains("debs"), section.contains("rpms") {
                section.fault("debs", "`packages` names a folder of RPMs and one of .deb files", "Keep one of the two.")
                return nil
            }
            return section.contains("debs")
                ? packageFolder("debs", in: section, remedy).map(PackageSource.debs)
                : packageFolder("rpms", in: section, remedy).map(PackageSource.rpms)
        default:
            root.wrongType(pair, expected: "`host`, `vault` or a folder of packages", remedy: remedy)
            return nil
        }
    }

    private func packageFolder(_ key: String, in section: YAMLSection, _ remedy: String) -> String? {
        guard let folder = section.text(key, required: remedy, expected: "the path of a folder") else { return nil }
        guard Words.isPrintable(folder) else {
            section.fault(key, "`packages.\(key)` has control characters", "Write the path of a folder.")
            return nil
        }
        return folder
    }

    private func limits() -> Limits {
        guard let section = root.section("limits", known: InventoryKeys.limits, elsewhere: InventoryKeys.homes) else {
            return Limits(vipMoved: 5000, clientGap: 5000)
        }
        func limit(_ key: String) -> Int { duration(key, in: section, examples: ["5s", "500ms"]) ?? 5000 }
        return Limits(vipMoved: limit("vip_moved"), clientGap: limit("client_gap"))
    }

    private func keptRuns() -> Int? {
        root.section("journal", known: InventoryKeys.journal, elsewhere: InventoryKeys.homes)?
            .integer("keep", in: 1...1000, remedy: "Leave it out for \(Cluster.usualKeptRuns).")
    }

    // MARK: What several sections share

    /// Milliseconds, up to an hour.
    func duration(_ key: String, in section: YAMLSection, examples: [String]) -> Int? {
        guard let text = section.text(key, expected: "a duration such as `\(examples[0])`") else { return nil }
        if let value = Notation.milliseconds(text), (1...3_600_000).contains(value) { return value }
        section.fault(
            key, "`\(section.path(of: key))` is `\(shown(text))`; expected a duration with its unit, from 1ms to 1h",
            "Write \(examples.map { "`\(key): \($0)`" }.joined(separator: " or ")).")
        return nil
    }

    /// A name that may stand in configuration files and paths.
    func name(_ key: String, in section: YAMLSection, required remedy: String) -> String? {
        guard let text = section.text(key, required: remedy, expected: "a name") else { return nil }
        guard Words.isName(text) else {
            section.fault(
                key, "`\(section.path(of: key))` is `\(shown(text))`; a name has \(Words.nameRule)",
                "Choose another name.")
            return nil
        }
        return text
    }

    /// Reports names, given as keys, that cannot stand in configuration files; says whether the name is good.
    func checkName(of pair: YAMLNode.Pair, what: String) -> Bool {
        if Words.isName(pair.key) { return true }
        faults.error(
            pair.place, "the \(what) `\(shown(pair.key))` cannot be named so; a name has \(Words.nameRule)",
            "Choose another name.")
        return false
    }

    /// A secret's source. Whatever it holds is never repeated in a message.
    func secret(_ key: String, in section: YAMLSection) -> Secret? {
        let path = section.path(of: key)
        let remedy =
            "Write `\(key): { env: NAME }`, `{ file: PATH }`, `{ command: [PROGRAM, ARGUMENT] }` or the text itself."
        guard let pair = section.pairs.first(where: { $0.key == key }) else { return nil }
        switch pair.value.content {
        case .scalar(let text, let quoted):
            if text.isEmpty || pair.value.isNull && !quoted {
                faults.error(pair.valuePlace, "`\(path)` is empty", remedy)
                return nil
            }
            return .text(text)
        case .mapping(let pairs):
            if pairs.count == 1, let source = pairs.first, source.key == "command" {
                return secretCommand(source, path: path)
            }
            guard pairs.count == 1, let source = pairs.first, ["env", "file"].contains(source.key),
                case .scalar(let text, _) = source.value.content
            else {
                faults.error(
                    pair.place, "`\(path)` has to name one source, `env`, `file` or `command`, with its name", remedy)
                return nil
            }
            return secretSource(source, text: source.value.isNull ? "" : text, path: path)
        case .sequence:
            faults.error(pair.place, "`\(path)` has to be a text or its source; found a list", remedy)
            return nil
        }
    }

    private func secretSource(_ source: YAMLNode.Pair, text: String, path: String) -> Secret? {
        faults.places["\(path).\(source.key)"] = source.valuePlace
        if text.isEmpty {
            let what = source.key == "env" ? "environment variable" : "file"
            faults.error(
                source.valuePlace, "`\(path).\(source.key)` names no \(what)", "Name it after `\(source.key):`.")
            return nil
        }
        if source.key == "env" {
            if Words.isVariable(text) { return .environment(text) }
            faults.error(
                source.valuePlace, "`\(path).env` is not the name of an environment variable",
                "Write the name alone, without `$`: letters, digits and `_`.")
            return nil
        }
        if Words.isPrintable(text) { return .file(text) }
        faults.error(source.valuePlace, "`\(path).file` has control characters", "Write the path of a file.")
        return nil
    }

    /// No shell reads it: a program and its arguments, one by one.
    private func secretCommand(_ source: YAMLNode.Pair, path: String) -> Secret? {
        faults.places["\(path).command"] = source.valuePlace
        var words: [String] = []
        if case .sequence(let nodes) = source.value.content {
            for case .scalar(let text, _) in nodes.map(\.content) { words.append(text) }
            if words.count == nodes.count, words.first?.isEmpty == false, words.allSatisfy(Words.isPrintable) {
                return .command(words)
            }
        }
        faults.error(
            source.valuePlace, "`\(path).command` has to be a list: a program and its arguments",
            "Write `command: [pass, show, haprov]`; no shell reads it.")
        return nil
    }

    /// A value as a message may show it: shortened, control characters visible.
    func shown(_ text: String) -> String {
        let visible = text.unicodeScalars.map {
            $0.value < 0x20 || $0.value == 0x7F ? "\\u{\(String($0.value, radix: 16))}" : String($0)
        }
        return visible.count > 80 ? visible.prefix(80).joined() + "…" : visible.joined()
    }
}
