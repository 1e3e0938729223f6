import Inventory
import Planning
import YAMLReading

/// Reads `manifest.yml`, reporting every fault with its place.
package enum AssetManifestReader {
    /// What a reading gives.
    package struct Reading: Sendable {
        /// Absent where anything is wrong.
        package var manifest: AssetManifest?
        /// In the order of the file.
        package var diagnostics: [Diagnostic]
    }

    private static let keys = ["url", "names", "folder", "sha256", "build"]
    private static let ruleKeys = [
        "from", "below", "option", "gcc_from", "gcc_below", "openssl_from", "openssl_below", "pcre_from", "pcre_below",
        "unfit", "environment", "configure", "make", "install", "build_packages", "run_packages", "at_least", "errors",
        "checks",
    ]

    /// Reads a manifest's text.
    ///
    /// - Parameters:
    ///   - file: the name that diagnostics show.
    ///   - isAddition: whether it only adds to another, so that products need not be complete.
    package static func read(_ text: String, file: String, isAddition: Bool = false) -> Reading {
        let faults = Faults(file: file, document: "the manifest")
        var products: [String: AssetManifest.Product] = [:]
        if let root = YAMLParser.parse(text, faults: faults), !root.isNull,
            let section = YAMLSection(root, path: "", place: root.place, known: nil, faults: faults)
        {
            for pair in section.pairs {
                guard let entry = section.section(pair.key, known: keys, required: "Remove it, or fill it in.") else {
                    continue
                }
                products[pair.key] = product(pair.key, entry, isAddition: isAddition)
            }
        } else if !faults.hasErrors, !isAddition {
            faults.error(.init(line: 1, column: 1), "the manifest is empty", "Put back the one that haprov came with.")
        }
        return Reading(
            manifest: faults.hasErrors ? nil : AssetManifest(products: products), diagnostics: faults.diagnostics)
    }

    private static func product(_ name: String, _ section: YAMLSection, isAddition: Bool) -> AssetManifest.Product {
        func required(_ remedy: String) -> String? { isAddition ? nil : remedy }
        let url = section.text("url", required: required("Say where the publisher offers it.")) ?? ""
        if section.contains("url"), !url.hasPrefix("https://"), !url.hasPrefix("http://"), !url.isEmpty {
            section.fault("url", "`\(section.path(of: "url"))` is no web address", "Write `url: https://…`.")
        }
        let names =
            section.texts(
                "names", expected: "a name or a list of names", remedy: "Write `names: [\(name)-{version}]`.") ?? []
        if names.isEmpty, !isAddition {
            section.faults.error(
                section.place, "`\(section.path)` lacks `names`", "Write `names: [\(name)-{version}]`.")
        }
        for one in names where !one.value.contains("{version}") || one.value.contains("/") {
            section.faults.error(
                one.place, "the name `\(one.value)` has to hold `{version}` and no `/`",
                "Write `\(name)-{version}`, without an ending such as .tar.gz.")
        }
        let folder = section.text("folder", required: required("Write `folder: \(name)-{version}`.")) ?? ""
        for (key, text) in [("url", url), ("folder", folder)] { checkPlaceholders(text, key, section) }
        return AssetManifest.Product(
            name: name, url: url, names: names.map(\.value), folder: folder, checksums: checksums(section),
            rules: rules(section))
    }

    private static func checksums(_ section: YAMLSection) -> [String: String] {
        guard let group = section.section("sha256", known: nil) else { return [:] }
        var checksums: [String: String] = [:]
        for pair in group.pairs {
            guard let text = group.text(pair.key, required: "Write 64 hexadecimal digits.") else { continue }
            if Version(pair.key) == nil {
                group.faults.error(
                    pair.place, "`\(pair.key)` is no version number", "Write the version as in the tarball's name.")
            }
            if text.wholeMatch(of: /[0-9a-f]{64}/) == nil {
                group.fault(
                    pair.key, "the checksum of \(pair.key) is not 64 hexadecimal digits in lower case",
                    "Copy it from `sha256sum`.")
            }
            checksums[pair.key] = text
        }
        return checksums
    }

    private static func rules(_ section: YAMLSection) -> [BuildRule] {
        guard let pair = section.pair("build") else { return [] }
        guard case .sequence(let nodes) = pair.value.content else {
            section.wrongType(pair, expected: "a list of rules", remedy: "Begin each rule with `- `.")
            return []
        }
        return nodes.enumerated().compactMap { index, node in
            YAMLSection(
                node, path: "\(section.path).build[\(index)]", place: node.place, known: ruleKeys,
                faults: section.faults
            ).map(rule)
        }
    }

    private static func rule(_ section: YAMLSection) -> BuildRule {
        var rule = BuildRule()
        rule.from = version("from", section)
        rule.below = version("below", section)
        rule.option = section.text("option", expected: "the name of an option of make")
        let remedy = "Write gcc's major version, such as `gcc_from: 10`."
        rule.gccFrom = section.integer("gcc_from", in: 1...999, remedy: remedy)
        rule.gccBelow = section.integer("gcc_below", in: 1...999, remedy: remedy)
        let openSSL = "Write OpenSSL's major version, such as `openssl_from: 3`."
        rule.openSSLFrom = section.integer("openssl_from", in: 0...999, remedy: openSSL)
        rule.openSSLBelow = section.integer("openssl_below", in: 0...999, remedy: openSSL)
        let pcre = "Write PCRE's major version, such as `pcre_from: 2`."
        rule.pcreFrom = section.integer("pcre_from", in: 1...999, remedy: pcre)
        rule.pcreBelow = section.integer("pcre_below", in: 1...999, remedy: pcre)
        rule.unfit = section.text("unfit", expected: "why it cannot be compiled")
        if let text = rule.unfit { checkPlaceholders(text, "unfit", section) }
        if let group = section.section("environment", known: nil) {
            for pair in group.pairs { rule.environment[pair.key] = group.text(pair.key, required: "Write its value.") }
        }
        rule.configure = words("configure", section)
        rule.make = words("make", section)
        rule.install = words("install", section) ?? []
        rule.buildPackages = words("build_packages", section) ?? []
        rule.runPackages = words("run_packages", section) ?? []
        if let group = section.section("at_least", known: nil) {
            for pair in group.pairs { rule.leastVersions[pair.key] = version(pair.key, group) }
        }
        rule.errors = items("errors", known: ["message", "packages"], section).compactMap(knownError)
        rule.checks = items("checks", known: ["program", "arguments", "shows"], section).compactMap(check)
        return rule
    }

    private static func version(_ key: String, _ section: YAMLSection) -> Version? {
        guard let text = section.text(key) else { return nil }
        if let version = Version(text) { return version }
        section.fault(key, "`\(section.path(of: key))` is `\(text)`; expected a version", "Write `\(key): \"2.0\"`.")
        return nil
    }

    private static func words(_ key: String, _ section: YAMLSection) -> [String]? {
        guard
            let words = section.texts(
                key, expected: "a word or a list of words", remedy: "Write `\(key): [one, two]`.")
        else { return nil }
        for word in words {
            if let unknown = Placeholders.unknown(in: word.value) {
                section.faults.error(
                    word.place, "`\(unknown)` stands for nothing", "Known are {version}, {branch} and {prefix}.")
            }
        }
        return words.map(\.value)
    }

    private static func items(_ key: String, known: [String], _ section: YAMLSection) -> [YAMLSection] {
        guard let pair = section.pair(key) else { return [] }
        guard case .sequence(let nodes) = pair.value.content else {
            section.wrongType(pair, expected: "a list", remedy: "Begin each entry with `- `.")
            return []
        }
        return nodes.enumerated().compactMap { index, node in
            YAMLSection(
                node, path: "\(section.path(of: key))[\(index)]", place: node.place, known: known,
                faults: section.faults)
        }
    }

    private static func knownError(_ section: YAMLSection) -> KnownError? {
        guard let message = section.text("message", required: "Write a part of what the log says."),
            section.pair("packages", required: "Name the packages that mend it.") != nil,
            let packages = words("packages", section)
        else { return nil }
        return KnownError(message: message, packages: packages)
    }

    private static func check(_ section: YAMLSection) -> BuildCheck? {
        guard let program = section.text("program", required: "Write a path below the prefix: `sbin/haproxy`.") else {
            return nil
        }
        if program.hasPrefix("/") || program.split(separator: "/").contains("..") {
            section.fault(
                "program", "`\(program)` is no path below the prefix", "Write it without a leading `/`: `sbin/haproxy`."
            )
        }
        return BuildCheck(
            program: program, arguments: words("arguments", section) ?? [], shows: words("shows", section) ?? [])
    }

    private static func checkPlaceholders(_ text: String, _ key: String, _ section: YAMLSection) {
        guard let unknown = Placeholders.unknown(in: text) else { return }
        section.fault(key, "`\(unknown)` stands for nothing", "Known are {version}, {branch} and {prefix}.")
    }
}
