import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Folds older runs in the hosts' journals into one, at the end of a run and under its lock.
struct JournalFolder: Sendable {
    let session: Session
    let fleet: Fleet
    let run: RunIdentity
    private var cluster: Cluster { session.cluster }

    /// Whether it is worth a question.
    ///
    /// - Parameter facts: from before the run. Where not every balancer takes part, nothing is folded: all journals are to
    ///   say the same.
    func isDue(_ facts: [String: Facts]) -> Bool {
        cluster.balancers.allSatisfy { facts[$0.name] != nil }
            && JournalFold.isDue(after: Rollbacker.history(facts, cluster: cluster), keeping: cluster.keptRuns)
    }

    /// What cannot be folded is a note: the run has done its work by then, and the next one tries again.
    func fold() async {
        do {
            let history = Rollbacker.history(
                try await Rollbacker(session, fleet: fleet).journals(), cluster: cluster)
            guard let fold = JournalFold(history, keeping: cluster.keptRuns) else { return }
            session.events(.stage("Fold \(fold.runs.count) older runs into one"))
            _ = try await fleet.onEach(Array(fleet.connections.keys)) { host throws(Failure) in
                try await make(fold, on: host)
            }.successes()
        } catch {
            for failure in error.all {
                session.events(.note(host: failure.host, text: "its journal is not folded: \(failure.summary)"))
            }
        }
    }

    private func make(_ fold: JournalFold, on host: String) async throws(Failure) {
        let asking = Probe.script(fold.runs.map { ProbeQuery("probe_run", $0) })
        let needless = fold.needless(try await Session.facts(asking, on: host, fleet: fleet).entries)
        let script = RemoteScript(
            ShellLibrary.host.script(
                calls: [["hp_alive", "change"], ["hp_begin", run.id], fold.call(needless), ["hp_say", "end"]],
                calling: fold.functions(needless)))
        let reader = BatchReader(host: host, summaries: [:], events: session.events)
        let result = try await fleet.run(
            script, on: host, deadline: Deadline(idle: 60, total: 600), output: { reader.take($0) })
        try reader.finish(result, command: run.command)
    }
}
