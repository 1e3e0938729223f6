import Errors
import HostShell
import Planning
import SSH

extension Session {
    /// Waits until nobody else is at work on the hosts, as long as there is patience: what is planned while somebody is would not
    /// hold. Whoever comes in between is met when the locks are taken.
    func awaitOthers(_ fleet: Fleet) async throws(Failures) {
        guard let patience else { return }
        var isTold = false
        while patience > .now, !Task.isCancelled {
            let facts = try await fleet.onEach(fleet.connections.keys.sorted()) { host throws(Failure) in
                try await Self.facts(Probe.script([]), on: host, fleet: fleet)
            }.successes()
            let locks = facts.sorted { $0.key < $1.key }.compactMap { host, facts in facts.lock.map { (host, $0) } }
            guard let (host, lock) = locks.first(where: { !$0.1.isAbandoned }) else { return }
            if !isTold { events(.note(host: host, text: "waits for the lock: \(lock.text)")) }
            isTold = true
            try? await Task.sleep(for: .seconds(2))
        }
    }

    /// What hosts are like, and what each should have.
    ///
    /// - Parameter run: the run that is to follow: what dead ones still do is awaited then.
    func look(
        _ fleet: Fleet, for run: RunIdentity?
    ) async throws -> (facts: [String: Facts], resources: [String: HostResources]) {
        let found = try await look(fleet, preflight: true)
        guard let run, try await awaitDead(found.facts, run, fleet) else { return found }
        return try await look(fleet, preflight: true)
    }

    /// Has what dead runs began on hosts come to its end, and nothing more begun: what is planned meanwhile would not hold.
    ///
    /// - Returns: whether there was such a run.
    private func awaitDead(_ facts: [String: Facts], _ run: RunIdentity, _ fleet: Fleet) async throws(Failures) -> Bool
    {
        let dead = facts.compactMapValues { $0.lock?.isAbandoned == true ? $0.lock?.run : nil }
        _ = try await fleet.onEach(dead.keys.sorted()) { host throws(Failure) in
            let call = ["hp_await_dead", dead[host] ?? "", run.owner]
            let script = RemoteScript(ShellLibrary.host.script(calls: [call, ["hp_say", "end"]]))
            let reader = BatchReader(host: host, summaries: [:], events: events)
            let result = try await fleet.run(
                script, on: host, deadline: HostLock.deadline, output: { reader.take($0) })
            try reader.finish(result, command: run.command)
        }.successes()
        return !dead.isEmpty
    }
}
