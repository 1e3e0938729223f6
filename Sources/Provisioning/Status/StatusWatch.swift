import Errors
import HostShell
import Inventory
import Planning
import SSH
import Synchronization

/// How the balancers stand, over and over: each says it by itself over one connection, in one script that goes on. One that is lost is
/// connected to again.
package final class StatusWatch: Sendable {
    private struct State {
        var answers: [String: Result<Facts, Failure>] = [:]
        var servers: [String: [BalancedServer]] = [:]
    }

    private let session: Session
    private let guesses: [[String: HostResources]]
    private let interval: Duration
    private let state = Mutex(State())

    /// Between two looks at all that the inventory asks for; a light one looks at what changes by itself.
    private static let fullInterval = Duration.seconds(60)
    /// For how long a balancer may be silent beyond the interval.
    private static let patience = 20.0

    /// - Parameters:
    ///   - guesses: what they should have as each platform, by host.
    ///   - interval: between two rounds of a balancer.
    package init(_ session: Session, guesses: [[String: HostResources]], interval: Duration) {
        self.session = session
        self.guesses = guesses
        self.interval = interval
    }

    /// Follows the balancers until it is cancelled.
    ///
    /// - Parameter show: called in the same interval with how they stand, from the moment on at which each has answered once, or failed.
    package func run(show: @escaping @Sendable (ClusterStatus) -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in session.targets { group.addTask { await self.follow(host) } }
            while !Task.isCancelled {
                let known = state.withLock { $0 }
                if known.answers.count == session.targets.count {
                    var status = try ClusterStatus(session, answers: known.answers)
                    status.add(known.servers)
                    show(status)
                    try? await Task.sleep(for: interval)
                } else {
                    try? await Task.sleep(for: .milliseconds(50))
                }
            }
            group.cancelAll()
        }
    }

    private func follow(_ host: Host) async {
        while !Task.isCancelled {
            do throws(Failure) { try await listen(to: host) } catch {
                if !Task.isCancelled { state.withLock { $0.answers[host.name] = .failure(error) } }
            }
            try? await Task.sleep(for: interval)
        }
    }

    /// Connects, looks at everything, and takes in what the host says from then on.
    ///
    /// - Throws: why that ended.
    private func listen(to host: Host) async throws(Failure) {
        let connection: any HostConnection
        do throws(SSHError) { connection = try await session.connector(host) } catch {
            throw Failure(error, host: host.name)
        }
        let result: Result<Void, Failure>
        do throws(Failure) { result = .success(try await listen(to: host.name, by: connection)) } catch {
            result = .failure(error)
        }
        await connection.close()
        try result.get()
    }

    private func listen(to host: String, by connection: any HostConnection) async throws(Failure) {
        let fleet = Fleet(connections: [host: connection])
        let facts = try await session.look(
            at: host, fleet, guesses: guesses, preflight: false, besides: session.standingQueries)
        state.withLock { $0.answers[host] = .success(facts) }
        let script = session.liveScript(
            host, facts, interval: interval, every: max(1, Int(Self.fullInterval / interval)))
        let reader = Mutex(RoundReader())
        let deadline = Deadline(idle: Double(interval.wholeMilliseconds) / 1000 + Self.patience, total: 1e9)
        let ended = try await fleet.run(script, on: host, deadline: deadline) { chunk in
            guard case .standardOutput(let bytes) = chunk else { return }
            for round in reader.withLock({ $0.take(bytes) }) { self.take(round, of: host) }
        }
        throw Failure(
            .preflight, host: host, step: "status", summary: "the host stopped to say how it stands",
            remedy: "It is asked again. Put right what the host's own words below complain of.",
            cause: String(decoding: ended.standardError.suffix(2000), as: UTF8.self))
    }

    private func take(_ round: BalancerRound, of host: String) {
        state.withLock { state in
            guard case .success(var facts) = state.answers[host] else { return }
            facts.take(round)
            state.answers[host] = .success(facts)
            state.servers[host] = round.servers
        }
    }
}

extension Session {
    /// What HAProxy may be configured by, whichever platform a host is.
    var haproxyConfigurations: [String] {
        let places = platforms.known.map { $0.init().place(of: cluster.haproxyProgram) }
        return Set(places.flatMap { [$0.configuration, "\($0.configurationFolder)/\(OwnConfiguration.addedFile)"] })
            .sorted()
    }

    /// What status asks beside what playbooks do.
    package var standingQueries: [ProbeQuery] {
        var folders: [String] = []
        for type in platforms.known {
            let folder = type.init().place(of: cluster.haproxyProgram).configurationFolder
            if !folders.contains(folder) { folders.append(folder) }
        }
        return [
            ProbeQuery("probe_running", HAProxy.unit, "-v"),
            ProbeQuery("probe_running", cluster.engine.unit, "--version"),
            ProbeQuery("probe_routers", cluster.engine.unit, Engine.configuration),
            ProbeQuery("probe_certificates", arguments: folders),
            ProbeQuery("probe_taken_out", arguments: haproxyConfigurations),
        ]
    }

    /// The script by which a balancer says over and over how it stands.
    ///
    /// - Parameters:
    ///   - facts: what it is, which decides what it is asked.
    ///   - every: so many rounds one looks at everything.
    func liveScript(_ host: String, _ facts: Facts, interval: Duration, every: Int) -> RemoteScript {
        let full = Probe.calls(questions(for: host, as: platforms.working(facts.system)).queries + standingQueries)
        let light = [
            ["probe_addresses"], ["probe_unit", HAProxy.unit], ["probe_unit", cluster.engine.unit], ["probe_duty"],
            ["probe_lock"], ["probe_routers", cluster.engine.unit, Engine.configuration], ["live_servers"],
        ]
        let program = client()
        let start = [
            "live", "\(Double(interval.wholeMilliseconds) / 1000)", "\(every)", "\(program?.size ?? 0)",
            cluster.haproxy.socket,
        ]
        func function(_ name: String, _ calls: [[String]]) -> String {
            "\(name)() {\n" + calls.map(Shell.join).joined(separator: "\n") + "\n}\n"
        }
        return RemoteScript(
            ShellLibrary.host.script(
                function("live_full", full) + function("live_light", light) + Shell.join(start)),
            payload: program.map { [$0.payload] } ?? [])
    }
}
