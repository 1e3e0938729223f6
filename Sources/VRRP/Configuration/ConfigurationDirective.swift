/// What a line of keepalived.conf(5) is about, apart from what it says.
package struct ConfigurationDirective: Sendable, Hashable {
    /// The blocks that it stands in, and its keyword: `vrrp_instance VI_1`, `notify_master`. Of a list it goes on with the entry.
    package var path: [String]
    /// The same by what routers know each other by, whatever instances and checks are called.
    var key: [String]
    package var file: String
    /// From 1.
    package var line: Int
    /// As it was written; it may hold a password.
    package var text: String

    /// By which people name it.
    package var name: String { path.joined(separator: " ") }
}

extension ConfigurationReader {
    /// Every line of a configuration, whether it is understood or not. What it includes and is not at hand is one line: `include`.
    package static func directives(_ source: Source) -> [ConfigurationDirective] {
        var included: [ConfigurationDirective] = []
        var statements: [Statement] = []
        withoutActuallyEscaping({ (pattern: String, from: String) -> [Source] in
            let path = ["include \(pattern)"]
            included.append(
                ConfigurationDirective(
                    path: path, key: path, file: from, line: 0, text: "include \(pattern)"))
            return []
        }) { include in
            var parser = StatementParser(include: include)
            statements = parser.statements(of: source)
        }
        var walk = DirectiveWalk(checks: statements)
        for statement in statements { walk.take(statement, path: [], key: [], interface: nil) }
        return walk.found + included
    }

    /// What of a configuration another one lacks, of a block that it lacks altogether the block alone.
    ///
    /// - Parameters:
    ///   - new: takes its place.
    ///   - drop: names of lines that are meant to go, of blocks, or keywords.
    package static func dropped(
        from old: Source, by new: Source, drop: [String]
    ) -> [ConfigurationDirective] {
        let kept = directives(new).map { $0.key }
        let has = Set(kept)
        let prefixes = Set(kept.flatMap { key in (1...key.count).map { Array(key.prefix($0)) } })
        var seen = Set<[String]>()
        return directives(old).compactMap { directive in
            guard !has.contains(directive.key), !directive.isUsual, !directive.isNamed(by: drop) else { return nil }
            var shown = directive
            // The outermost block of which nothing stays stands for all that is in it.
            if let depth = (1...directive.key.count).first(where: {
                !prefixes.contains(Array(directive.key.prefix($0)))
            }),
                depth < directive.path.count
            {
                shown.path = Array(directive.path.prefix(depth))
            }
            return seen.insert(shown.path).inserted ? shown : nil
        }
    }
}

extension ConfigurationDirective {
    /// Whether it says what holds in any case, where haprov writes a configuration.
    fileprivate var isUsual: Bool {
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        let value = words.dropFirst().first ?? ""
        switch path.last ?? "" {
        case "version", "vrrp_version": return value == "2"
        case "rise", "fall": return value == "1"
        case "weight": return value == "0"
        case "timeout": return path.first?.hasPrefix("vrrp_script ") == true
        case "user": return path.first?.hasPrefix("vrrp_script ") == true && value == "root"
        default: return false
        }
    }

    fileprivate func isNamed(by names: [String]) -> Bool {
        names.contains { name in
            name == path.last || self.name == name || self.name.hasPrefix(name + " ")
                || (path.first?.split(separator: " ").first).map { String($0) == name } ?? false
        }
    }
}

/// From statements to directives.
private struct DirectiveWalk {
    var found: [ConfigurationDirective] = []

    /// Blocks whose lines are entries, not keywords.
    private static let lists: Set = [
        "virtual_ipaddress", "virtual_ipaddress_excluded", "unicast_peer", "track_script", "track_interface",
        "track_process", "track_file", "group", "virtual_routes", "virtual_rules", "notification_email",
    ]
    private static let addresses: Set = ["virtual_ipaddress", "virtual_ipaddress_excluded"]
    /// haprov's own name for what sees whether HAProxy runs.
    private static let check = "chk_haproxy"
    /// Scripts that look whether HAProxy runs.
    private let checks: Set<String>

    init(checks statements: [Statement]) {
        checks = Set(
            statements.filter { $0.keyword.text == "vrrp_script" && Self.looksAfterHAProxy($0.block ?? []) }
                .compactMap { $0.arguments.first?.text })
    }

