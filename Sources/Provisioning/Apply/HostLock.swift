import SSH

/// Keeps two operators apart: a lock on every host of a run, kept alive while the run goes on.
struct HostLock: Sendable {
    var fleet: Fleet
    var run: RunIdentity

    /// Takes the lock on all hosts, or on none.
    func take(_ hosts: [String]) async throws(Failures) {
        let owner = "\(run.operatorName), haprov \(run.command)"
        let results = await fleet.onEach(hosts) { host throws(Failure) in
            do throws(Failure) {
                try await take(host, owner: owner, dead: "")
            } catch {
                // A haprov that was killed on this machine does not keep the next one waiting.
                guard let holder = error.lockHolder, LockHolder.isGone(holder) else { throw error }
                try await take(host, owner: owner, dead: holder)
            }
        }
        do throws(Failures) {
            _ = try results.successes()
        } catch {
            await release(
                hosts.filter { if case .success? = results[$0] { true } else { false } }, closing: nil)
            throw error
        }
    }

    private func take(_ host: String, owner: String, dead: String) async throws(Failure) {
        let reader = BatchReader(host: host, summaries: [:], events: { _ in })
        let words = ["hp_lock", run.id, owner, LockHolder.current, dead]
        let result = try await fleet.run(
            RemoteScript(HostScript.library + Shell.join(words) + "\nhp_say end\n"), on: host,
            deadline: Deadline(idle: 30, total: 30), output: { reader.take($0) })
        try reader.finish(result, command: run.command)
    }

    /// Does the work, with a sign of life to every host each minute, also to those that have nothing to do yet.
    func keeping(_ hosts: [String], _ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask {
                while (try? await Task.sleep(for: .seconds(60))) != nil {
                    // Not cancelled with this task: a connection whose call is cancelled is lost.
                    await Task { await touch(hosts) }.value
                }
                return false
            }
            while let isWork = try await group.next(), !isWork {}
            group.cancelAll()
        }
    }

    private func touch(_ hosts: [String]) async {
        let script = RemoteScript(
            HostScript.library + "[ ! -d \"$hp_home/lock\" ] || touch \"$hp_home/lock\"\n")
        _ = await fleet.onEach(hosts) { host throws(Failure) in
            _ = try await fleet.run(script, on: host, deadline: Deadline(idle: 3600, total: 3600))
        }
    }

    /// Gives the lock back, and writes the end of the run into the journal of the hosts that took part.
    func release(_ hosts: [String], closing: (result: String, time: String, cluster: String)?) async {
        _ = await fleet.onEach(hosts) { host throws(Failure) in
            var lines: [String] = []
            if let closing {
                lines.append("hp_dir=$hp_home/runs/" + Shell.quote(run.id))
                lines.append(
                    "[ ! -d \"$hp_dir\" ] || " + Shell.join(["hp_close", closing.result, closing.time]))
                lines.append("rm -rf \"$hp_home/packages\"")
            }
            lines.append(Shell.join(["hp_unlock", run.id]))
            let script = RemoteScript(HostScript.library + lines.joined(separator: "\n") + "\n")
            _ = try await fleet.run(script, on: host, deadline: Deadline(idle: 30, total: 30))
        }
    }
}
