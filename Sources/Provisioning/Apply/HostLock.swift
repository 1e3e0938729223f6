import Errors
import HostShell
import SSH

/// Keeps two operators apart: a lock on every host of a run, kept alive while the run goes on.
package struct HostLock: Sendable {
    var fleet: Fleet
    var run: RunIdentity
    /// Told where a lock is waited for.
    var events: EventSink
    /// What begins the run in the hosts' journals, for those that change nothing which would: ``RunIdentity/opening(cluster:members:)``.
    var opening: [String]?
    /// Until when a lock of somebody else's is waited for.
    var patience: ContinuousClock.Instant?
    /// Runs whose locks are taken whatever is known of their holders, by host.
    var over: [String: String] = [:]
    /// For taking it: what a dead run began is awaited.
    static let deadline = Deadline(idle: 30, total: 1200)
    /// Between two signs of life.
    var interval = Duration.seconds(60)

    package init(
        fleet: Fleet, run: RunIdentity, opening: [String]? = nil, patience: ContinuousClock.Instant? = nil,
        events: @escaping EventSink = { _ in }
    ) {
        self.fleet = fleet
        self.run = run
        self.opening = opening
        self.patience = patience
        self.events = events
    }

    /// Takes the lock on all hosts, or on none.
    package func take(_ hosts: [String]) async throws(Failures) {
        var isTold = false
        while true {
            do throws(Failure) {
                try await takeInOrder(hosts.sorted())
                break
            } catch {
                guard error.kind == .locked, let patience, patience > .now, !Task.isCancelled else {
                    throw Failures([error])
                }
                if !isTold { events(.note(host: error.host, text: "waits for the lock: \(error.summary)")) }
                isTold = true
                try? await Task.sleep(for: .seconds(2))
            }
        }
        guard let opening else { return }
        let script = RemoteScript(ShellLibrary.host.script(calls: [opening]))
        _ = await fleet.onEach(hosts) { host throws(Failure) in
            _ = try await fleet.run(script, on: host, deadline: Deadline(idle: 30, total: 30))
        }
    }

    /// One after the other: of several that come at the same moment, one gets all, and nobody waits while he holds any.
    private func takeInOrder(_ hosts: [String]) async throws(Failure) {
        var taken: [String] = []
        for host in hosts {
            do throws(Failure) {
                do throws(Failure) {
                    try await take(host, dead: "")
                } catch {
                    // A haprov that was killed on this machine does not keep the next one waiting.
                    guard let holder = error.lockHolder, LockHolder.isGone(holder) else { throw error }
                    try await take(host, dead: holder)
                }
                taken.append(host)
            } catch {
                // Not cancelled with the rest, and on this host too: it may have the lock although its answer got lost.
                await releaseAfterFault(taken + [host])
                throw error
            }
        }
    }

    private func take(_ host: String, dead: String) async throws(Failure) {
        let reader = BatchReader(host: host, summaries: [:], events: events)
        // What a dead run compiles is of use to the next that applies.
        let builds = run.command == "apply" ? "keep" : "end"
        let words = ["hp_lock", run.id, run.owner, LockHolder.current, dead, over[host] ?? "", builds]
        let result = try await fleet.run(
            RemoteScript(ShellLibrary.host.script(calls: [words, ["hp_say", "end"]])), on: host,
            deadline: Self.deadline, output: { reader.take($0) })
        try reader.finish(result, command: run.command)
    }

    /// Does the work, with a sign of life to every host each minute, also to those that have nothing to do yet. None waits for
    /// another: a host that compiles answers only when it is done, and its own script gives signs of life until then.
    package func keeping<Value: Sendable, Fault: Error>(
        _ hosts: [String], _ work: @Sendable () async throws(Fault) -> Value
    ) async throws(Fault) -> Value {
        let signs = Task {
            await withTaskGroup(of: Void.self) { group in
                for host in hosts {
                    group.addTask {
                        while (try? await Task.sleep(for: interval)) != nil {
                            // Not cancelled with this task: a connection whose call is cancelled is lost.
                            await Task { await touch(host) }.value
                        }
                    }
                }
            }
        }
        let result: Result<Value, Fault>
        do throws(Fault) { result = .success(try await work()) } catch { result = .failure(error) }
        signs.cancel()
        await signs.value
        return try result.get()
    }

    private func touch(_ host: String) async {
        let script = RemoteScript(ShellLibrary.host.script(calls: [["hp_touch", run.id]]))
        _ = try? await fleet.run(script, on: host, deadline: Deadline(idle: 3600, total: 3600))
    }

    /// Gives the lock back, and writes the ends of runs into the journals of the hosts that took part in them.
    package func release(_ hosts: [String], closing ends: [RunEnd] = []) async {
        await tell(hosts, (ends.isEmpty ? [] : closing(ends)) + [["hp_unlock", run.id]])
    }

    /// The same after work that failed. It is not cancelled with that: what goes on there is to begin nothing more. Whoever cancels
    /// does not wait for a host that cannot be reached.
    func releaseAfterFault(_ hosts: [String], closing ends: [RunEnd] = []) async {
        let release = Task { await self.release(hosts, closing: ends) }
        let limit =
            Task.isCancelled
            ? Task { if (try? await Task.sleep(for: .seconds(10))) != nil { release.cancel() } } : nil
        await release.value
        limit?.cancel()
    }

    /// Writes the ends of runs alone; the lock stays.
    func close(_ hosts: [String], _ ends: [RunEnd]) async { await tell(hosts, closing(ends)) }

    private func closing(_ ends: [RunEnd]) -> [[String]] {
        ends.map { ["hp_close", $0.run, $0.result, $0.time] } + [["hp_sweep_away", run.id]]
    }

    private func tell(_ hosts: [String], _ calls: [[String]]) async {
        let script = RemoteScript(ShellLibrary.host.script(calls: calls))
        _ = await fleet.onEach(hosts) { host throws(Failure) in
            let result = try await fleet.run(script, on: host, deadline: Deadline(idle: 30, total: 30))
            for record in Record.all(in: result.standardOutput) where record.word == "left" {
                let step = record[1].isEmpty ? "" : ": \(record[1])"
                events(
                    .note(
                        host: host,
                        text: "what was begun there comes to its end first, and then the lock can be taken over\(step)")
                )
            }
        }
    }
}

/// How a run ended.
package struct RunEnd: Sendable {
    package var run: String
    /// `ok`, `failed` or `rolled-back`.
    package var result: String
    /// ISO 8601, UTC.
    package var time: String

    package init(run: String, result: String, time: String) {
        self.run = run
        self.result = result
        self.time = time
    }
}
