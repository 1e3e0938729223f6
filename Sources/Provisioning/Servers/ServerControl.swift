import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Tells HAProxy on all balancers at once to take servers out of its backends, or back in, over its own socket.
package struct ServerControl: Sendable {
    private let session: Session
    private let fleet: Fleet
    private let client: StaticProgram
    private let hosts: [String]

    /// - Throws: where haprov-prober, which carries words to the socket, is not at hand.
    package init(_ session: Session, fleet: Fleet) throws(Failure) {
        guard let client = session.client() else {
            throw Failure(
                .input, step: "server", summary: "haprov-prober, which talks to HAProxy on the hosts, cannot be found",
                remedy: "Take the haprov that `make dist` makes, which has it inside, or name one in $HAPROV_PROBER.")
        }
        self.session = session
        self.fleet = fleet
        self.client = client
        hosts = session.targets.map(\.name).filter { fleet.connections[$0] != nil }
    }

    /// The servers of every balancer.
    package func look() async throws -> [String: [BalancedServer]] {
        try await fleet.onEach(hosts) { host throws(Failure) in
            Self.servers(try await ask([["servers_list"]], on: host))
        }.successes()
    }

    /// Those of every balancer that a name means: a server's in all backends that have one of that name, or `BACKEND/SERVER`.
    ///
    /// - Throws: where any balancer has none: then nothing is done on the others either.
    package static func chosen(
        _ name: String, among found: [String: [BalancedServer]]
    ) throws(Failure) -> [BalancedServer] {
        func means(_ server: BalancedServer) -> Bool { server.title == name || server.name == name }
        func list(_ servers: [BalancedServer]) -> String {
            servers.isEmpty ? "none" : Set(servers.map(\.title)).sorted().joined(separator: ", ")
        }
        let lacking = found.keys.sorted().filter { found[$0]?.contains(where: means) == false }
        let titles = Set(found.values.flatMap { $0.filter(means).map(\.title) }).sorted()
        guard !titles.isEmpty else {
            throw Failure(
                .input, step: "server", summary: "HAProxy has no server `\(name)`",
                remedy: "Its servers are \(list(found.values.flatMap { $0 })).")
        }
        let incomplete = found.keys.sorted().filter { host in
            !titles.allSatisfy { title in found[host]?.contains { $0.title == title } == true }
        }
        guard let host = lacking.first ?? incomplete.first else {
            let first = found.keys.sorted().first.flatMap { found[$0] } ?? []
            return titles.compactMap { title in first.first { $0.title == title } }
        }
        throw Failure(
            .preflight, host: host, step: "server",
            summary: "HAProxy here does not have \(titles.joined(separator: ", ")), which others have; its servers are "
                + list(found[host] ?? []),
            remedy: "Nothing was done. `haprov status` shows whether this balancer is as the inventory says.")
    }

    /// What a balancer answered.
    package struct Answer: Sendable {
        package var servers: [BalancedServer]
        /// The file by which HAProxy goes on with it after a reload or a start; nil where its configuration names none.
        package var keptIn: String?
    }

    /// Tells all balancers. Where one does not do it, those that have are told to go back.
    ///
    /// - Parameters:
    ///   - servers: by their titles.
    ///   - before: how they were.
    package func set(
        _ state: ServerState, of servers: [String], from before: [String: [BalancedServer]], run: RunIdentity
    ) async throws -> [String: Answer] {
        let results = await fleet.onEach(hosts) { host throws(Failure) in
            try await tell([(state, servers)], run: run, on: host)
        }
        do {
            return try results.successes()
        } catch {
            throw Failures(error.all + (await goBack(results, of: servers, to: before, run: run)))
        }
    }

    /// - Returns: those that could not be told.
    private func goBack(
        _ results: [String: Result<Answer, Failure>], of servers: [String], to before: [String: [BalancedServer]],
        run: RunIdentity
    ) async -> [Failure] {
        // Also those that failed: of several servers they may have been told of the first.
        let told = hosts.filter { host in
            if case .failure(let failure) = results[host] { return failure.kind != .unreachable }
            return true
        }
        let back = await fleet.onEach(told) { host throws(Failure) in
            let old = (before[host] ?? []).filter { servers.contains($0.title) }
            return try await tell(old.map { ($0.state, [$0.title]) }, run: run, on: host)
        }
        let done = told.filter { host in if case .success = back[host] { true } else { false } }
        if !done.isEmpty {
            session.events(.note(host: nil, text: "told to go back: \(done.joined(separator: ", "))"))
        }
        return back.values.compactMap { result in
            guard case .failure(var failure) = result else { return nil }
            failure.summary = "it may go on without the others: " + failure.summary
            return failure
        }
    }

    private func tell(
        _ states: [(ServerState, [String])], run: RunIdentity, on host: String
    ) async throws(Failure) -> Answer {
        let records = try await ask(
            [["hp_begin", run.id]] + states.map { ["servers_set", $0.rawValue] + $1 }
                + [["servers_keep"] + session.haproxyConfigurations, ["servers_list"]], on: host)
        return Answer(
            servers: Self.servers(records), keptIn: records.first { $0.word == "kept" }?[1])
    }

    /// How many sessions servers have on a balancer, by host.
    package func sessions(of servers: [String]) async throws -> [String: Int] {
        try await fleet.onEach(hosts) { host throws(Failure) in
            try await ask([["servers_sessions"] + servers], on: host).last { $0.word == "sessions" }?.number(1) ?? 0
        }.successes()
    }

    /// Waits until the servers have no session any more, however long that takes.
    ///
    /// - Parameter told: how many there are, by host, as that changes.
    package func wait(for servers: [String], told: @escaping @Sendable (String, Int) -> Void) async throws {
        let day = Deadline(idle: 60, total: 86400)
        _ = try await fleet.onEach(hosts) { host throws(Failure) in
            try await ask([["servers_await"] + servers], on: host, deadline: day) { told(host, $0) }
        }.successes()
    }

    private var socket: String { session.cluster.haproxy.socket }

    private static func servers(_ records: [Record]) -> [BalancedServer] { records.compactMap { BalancedServer($0) } }

    private func ask(
        _ calls: [[String]], on host: String, deadline: Deadline = Deadline(idle: 60, total: 120),
        sessions: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(Failure) -> [Record] {
        let script = RemoteScript(
            ShellLibrary.host.script(
                calls: [["servers_with", "\(client.size)", socket]] + calls + [["hp_say", "end"]]),
            payload: [client.payload])
        let reader = SessionReader(sessions)
        let result = try await fleet.run(script, on: host, deadline: deadline) { reader.take($0) }
        let records = Record.all(in: result.standardOutput)
        guard records.last?.word == "end" else {
            let words = String(decoding: result.standardError.suffix(2000), as: UTF8.self)
            throw Failure(
                .preflight, host: host, step: "server",
                summary: records.first { $0.word == "die" }?[1] ?? "the host did not answer",
                remedy: "HAProxy has to run here, with the socket \(socket): `systemctl status haproxy` there. "
                    + "`--limit` does without this balancer.",
                cause: words.isEmpty ? nil : words)
        }
        return records
    }
}
