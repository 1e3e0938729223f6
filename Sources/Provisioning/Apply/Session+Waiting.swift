import Errors
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
}
