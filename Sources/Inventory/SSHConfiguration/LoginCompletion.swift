import Texts
import YAMLReading

/// Who says how a host is logged in to.
package struct LoginSources: Sendable, Equatable {
    package struct Row: Sendable, Equatable {
        /// As in the inventory: `user`, `identity`, …
        package var key: String
        package var value: String
        /// `inventory.yml:12`, `~/.ssh/config:3` or `default`.
        package var source: String
    }

    package var host: String
    package var address: String
    package var rows: [Row] = []
    /// Lines of OpenSSH's configuration that hold for the host, are not followed and do not matter.
    package var harmless: [SSHConfiguration.Line] = []
}

/// Fills in from OpenSSH's client configuration what an inventory leaves open about logging in.
package struct LoginCompletion {
    /// What tokens and variables in a configuration may stand for.
    package struct Local: Sendable {
        package var home: String
        package var user: String
        package var environment: [String: String]

        package init(home: String, user: String, environment: [String: String]) {
            self.home = home
            self.user = user
            self.environment = environment
        }
    }

    let reading: InventoryReader.Reading
    let file: String
    let local: Local
    /// What is wrong or doubtful in configurations, each once.
    package private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter file: the inventory, as people named it.
    package init(_ reading: InventoryReader.Reading, file: String, local: Local) {
        self.reading = reading
        self.file = file
        self.local = local
    }

    /// - Parameter configuration: nil where the host has none.
    package mutating func complete(_ host: inout Host, by configuration: SSHConfiguration?) -> LoginSources {
        var sources = LoginSources(host: host.name, address: "\(host.address)")
        guard host.connection == .ssh else {
            let place = reading.places["hosts.\(host.name).connection"].map { "\(file):\($0.line)" }
            sources.rows = [.init("connection", host.connection.rawValue, place ?? Choice.standard)]
            return sources
        }
        let answer = configuration?.answer(for: [host.name, sources.address]) ?? SSHConfiguration.Answer()
        report(answer.diagnostics)
        sources.harmless = answer.harmless
        checkHostName(of: host, answer)
        let chosen = Choice(host: host.name, file: file, places: reading.places)
        var ssh = host.ssh
        let user = chosen("user", answer.user, else: ssh.user)
        let port = chosen("port", answer.port, else: ssh.port)
        (ssh.user, ssh.port) = (user.value, port.value)
        sources.rows = [.init("user", ssh.user, user.source), .init("port", "\(ssh.port)", port.source)]

        let tokens = Tokens(
            host: sources.address, name: host.name, port: ssh.port, user: ssh.user, local: local)
        sources.rows += completeKeys(&ssh, answer, tokens, chosen)
        if let place = chosen.place("known_hosts") {
            sources.rows.append(.init("known_hosts", ssh.knownHosts, place))
        } else {
            let known = knownHosts(answer, tokens)
            ssh.knownHosts = known?.value ?? ssh.knownHosts
            sources.rows.append(.init("known_hosts", ssh.knownHosts, known?.place.description ?? Choice.standard))
        }
        sources.rows += completeWay(&ssh, answer, tokens, chosen, configuration)
        let connect = chosen("timeouts.connect", answer.connectTimeout, else: ssh.timeouts.connect ?? 0)
        if connect.source != Choice.standard {
            ssh.timeouts.connect = connect.value
            sources.rows.append(.init("timeouts.connect", Notation.duration(connect.value), connect.source))
        }
        host.ssh = ssh
        return sources
    }

    mutating func report(_ found: [Diagnostic]) {
        for diagnostic in found where !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }

    /// The text with its tokens replaced; what cannot be is reported.
    ///
    /// - Parameter variables: whether `${NAME}` is one of them; of a command it is the shell's to know, which may be a secret.
    mutating func expanded(
        _ setting: SSHConfiguration.Setting<String>, _ tokens: Tokens, variables: Bool = true
    ) -> String? {
        switch tokens.expand(setting.value, variables: variables) {
        case .success(let text): return text
        case .failure(let problem):
            report([setting.place.diagnostic(.error, problem.message, problem.remedy)])
            return nil
        }
    }

    private mutating func checkHostName(of host: Host, _ answer: SSHConfiguration.Answer) {
        guard let setting = answer.hostName else { return }
        // ssh takes `%h` for the name that it was given, and that may have been either.
        let meant = [host.name, "\(host.address)"].map { setting.value.replacing("%h", with: $0) }
        guard !meant.contains("\(host.address)") else { return }
        report([
            setting.place.diagnostic(
                .error,
                "`HostName` is `\(setting.value)`, but the address of \(host.name) in the inventory is \(host.address)",
                "Make both the same, or leave `HostName` away: haprov goes by the inventory's address.")
        ])
    }

    private mutating func completeKeys(
        _ ssh: inout SSHSettings, _ answer: SSHConfiguration.Answer, _ tokens: Tokens, _ chosen: Choice
    ) -> [LoginSources.Row] {
        let certificates = answer.certificates.compactMap { setting in
            expanded(setting, tokens).map { (value: $0, source: "\(setting.place)") }
        }
        ssh.certificates = certificates.map(\.value)
        let rows = certificates.map { LoginSources.Row("certificate", $0.value, $0.source) }
        if let place = chosen.place("identity") { return ssh.identities.map { .init("identity", $0, place) } + rows }
        let identities = answer.identities.compactMap { setting in
            expanded(setting, tokens).map { (value: $0, source: "\(setting.place)") }
        }
        ssh.identities = identities.map(\.value)
        ssh.triesUsualFiles = answer.noIdentity == nil
        // As ssh does: the agent's other keys come after those that are named, unless they are not to come at all.
        if let only = answer.identitiesOnly?.value {
            ssh.identitiesOnly = only
        } else if !identities.isEmpty {
            ssh.identitiesOnly = false
        }
        let found = identities.map { LoginSources.Row("identity", $0.value, $0.source) }
        guard found.isEmpty else { return found + rows }
        let usual = [(ssh.identitiesOnly != true, "the agent"), (ssh.triesUsualFiles, "the usual files")]
            .compactMap { $0 ? $1 : nil }.joined(separator: ", ")
        let place = (answer.identitiesOnly?.place ?? answer.noIdentity?.place).map { "\($0)" }
        return [.init("identity", usual.isEmpty ? "none" : usual, place ?? Choice.standard)] + rows
    }

    mutating func knownHosts(
        _ answer: SSHConfiguration.Answer, _ tokens: Tokens
    ) -> SSHConfiguration.Setting<String>? {
        guard let setting = answer.knownHosts else { return nil }
        let files = setting.value.filter { $0.lowercased() != "none" && $0 != "/dev/null" }
        guard let first = files.first else {
            report([
                setting.place.diagnostic(
                    .warning,
                    "`UserKnownHostsFile \(setting.value.joined(separator: " "))` is ignored: "
                        + "haprov works with hosts whose keys are known, and no others",
                    "Name a file that keeps them, here or in the inventory (`ssh: known_hosts`).")
            ])
            return nil
        }
        guard files.count == 1 else {
            report([
                setting.place.diagnostic(
                    .error, "`UserKnownHostsFile` names \(files.count) files, and haprov reads one",
                    "Name in the inventory the one that holds the hosts' keys (`ssh: known_hosts`).")
            ])
            return nil
        }
        let one = SSHConfiguration.Setting(value: first, place: setting.place)
        return expanded(one, tokens).map { .init(value: $0, place: setting.place) }
    }
}

/// Whoever speaks first: the inventory, OpenSSH's configuration, the default.
struct Choice {
    static let standard = "default"
    let host: String
    let file: String
    let places: [String: SourcePlace]

    /// Where the inventory speaks of a key below `ssh`, for this host or for all; nil where it does not.
    func place(_ key: String) -> String? { line(key).map { "\($0)" } }

    func line(_ key: String) -> SSHConfiguration.Place? {
        (places["hosts.\(host).ssh.\(key)"] ?? places["ssh.\(key)"]).map { .init(file: file, line: $0.line) }
    }

    func callAsFunction<T>(
        _ key: String, _ setting: SSHConfiguration.Setting<T>?, else own: T
    ) -> (value: T, source: String) {
        if let place = place(key) { return (own, place) }
        return setting.map { ($0.value, "\($0.place)") } ?? (own, Self.standard)
    }
}

extension LoginSources.Row {
    init(_ key: String, _ value: String, _ source: String) {
        self.init(key: key, value: value, source: source)
    }
}
