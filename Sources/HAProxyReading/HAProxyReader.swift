/// Reads configurations of HAProxy's: what they listen on, where they pass requests on to, which files they name. What HAProxy
/// itself would refuse is HAProxy's to say; nothing here is a test of a configuration.
package struct HAProxyReader {
    /// A file of a configuration.
    package struct Source: Sendable {
        /// As places name it.
        package var file: String
        package var text: String

        package init(file: String, text: String) {
            self.file = file
            self.text = text
        }
    }

    private typealias Place = HAProxyConfiguration.Place

    private enum Section: Equatable {
        case global
        case defaults
        /// By its index.
        case proxy(Int)
        /// One that nothing has to be known of.
        case other
        /// Before the first.
        case none
    }

    /// What a `defaults` section gives to the proxies after it.
    private struct Defaults {
        var mode = "tcp"
        var loadsState = false
        var server = ServerWords()
        var behaviour = HAProxyConfiguration.Behaviour()
    }

    /// What `default-server` says.
    private struct ServerWords {
        var isChecked = false
        var isEncrypted = false
        var check = HAProxyConfiguration.CheckTiming()
    }

    private(set) var configuration = HAProxyConfiguration()
    private var section = Section.none
    private var defaults = Defaults()
    private var named: [String: Defaults] = [:]
    private var defaultsName: String?
    private var serverDefaults = ServerWords()
    private var variables: [String: String] = [:]
    private var bases: [String: String] = [:]
    private var place = Place(file: "", line: 0)
    /// How many conditions a line stands below.
    private var conditions = 0

    /// Reads files in the order in which HAProxy would.
    package static func read(_ sources: [Source]) -> HAProxyConfiguration {
        var reader = HAProxyReader()
        for source in sources { reader.read(source) }
        reader.settleModes()
        return reader.configuration
    }

    private init() {}

    private mutating func read(_ source: Source) {
        section = .none
        conditions = 0
        var number = 0
        for line in source.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            place = Place(file: source.file, line: number)
            let words = HAProxyLexer.words(of: Substring(line), variables: variables)
            guard let first = words.first else { continue }
            if words.contains(where: \.isOpen) { note("a quote is not closed") }
            take(first.text, words)
        }
    }

    private mutating func note(_ text: String) {
        let note = HAProxyConfiguration.Note(place: place, text: text)
        if !configuration.notes.contains(note) { configuration.notes.append(note) }
    }

    /// Sections of which nothing has to be known.
    private static let otherSections: Set = [
        "peers", "mailers", "resolvers", "userlist", "cache", "program", "http-errors", "ring", "log-forward",
        "fcgi-app",
        "crt-store", "traces", "acme", "log-profile",
    ]

    private mutating func take(_ keyword: String, _ words: [HAProxyWord]) {
        switch keyword {
        case "global": section = .global
        case "defaults": beginDefaults(words)
        case "frontend", "backend", "listen": beginProxy(keyword, words)
        case _ where Self.otherSections.contains(keyword): section = .other
        case ".if", ".elif", ".else":
            note("`\(keyword)` is not judged: what stands there is taken for valid")
            if keyword == ".if" { conditions += 1 }
        case ".endif": conditions = max(0, conditions - 1)
        case _ where keyword.hasPrefix("."): break
        default: takeStatement(keyword, words)
        }
    }

    private mutating func beginDefaults(_ words: [HAProxyWord]) {
        section = .defaults
        let from = Self.value("from", in: words)
        defaults = from.flatMap { named[$0] } ?? Defaults()
        defaultsName = words.count > 1 && words[1].text != "from" ? words[1].text : nil
        rememberDefaults()
    }

    private mutating func rememberDefaults() {
        if let defaultsName { named[defaultsName] = defaults }
    }

    private mutating func beginProxy(_ keyword: String, _ words: [HAProxyWord]) {
        guard let kind = HAProxyConfiguration.Proxy.Kind(rawValue: keyword) else { return }
        let base = Self.value("from", in: words).flatMap { named[$0] } ?? defaults
        let name = words.count > 1 ? words[1].text : ""
        section = .proxy(configuration.proxies.count)
        configuration.proxies.append(
            HAProxyConfiguration.Proxy(
                kind: kind, name: name, mode: base.mode, loadsState: base.loadsState, place: place,
                behaviour: base.behaviour))
        serverDefaults = base.server
        // Until 1.8 an address may follow the name.
        if kind != .backend, words.count > 2, words[2].text != "from" { bind(Array(words[1...])) }
    }

    private static func value(_ word: String, in words: [HAProxyWord]) -> String? {
        guard let index = words.firstIndex(where: { $0.text == word }), index + 1 < words.count else { return nil }
        return words[index + 1].text
    }

    private mutating func takeStatement(_ keyword: String, _ words: [HAProxyWord]) {
        for word in words.dropFirst() { nameFiles(in: word) }
        switch section {
        case .global: takeGlobal(keyword, words)
        case .defaults:
            switch keyword {
            case "mode" where words.count > 1: defaults.mode = words[1].text
            case "load-server-state-from-file": defaults.loadsState = words.dropFirst().first?.text == "global"
            case "default-server": Self.apply(words.dropFirst(), to: &defaults.server)
            default: defaults.behaviour.take(keyword, words, place)
            }
            rememberDefaults()
            takeProxy(keyword, words)
        case .proxy(let index):
            switch keyword {
            case "mode" where words.count > 1: configuration.proxies[index].mode = words[1].text
            case "load-server-state-from-file":
                configuration.proxies[index].loadsState = words.dropFirst().first?.text == "global"
            case "bind": bind(words)
            case "server", "server-template": server(words)
            case "default-server": Self.apply(words.dropFirst(), to: &serverDefaults)
            default:
                configuration.proxies[index].behaviour.take(keyword, words, place)
                takeProxy(keyword, words)
            }
        case .other: takeOther(keyword, words)
        case .none: note("`\(keyword)` stands before any section")
        }
    }

    private mutating func takeGlobal(_ keyword: String, _ words: [HAProxyWord]) {
        let values = words.dropFirst().map(\.text)
        if keyword.hasPrefix("lua-") || keyword.hasPrefix("tune.lua."), conditions == 0 {
            configuration.lua.append(HAProxyConfiguration.Keyword(word: keyword, place: place))
        }
        switch keyword {
        case "maxconn": configuration.maximumConnections = values.first.flatMap { Int($0) }
        case "setenv" where values.count > 1, "presetenv" where values.count > 1 && variables[values[0]] == nil:
            variables[values[0]] = values[1]
        case "stats" where values.first == "socket" && values.count > 1:
            let level = zip(values, values.dropFirst()).first { $0.0 == "level" }?.1
            let passes = zip(values, values.dropFirst()).contains { $0.0 == "expose-fd" && $0.1 == "listeners" }
            configuration.sockets.append(
                HAProxyConfiguration.Socket(
                    path: Self.withoutPrefix(values[1]), isAdmin: level == "admin", passesListeners: passes,
                    place: place))
        case "server-state-file": configuration.stateFile = values.first
        case "crt-base", "ca-base", "key-base", "server-state-base": bases[keyword] = values.first
        case "lua-load", "lua-load-per-thread", "lua-prepend-path":
            if let path = values.first { name(path, by: keyword) }
        case "ssl-dh-param-file", "wurfl-data-file", "51degrees-data-file", "deviceatlas-json-file":
            if let path = values.first { name(path, by: keyword) }
        case "ca-file", "issuers-chain-path": if let path = values.first { name(path, by: keyword) }
        default: break
        }
    }

    /// What stands in defaults, frontends, backends and listens alike.
    private mutating func takeProxy(_ keyword: String, _ words: [HAProxyWord]) {
        let values = words.dropFirst().map(\.text)
        switch keyword {
        case "errorfile" where values.count > 1: name(values[1], by: keyword)
        case "http-request", "http-response", "http-after-response", "http-error", "tcp-request":
            for (word, path) in zip(values, values.dropFirst()) where Self.fileActions.contains(word) {
                name(path, by: word)
            }
        default: break
        }
        for (word, path) in zip(values, values.dropFirst()) where word == "-f" { name(path, by: "-f") }
    }

    private static let fileActions: Set = ["file", "lf-file", "errorfile"]

    private mutating func takeOther(_ keyword: String, _ words: [HAProxyWord]) {
        let values = words.dropFirst().map(\.text)
        switch keyword {
        case "load": for word in ["crt", "key", "ocsp", "issuer", "sctl"] { nameValue(of: word, in: values) }
        case "crt-base", "key-base": bases[keyword] = values.first
        case "errorfile" where values.count > 1: name(values[1], by: keyword)
        default: break
        }
    }

    // MARK: Files

    private mutating func name(_ path: String, by word: String, base: String? = nil) {
        var whole = path
        if !path.hasPrefix("/"), let base { whole = base.hasSuffix("/") ? base + path : "\(base)/\(path)" }
        guard !whole.isEmpty, !path.hasPrefix("@"), !whole.hasPrefix("virt@") else { return }
        if whole.contains("$") { return note("`\(word) \(path)` depends on a variable that is not known here") }
        let file = HAProxyConfiguration.NamedFile(path: whole, word: word, place: place)
        if !configuration.files.contains(file) { configuration.files.append(file) }
    }

    private mutating func nameValue(of word: String, in values: [String], base: String? = nil) {
        for (found, path) in zip(values, values.dropFirst()) where found == word { name(path, by: word, base: base) }
    }

    /// Converters and matches that read a file: `map(maps/hosts.map,default)`, `map_dom(…)`.
    private mutating func nameFiles(in word: HAProxyWord) {
        var rest = word.text[...]
        while let found = rest.firstRange(of: "map") {
            rest = rest[found.upperBound...]
            let suffix = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let after = rest[suffix.endIndex...]
            guard suffix.isEmpty || suffix.hasPrefix("_"), after.first == "(" else { continue }
            let path = after.dropFirst().prefix { $0 != "," && $0 != ")" }
            if !path.isEmpty { name(String(path), by: "map") }
            rest = after[path.endIndex...]
        }
    }

    private mutating func nameTLSFiles(_ values: [String]) {
        nameValue(of: "crt", in: values, base: bases["crt-base"])
        nameValue(of: "crt-list", in: values)
        for word in ["ca-file", "ca-verify-file", "crl-file", "ca-sign-file"] {
            nameValue(of: word, in: values, base: bases["ca-base"])
        }
        nameValue(of: "tls-ticket-keys", in: values)
    }

    // MARK: Addresses

    /// Without the kind of address that may stand before it.
    private static func withoutPrefix(_ address: String) -> String {
        for prefix in ["ipv4@", "ipv6@", "unix@", "tcp@", "tcp4@", "tcp6@", "mptcp@", "mptcp4@", "mptcp6@"]
        where address.hasPrefix(prefix) {
            return String(address.dropFirst(prefix.count))
        }
        return address
    }

    /// The address and what follows its last colon.
    private static func parted(_ text: String) -> (address: String, port: String)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var address = String(text[..<colon])
        if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
        return (address, String(text[text.index(after: colon)...]))
    }

    private mutating func bind(_ words: [HAProxyWord]) {
        guard case .proxy(let index) = section, words.count > 1 else { return }
        let values = words.dropFirst(2).map(\.text)
        nameTLSFiles(values)
        for part in words[1].text.split(separator: ",") {
            let text = String(part)
            if words[1].variables.contains(where: { text.contains($0) }) {
                note("`bind \(text)` depends on a variable that is not known here: say its port by `haproxy.ports`")
                continue
            }
            // What is not reached over the network by TCP.
            if text.hasPrefix("/")
                || ["unix@", "abns@", "abnsz@", "sockpair@", "uxst@", "rhttp@", "rev@"].contains(where: text.hasPrefix)
            {
                continue
            }
            guard let bind = Self.bind(Self.withoutPrefix(text)) else {
                note("`bind \(text)` was not understood: say its port by `haproxy.ports`")
                continue
            }
            let hasIPv6 = values.contains("v4v6")
            let proxy = configuration.proxies[index]
            for address in bind.address == "::" && hasIPv6 ? ["*", "::"] : [bind.address] {
                configuration.binds.append(
                    HAProxyConfiguration.Bind(
                        name: proxy.name, address: address, ports: bind.ports, mode: proxy.mode,
                        isEncrypted: values.contains("ssl"), expectsProxyHeader: values.contains("accept-proxy"),
                        isTransparent: values.contains("transparent"), place: place))
            }
        }
    }

    private static func bind(_ text: String) -> (address: String, ports: ClosedRange<Int>)? {
        guard let (address, port) = parted(text) else { return nil }
        let bounds = port.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = bounds[0], bounds.count <= 2, let last = bounds.last ?? nil, first <= last,
            (1...65535).contains(first), (1...65535).contains(last)
        else { return nil }
        let isAny = address.isEmpty || address == "*" || address == "0.0.0.0"
        return (isAny ? "*" : address, first...last)
    }

    // MARK: Servers

    private static func apply(_ words: some Sequence<HAProxyWord>, to server: inout ServerWords) {
        var previous = ""
        for word in words {
            switch previous {
            case "inter": server.check.interval = HAProxyConfiguration.milliseconds(word.text)
            case "fall": server.check.fall = Int(word.text)
            default: break
            }
            previous = word.text
            switch word.text {
            case "check": server.isChecked = true
            case "no-check": server.isChecked = false
            case "ssl": server.isEncrypted = true
            case "no-ssl": server.isEncrypted = false
            default: break
            }
        }
    }

    private mutating func server(_ words: [HAProxyWord]) {
        guard case .proxy(let index) = section else { return }
        let isTemplate = words[0].text == "server-template"
        let minimum = isTemplate ? 4 : 3
        guard words.count >= minimum else { return note("`\(words[0].text)` lacks its name or its address") }
        nameTLSFiles(words.dropFirst(minimum).map(\.text))
        var settings = serverDefaults
        Self.apply(words.dropFirst(minimum), to: &settings)
        let target = words[minimum - 1]
        let text = Self.withoutPrefix(target.text)
        guard target.variables.isEmpty else {
            return note("the address of the server \(words[1].text) depends on a variable that is not known here")
        }
        if text.hasPrefix("/") || text.contains("@") { return }
        let parts = Self.parted(text)
        var address = text
        var port: Int?
        if let parts, !parts.address.contains(":") || text.hasPrefix("[") || Int(parts.port) != nil {
            address = parts.address
            port = Int(parts.port)
        }
        // `+80` is added to the client's.
        if parts?.port.hasPrefix("+") == true || parts?.port.hasPrefix("-") == true { port = nil }
        configuration.servers.append(
            HAProxyConfiguration.Server(
                backend: configuration.proxies[index].name, name: words[1].text, address: address, port: port,
                isChecked: settings.isChecked, isEncrypted: settings.isEncrypted, check: settings.check, place: place))
    }

    /// `mode` may stand after what it is about.
    private mutating func settleModes() {
        let modes = Dictionary(
            configuration.proxies.filter { $0.kind != .backend }.map { ($0.name, $0.mode) }, uniquingKeysWith: { $1 })
        for index in configuration.binds.indices {
            configuration.binds[index].mode = modes[configuration.binds[index].name] ?? configuration.binds[index].mode
        }
    }
}
