import Texts
import YAMLReading

extension SSHConfiguration {
    /// A value and the line that it comes from.
    package struct Setting<Value: Sendable>: Sendable {
        package var value: Value
        package var place: Place
    }

    /// What a configuration says of one destination. Tokens stand as they were written.
    package struct Answer: Sendable {
        package var hostName: Setting<String>?
        package var user: Setting<String>?
        package var port: Setting<Int>?
        package var identities: [Setting<String>] = []
        /// `IdentityFile none`: the usual files are not tried.
        package var noIdentity: Setting<Void>?
        package var identitiesOnly: Setting<Bool>?
        package var certificates: [Setting<String>] = []
        package var knownHosts: Setting<[String]>?
        /// None of them for `ProxyJump none`.
        package var jump: Setting<[Jump]>?
        package var proxyCommand: Setting<String>?
        /// Milliseconds.
        package var connectTimeout: Setting<Int>?
        /// What is not followed, and changes no login of haprov's.
        package var harmless: [Line] = []
        package var diagnostics: [Diagnostic] = []
    }

    /// What holds for a destination; of several values the first.
    ///
    /// - Parameter names: what patterns may match: where one that is negated matches any of these, its line does not hold.
    package func answer(for names: [String]) -> Answer {
        var reader = AnswerReader(names: names)
        reader.walk(entries, holds: true)
        return reader.answer
    }
}

/// Walks through the lines that hold for a destination.
private struct AnswerReader {
    let names: [String]
    var answer = SSHConfiguration.Answer()

    mutating func walk(_ entries: [SSHConfiguration.Entry], holds outer: Bool) {
        var holds = outer
        for entry in entries {
            switch entry {
            case .included(let inner): walk(inner, holds: holds)
            case .line(let line):
                switch line.name {
                case "host": holds = outer && matches(line.arguments)
                case "match":
                    let isForAll = line.arguments.map { $0.lowercased() } == ["all"]
                    holds = outer && isForAll
                    if !isForAll, outer {
                        warn(
                            line,
                            "`Match` is not followed: what stands below it, up to the next `Host`, is passed over",
                            "Write what the cluster's hosts need below a `Host` with their names, or in the inventory.")
                    }
                default: if holds { take(line) }
                }
            }
        }
    }

    private func matches(_ patterns: [String]) -> Bool {
        func isMatched(by pattern: some StringProtocol) -> Bool {
            names.contains { Wildcard.matches(String(pattern), $0) }
        }
        if patterns.contains(where: { $0.hasPrefix("!") && isMatched(by: $0.dropFirst()) }) { return false }
        return patterns.contains { !$0.hasPrefix("!") && isMatched(by: $0) }
    }

    private mutating func take(_ line: SSHConfiguration.Line) {
        guard let first = line.arguments.first else { return }
        func setting<T>(_ value: T) -> SSHConfiguration.Setting<T> { .init(value: value, place: line.place) }
        switch line.name {
        case "hostname": answer.hostName = answer.hostName ?? setting(first)
        case "user":
            guard answer.user == nil else { return }
            if Words.isUser(first) { answer.user = setting(first) } else { refuse(line, "no user's name") }
        case "port":
            guard answer.port == nil else { return }
            if let port = Int(first), (1...65535).contains(port) {
                answer.port = setting(port)
            } else {
                refuse(line, "no port from 1 to 65535")
            }
        case "identityfile":
            if first.lowercased() != "none" {
                answer.identities.append(setting(first))
            } else {
                answer.noIdentity = answer.noIdentity ?? setting(())
            }
        case "certificatefile": answer.certificates += first.lowercased() == "none" ? [] : [setting(first)]
        case "identitiesonly":
            guard answer.identitiesOnly == nil else { return }
            switch first.lowercased() {
            case "yes", "true": answer.identitiesOnly = setting(true)
            case "no", "false": answer.identitiesOnly = setting(false)
            default: refuse(line, "neither yes nor no")
            }
        case "userknownhostsfile": answer.knownHosts = answer.knownHosts ?? setting(line.arguments)
        // Whichever of the two comes first keeps the other from being taken.
        case "proxyjump": if answer.jump == nil, answer.proxyCommand == nil { takeJump(line, first) }
        case "proxycommand":
            guard answer.jump == nil, answer.proxyCommand == nil else { return }
            if first.lowercased() == "none" { answer.jump = setting([]) } else { answer.proxyCommand = setting(first) }
        case "connecttimeout":
            guard answer.connectTimeout == nil, first.lowercased() != "none" else { return }
            if let time = Notation.milliseconds(first.lowercased(), plainUnit: 1000), time > 0 {
                answer.connectTimeout = setting(time)
            } else {
                refuse(line, "no time such as 10 or 1m")
            }
        default: pass(line, first)
        }
    }

