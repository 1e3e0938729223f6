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
            in: section, of: draft.haproxyOrigin, example: "1.8.25",
            // One that was found goes on as it runs.
            minimum: draft.haproxyOrigin == .found ? "1.4" : "1.8", floor: "1.8",
            because: "haprov runs HAProxy as master and workers, which it can do from 1.8 on")
        draft.haproxyPrefix = prefix(in: section, of: draft.haproxyOrigin, standard: "/usr/local/haproxy")
        draft.haproxyPath = program(in: section, of: draft.haproxyOrigin)
        draft.haproxyMakeOptions = makeOptions(in: section, of: draft.haproxyOrigin)
        if draft.haproxyOrigin == .found, !section.contains("config") {
            section.fault(
                "from", "`haproxy.from` is `found`, and its configuration is not said",
                "Write `config: haproxy/`, the folder with what it serves; `haprov adopt` writes both.")
        }
        guard !section.contains("config") else { return decodeOwnConfiguration(in: section, into: &draft) }
        for key in ["ports", "unmanaged"] where section.pair(key) != nil {
            section.fault(
                key, "`haproxy.\(key)` is about a configuration of your own",
                "Write `config: FOLDER` instead of frontends and backends, or leave `\(key)` out.")
        }
        decodeShortForm(in: section, into: &draft)
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
            floor: Keepalived.configurationTest, isNeeded: draft.engine?.isOwn != true,
            because: "the health check needs script_user and enable_script_security, which start there")
        draft.keepalivedPrefix = prefix(in: section, of: draft.keepalivedOrigin, standard: "/usr/local/keepalived")
        draft.keepalivedPath = program(in: section, of: draft.keepalivedOrigin)
        if let extra = section.section("extra", known: InventoryKeys.keepalivedExtra) {
            draft.keepalivedExtra.global = keepalivedLines("global", in: extra)
            draft.keepalivedExtra.script = keepalivedLines("script", in: extra)
            draft.keepalivedExtra.instance = keepalivedLines("instance", in: extra)
            draft.keepalivedExtra.top = keepalivedLines("top", in: extra)
        }
        draft.keepalivedDrop = keepalivedLines("drop", in: section)
        draft.keepalivedTemplate = keepalivedTemplate(in: section)
    }

    /// `config: keepalived.conf.mustache`.
    private func keepalivedTemplate(in section: YAMLSection) -> String? {
        guard section.contains("config"), let file = path("config", in: section) else { return nil }
        guard file.hasSuffix(OwnConfiguration.templateSuffix) else {
            section.fault(
                "config",
                "`\(section.path(of: "config"))` is `\(shown(file))`, and balancers differ in priority and name",
                "Name a Mustache template, `config: keepalived.conf\(OwnConfiguration.templateSuffix)`; "
                    + "`haprov playbooks export DIR` writes haprov's own out.")
            return nil
        }
        if section.contains("extra") {
            section.fault(
                "extra",
                "`keepalived.extra` has lines for haprov's keepalived.conf, and `keepalived.config` names another",
                "Write the lines into \(file).")
        }
        return file
    }

    /// Lines of keepalived's, or names of such.
    private func keepalivedLines(_ key: String, in section: YAMLSection) -> [String] {
        let remedy =
            key == "drop"
            ? "Write names as `haprov plan` tells them: `drop: [\"global_defs smtp_server\"]`."
            : "Write a list of keepalived's lines: `\(key): [\"garp_master_delay 2\"]`."
        let texts = section.texts(key, expected: "a list of lines", remedy: remedy) ?? []
        return texts.compactMap { text in
            if Words.isPrintable(text.value), !text.value.isEmpty { return text.value }
            faults.error(
                text.place, "`\(section.path(of: key))` has an empty line, or control characters in one", remedy)
            return nil
        }
    }

    /// Where a program was found.
    private func program(in section: YAMLSection, of origin: Origin?) -> String? {
        guard let pair = section.pair("program") else { return nil }
        guard let text = section.text("program", expected: "an absolute path") else { return nil }
        guard origin == .found else {
            if origin != nil {
                faults.error(
                    pair.place, "`\(section.path(of: "program"))` is for a program that was there before haprov",
                    "Leave `program` out, or write `from: found`.")
            }
            return nil
        }
        guard text.wholeMatch(of: /(\/[A-Za-z0-9._+-]+)+/) != nil, !text.contains("/.") else {
            faults.error(
                pair.valuePlace, "`\(section.path(of: "program"))` is `\(shown(text))`; expected an absolute path",
                "Write it from `/` on, such as /usr/local/haproxy/sbin/haproxy.")
            return nil
        }
        return text
    }

    /// What the operator wants otherwise of `make`.
    private func makeOptions(in section: YAMLSection, of origin: Origin?) -> [String] {
        guard let pair = section.pair("make") else { return [] }
        if let origin, origin != .tarball {
            faults.error(
                pair.place, "`\(section.path(of: "make"))` is for what is compiled",
                "Leave `make` out, or write `from: tarball`.")
            return []
        }
        let remedy = "Write them as make takes them: `make: [USE_LUA=1]`."
        let texts = section.texts("make", expected: "a list of options", remedy: remedy) ?? []
        var names: Set<String> = []
        return texts.compactMap { text in
            if let problem = MakeOption.problem(text.value) {
                faults.error(
                    text.place, "`\(section.path(of: "make"))` has `\(shown(text.value))`, \(problem)", remedy)
                return nil
            }
            if names.insert(MakeOption.name(of: text.value)).inserted { return text.value }
            faults.error(
                text.place, "`\(section.path(of: "make"))` has \(MakeOption.name(of: text.value)) twice",
                "Keep one of the two.")
            return nil
        }
    }

    private func origin(in section: YAMLSection) -> Origin? {
        guard section.contains("from") else { return .tarball }
        return section.choice("from", of: Origin.allCases.map(\.rawValue)).flatMap(Origin.init)
    }

    /// - Parameters:
    ///   - minimum: the oldest that may be asked for.
    ///   - floor: the least that a package has to be where the inventory does not say.
    ///   - isNeeded: whether the program runs in this cluster: of one that does not, nothing need be said.
    private func version(
        in section: YAMLSection, of origin: Origin?, example: String, minimum: String, floor: String,
        isNeeded: Bool = true, because: String
    ) -> String? {
        // Where `from` is wrong, nothing is known of what is missing.
        if origin != .tarball, !section.contains("version") { return origin.map { _ in floor } }
        if !isNeeded, !section.contains("version") { return "" }
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
        guard let pair = section.pair("prefix") else { return origin == .tarball ? standard : "" }
        guard let text = section.text("prefix", expected: "an absolute path") else { return nil }
        if origin == .distribution || origin == .found {
            faults.error(
                pair.place,
                "`\(section.path(of: "prefix"))` is for what is compiled; "
                    + (origin == .found ? "what was found stays where it is" : "a package has its own paths"),
                origin == .found
                    ? "Write `program`, the path of the program, or `from: tarball`."
                    : "Leave `prefix` out, or write `from: tarball`.")
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
}