    mutating func take(_ statement: Statement, path: [String], key: [String], interface: String?) {
        let keyword = statement.keyword.text
        guard let block = statement.block else {
            return add(statement, path + [keyword], key + [keyword])
        }
        let words = path.isEmpty ? statement.words.map { $0.text } : [keyword]
        let name = words.joined(separator: " ")
        let inner = path + [name]
        let innerKey = key + [alias(name, keyword, block)]
        if Self.lists.contains(keyword) {
            for entry in block { take(entry: entry, of: keyword, path: inner, key: innerKey, interface: interface) }
            return
        }
        let nic = keyword == "vrrp_instance" ? value("interface", in: block) : interface
        if block.isEmpty { add(statement, inner, innerKey) }
        for line in block { take(line, path: inner, key: innerKey, interface: nic) }
    }

    private mutating func take(
        entry: Statement, of list: String, path: [String], key: [String], interface: String?
    ) {
        let word = entry.keyword.text
        // How long a prefix is, the NIC decides as a rule.
        let plain = Self.addresses.contains(list) ? String(word.prefix { $0 != "/" }) : word
        let known = checks.contains(word) && list == "track_script" ? Self.check : plain
        add(entry, path + [plain], key + [known])
        let rest = entry.arguments.map { $0.text }
        for (place, option) in rest.enumerated() where place % 2 == 0 {
            let value = place + 1 < rest.count ? rest[place + 1] : ""
            let isImplied = (option == "dev" && value == interface) || (option == "weight" && value == "0")
            if !isImplied { add(entry, path + [plain, option], key + [known, option]) }
        }
    }

    private mutating func add(_ statement: Statement, _ path: [String], _ key: [String]) {
        found.append(
            ConfigurationDirective(
                path: path, key: key, file: statement.keyword.place.file, line: statement.keyword.place.line,
                text: statement.text))
    }

    /// By what an instance or a check is known to whoever has another name for it.
    private func alias(_ name: String, _ keyword: String, _ block: [Statement]) -> String {
        switch keyword {
        case "vrrp_instance":
            guard let number = value("virtual_router_id", in: block) else { return name }
            let addresses = block.first { $0.keyword.text == "virtual_ipaddress" }?.block ?? []
            let isIPv6 = addresses.contains { $0.keyword.text.contains(":") }
            return "vrrp_instance \(number)\(isIPv6 ? " IPv6" : "")"
        case "vrrp_script": return Self.looksAfterHAProxy(block) ? "vrrp_script \(Self.check)" : name
        default: return name
        }
    }

    private static func looksAfterHAProxy(_ block: [Statement]) -> Bool {
        guard let line = block.first(where: { $0.keyword.text == "script" }) else { return false }
        return CheckCommand.looksAfterHAProxy(line)
    }

    private func value(_ keyword: String, in block: [Statement]) -> String? {
        block.first { $0.keyword.text == keyword }?.arguments.first?.text
    }
}

extension CheckCommand {
    /// Whether a line `script "…"` is one of the checks that an inventory can ask for: a process of the name, or the script of
    /// the guide that starts HAProxy again.
    static func looksAfterHAProxy(_ line: Statement) -> Bool {
        guard let parts = CommandLine.split(line.text), parts.count > 1, let words = CommandLine.split(parts[1]) else {
            return false
        }
        return looksForHAProxy(words) || startsHAProxy(words)
    }

    /// Whether a command is the health check `process`.
    package static func looksForHAProxy(_ words: [String]) -> Bool {
        if case .process(let name) = CheckCommand(words) {
            return name.split(separator: "/").last.map { $0 == "haproxy" } ?? false
        }
        return false
    }

    /// haprov's own script that asks HAProxy for an answer.
    package static let answering = "/etc/keepalived/chk_answer.sh"

    /// Whether a command is that one.
    package static func asksHAProxy(_ words: [String]) -> Bool { words == [answering] }

    /// Whether a command is a script of the name that the guide and haprov give to the one that starts HAProxy again.
    package static func startsHAProxy(_ words: [String]) -> Bool {
        words.count == 1 && words[0] == "/etc/keepalived/chk_haproxy.sh"
    }
}