    private mutating func takeJump(_ line: SSHConfiguration.Line, _ text: String) {
        if text.lowercased() == "none" { return answer.jump = .init(value: [], place: line.place) }
        let jumps = text.split(separator: ",", omittingEmptySubsequences: false).map { part -> Jump? in
            part.hasPrefix("ssh://") ? Jump(String(part.dropFirst(6).prefix { $0 != "/" })) : Jump(String(part))
        }
        guard jumps.allSatisfy({ $0 != nil }) else { return refuse(line, "no bastion as `[user@]host[:port]`") }
        answer.jump = .init(value: jumps.compactMap { $0 }, place: line.place)
    }

    /// What is not followed.
    private mutating func pass(_ line: SSHConfiguration.Line, _ first: String) {
        switch line.name {
        case "stricthostkeychecking":
            guard !["yes", "true", "ask"].contains(first.lowercased()) else { return answer.harmless.append(line) }
            warn(
                line,
                "`StrictHostKeyChecking \(first)` is ignored: haprov works with hosts whose keys are known, and no others",
                "Put the hosts' keys into known_hosts: an error about an unknown key has the command for it.")
        case let name where Self.harmless.contains(name): answer.harmless.append(line)
        default:
            warn(
                line, "`\(line.keyword)` is not followed",
                "Where logging in depends on it, set what the inventory has for it (`ssh`).")
        }
    }

    private mutating func refuse(_ line: SSHConfiguration.Line, _ what: String) {
        answer.diagnostics.append(
            line.place.diagnostic(
                .error, "`\(line.keyword)` is `\(line.arguments.joined(separator: " "))`, which is \(what)",
                "Put it right; `ssh -G HOST` shows how ssh reads it."))
    }

    private mutating func warn(_ line: SSHConfiguration.Line, _ message: String, _ remedy: String) {
        answer.diagnostics.append(line.place.diagnostic(.warning, message, remedy))
    }

    /// What concerns sessions of people, or how ssh itself works: a login of haprov's is the same without.
    private static let harmless: Set = [
        "addkeystoagent", "addressfamily", "batchmode", "channeltimeout", "checkhostip",
        "clearallforwardings", "compression", "connectionattempts", "controlmaster", "controlpath", "controlpersist",
        "dynamicforward", "enableescapecommandline", "enablesshkeysign", "escapechar", "exitonforwardfailure",
        "fingerprinthash", "forkafterauthentication", "forwardagent", "forwardx11", "forwardx11timeout",
        "forwardx11trusted", "gatewayports", "gssapiauthentication", "gssapidelegatecredentials",
        "hashknownhosts", "hostbasedauthentication", "ignoreunknown", "ipqos", "kbdinteractiveauthentication",
        "localcommand", "localforward", "loglevel", "logverbose", "numberofpasswordprompts", "obscurekeystroketiming",
        "passwordauthentication", "permitlocalcommand",
        "permitremoteopen", "preferredauthentications", "proxyusefdpass", "pubkeyauthentication", "rekeylimit",
        "remotecommand", "remoteforward", "requesttty", "sendenv", "serveralivecountmax", "serveraliveinterval",
        "sessiontype", "setenv", "stdinnull", "streamlocalbindmask", "streamlocalbindunlink", "syslogfacility",
        "tag", "tcpkeepalive", "tunnel", "tunneldevice", "updatehostkeys", "usekeychain", "versionaddendum",
        "visualhostkey", "warnweakcrypto", "xauthlocation", "challengeresponseauthentication",
    ]
}
