import Provisioning

/// What `server` does.
struct ServerWork {
    var session: Session
    var fleet: Fleet
    var console: Console
    var interrupt: Interrupt
    var agreement: AgreementOptions
    /// As the user named it.
    var name: String
    var state: ServerState
    /// Whether to wait until no session is left.
    var waits: Bool

    func run() async throws -> Outcome {
        let control = try ServerControl(session, fleet: fleet)
        let before = try await control.look()
        let servers = try ServerControl.chosen(name, among: before)
        let titles = servers.map(\.title)
        for warning in Self.warnings(titles, state, among: before) { console.show(.note(host: nil, text: warning)) }
        let balancers = Layout.count(before.count, "balancer")
        try Consent.ask(
            "\(titles.joined(separator: ", ")) \(state.consequence), on \(balancers) of cluster "
                + "\(session.cluster.name).", yes: agreement.yes, console: console)
        let run = RunIdentity.new("server \(name) \(state.rawValue)", reason: agreement.reason)
        let answers = try await RunFailure.naming(run, interrupt) {
            try await session.locked(fleet, for: run, clock: Clock.now) {
                try await control.set(state, of: titles, from: before, run: run)
            }
        }
        let sessions = try await control.sessions(of: titles)
        var changes = 0
        for host in answers.keys.sorted() {
            changes += show(answers[host], of: host, before: before[host] ?? [], titles, sessions: sessions[host] ?? 0)
        }
        if waits {
            console.show(.stage("Wait for its sessions to end"))
            try await control.wait(for: titles) { [console] host, number in
                console.show(.note(host: host, text: Layout.count(number, "session") + " left"))
            }
            console.say("Nobody is on \(titles.joined(separator: ", ")) any more.")
        }
        return Outcome(
            changes: changes, run: run.id,
            fields: ["servers": .list(titles.map(JSONValue.text)), "state": .text(state.rawValue)])
    }

    /// - Returns: how many servers are in another state than before.
    private func show(
        _ answer: ServerControl.Answer?, of host: String, before: [BalancedServer], _ titles: [String], sessions: Int
    ) -> Int {
        guard let answer else { return 0 }
        var changes = 0
        for server in answer.servers where titles.contains(server.title) {
            let was = before.first { $0.title == server.title }?.state ?? .ready
            changes += was == server.state ? 0 : 1
            let text =
                was == server.state ? "was \(was.rawValue) already" : "\(was.rawValue) → \(server.state.rawValue)"
            let left = Layout.count(sessions, "session")
            console.say("  \(console.green("✓")) \(host): \(server.title) \(text), \(left)")
            console.emit([
                "type": "server", "host": .text(host), "server": .text(server.title), "was": .text(was.rawValue),
                "state": .text(server.state.rawValue), "sessions": .number(sessions),
                "kept": .flag(answer.keptIn != nil),
            ])
        }
        if answer.keptIn == nil {
            let text =
                "haproxy.cfg has no `server-state-file` with `load-server-state-from-file global`: the next reload forgets it"
            console.show(.note(host: host, text: text))
        }
        return changes
    }

    /// What clients will notice.
    static func warnings(
        _ titles: [String], _ state: ServerState, among found: [String: [BalancedServer]]
    ) -> [String] {
        guard state != .ready else { return [] }
        let backends = Set(found.values.flatMap { $0 }.filter { titles.contains($0.title) }.map(\.backend))
        return backends.sorted().compactMap { backend in
            let left = found.keys.sorted().filter { host in
                found[host]?.contains { $0.backend == backend && !titles.contains($0.title) && $0.serves } != true
            }
            guard !left.isEmpty else { return nil }
            return "no other server of backend \(backend) is up and ready on \(left.joined(separator: ", ")): its "
                + "clients get errors"
        }
    }
}

extension ServerState {
    /// What becomes of the server, as a part of a sentence.
    fileprivate var consequence: String {
        switch self {
        case .ready: "takes part again"
        case .drain: "gets no new clients; those that it has, and those that a cookie sends to it, go on"
        case .maint: "gets no new connections, whoever asks, and is not checked; those that are open go on"
        }
    }
}
