/// What a `vrrp_script` asks, as far as its command line tells: what the daemon can see by itself needs no process.
package enum CheckCommand: Sendable, Hashable {
    /// `killall -0 NAME`, `pidof NAME`, `pgrep -x NAME`: whether such a process is alive.
    case process(name: String)
    /// `kill -0 $(cat FILE)` in the forms people write it, or `pkill -0 -F FILE`.
    case pidFile(String)
    /// `haprov-vrrpd check http URL`: whether HAProxy answers over HTTP. keepalived runs it as the program that it is.
    case http(address: IPAddress, port: UInt16, host: String, path: String)
    /// `haprov-vrrpd check stats SOCKET`: whether HAProxy answers on its stats socket.
    case statsSocket(String)
    /// Anything else: run it.
    case command([String])

    /// Recognises a command line that was split into words: only what means exactly one of the cases above.
    package init(_ words: [String]) {
        self = Self.recognised(words) ?? .command(words)
    }

    private static func recognised(_ words: [String]) -> CheckCommand? {
        if let found = simple(words) { return found }
        guard words.count == 3, words[1] == "-c", let shell = words[0].split(separator: "/").last,
            ["sh", "bash", "dash"].contains(shell)
        else { return nil }
        // A shell that runs just one of these is no different from it.
        let inner = words[2].trimmingBlanks
        if isPlain(inner.filter { $0 != " " }), let found = simple(inner.split(separator: " ").map(String.init)) {
            return found
        }
        return killed(inner, shell: shell)
    }

    private static func simple(_ words: [String]) -> CheckCommand? {
        guard let program = words.first?.split(separator: "/").last else { return nil }
        let rest = Array(words.dropFirst())
        switch (program, rest.count) {
        case ("killall", 2) where ["-0", "-s0"].contains(rest[0]): return named(rest[1])
        case ("killall", 3) where rest[0] == "-s" && rest[1] == "0": return named(rest[2])
        case ("pidof", 1): return named(rest[0])
        // The name is a regular expression, so no sign of one may be in it.
        case ("pgrep", 2) where rest[0] == "-x" && !rest[1].contains(where: { "./+".contains($0) }):
            return named(rest[1])
        case ("pkill", 3) where rest[0] == "-0" && rest[1] == "-F": return listed(rest[2])
        case ("haprov-vrrpd", 3) where rest[0] == "check" && rest[1] == "stats" && rest[2].hasPrefix("/"):
            return .statsSocket(rest[2])
        case ("haprov-vrrpd", 3) where rest[0] == "check" && rest[1] == "http": return answering(rest[2])
        default: return nil
        }
    }

    /// Nothing that a shell or a regular expression would make something else of.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: "._-+/@:".utf8.contains($0)
            }
        }
    }

    private static func named(_ name: String) -> CheckCommand? {
        isPlain(name) && !name.isEmpty && !name.hasPrefix("-") && !name.hasSuffix("/") ? .process(name: name) : nil
    }

    private static func listed(_ path: String) -> CheckCommand? {
        isPlain(path) && path.hasPrefix("/") && !path.hasSuffix("/") ? .pidFile(path) : nil
    }

    /// `kill -0 $(cat FILE)`, `` kill -0 `cat FILE` ``, `kill -0 $(<FILE)` (bash alone knows that), with or without double
    /// quotes. Only a shell makes a number of these, so without one they are no check.
    private static func killed(_ text: String, shell: Substring) -> CheckCommand? {
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count == 3, ["kill", "/bin/kill", "/usr/bin/kill"].contains(words[0]), words[1] == "-0" else {
            return nil
        }
        var argument = String(words[2])
        if argument.count > 2, argument.hasPrefix("\""), argument.hasSuffix("\"") {
            argument = String(argument.dropFirst().dropLast())
        }
        var forms = [("$(cat ", ")"), ("`cat ", "`")]
        if shell == "bash" { forms += [("$(< ", ")"), ("$(<", ")")] }
        for (before, after) in forms where argument.hasPrefix(before) && argument.hasSuffix(after) {
            if let found = listed(String(argument.dropFirst(before.count).dropLast(after.count))) { return found }
        }
        return nil
    }

    /// `http://ADDRESS[:PORT][/PATH]`; names are left to a program that may wait for a resolver.
    private static func answering(_ url: String) -> CheckCommand? {
        let scheme = "http://"
        guard url.hasPrefix(scheme), url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let text = url.dropFirst(scheme.count)
        let authority = String(text.prefix { $0 != "/" && $0 != "?" })
        var path = String(text.dropFirst(authority.count))
        if !path.hasPrefix("/") { path = "/" + path }
        var (host, port) = (authority, "80")
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            let rest = authority[authority.index(after: end)...]
            if !rest.isEmpty {
                guard rest.hasPrefix(":") else { return nil }
                port = String(rest.dropFirst())
            }
        } else if let colon = authority.lastIndex(of: ":") {
            host = String(authority[..<colon])
            port = String(authority[authority.index(after: colon)...])
        }
        guard let address = IPAddress(host), let number = UInt16(port), number > 0 else { return nil }
        return .http(address: address, port: number, host: authority, path: path)
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
