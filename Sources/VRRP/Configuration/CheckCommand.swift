/// What a `vrrp_script` asks, as far as its command line tells: what the daemon can see by itself needs no process.
public enum CheckCommand: Sendable, Hashable {
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
    public init(_ words: [String]) {
        self = Self.recognised(words) ?? .command(words)
    }

    private static func recognised(_ words: [String]) -> CheckCommand? {
        guard let program = words.first?.split(separator: "/").last else { return nil }
        let rest = Array(words.dropFirst())
        switch (program, rest.count) {
        case ("killall", 2) where ["-0", "-s0"].contains(rest[0]): return named(rest[1])
        case ("killall", 3) where rest[0] == "-s" && rest[1] == "0": return named(rest[2])
        case ("pidof", 1): return named(rest[0])
        case ("pgrep", 2) where rest[0] == "-x": return named(rest[1])
        case ("pkill", 3) where rest[0] == "-0" && rest[1] == "-F": return listed(rest[2])
        case ("kill", 2...): return killed(rest)
        case ("sh", 2), ("bash", 2), ("dash", 2):
            // A shell that runs just one of these is no different from it.
            guard rest[0] == "-c" else { return nil }
            let inner = CommandWords.split(rest[1])
            guard inner.first != words.first else { return nil }
            return recognised(inner)
        case ("haprov-vrrpd", 3) where rest[0] == "check" && rest[1] == "stats" && rest[2].hasPrefix("/"):
            return .statsSocket(rest[2])
        case ("haprov-vrrpd", 3) where rest[0] == "check" && rest[1] == "http": return answering(rest[2])
        default: return nil
        }
    }

    private static func named(_ name: String) -> CheckCommand? {
        let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+/".contains($0)) }
        return isPlain && !name.isEmpty && !name.hasPrefix("-") ? .process(name: name) : nil
    }

    private static func listed(_ path: String) -> CheckCommand? {
        let isPlain = path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+/@:".contains($0)) }
        return isPlain && path.hasPrefix("/") ? .pidFile(path) : nil
    }

    /// `-0 $(cat FILE)`, `` -0 `cat FILE` ``, `-0 $(<FILE)`.
    private static func killed(_ rest: [String]) -> CheckCommand? {
        guard rest.first == "-0" else { return nil }
        let text = rest.dropFirst().joined(separator: " ")
        for (before, after) in [("$(cat ", ")"), ("`cat ", "`"), ("$(<", ")"), ("$(< ", ")")]
        where text.hasPrefix(before) && text.hasSuffix(after) {
            if let found = listed(String(text.dropFirst(before.count).dropLast(after.count))) { return found }
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
