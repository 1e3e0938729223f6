import Inventory
import Planning

extension RecordedRun {
    /// The run that left a balancer out, where nothing has made up for that since.
    ///
    /// - Parameter history: of all balancers that answer, newest first.
    package static func leaving(out host: String, in history: [RecordedRun]) -> RecordedRun? {
        let applied = history.filter { $0.command == "apply" && $0.isStanding }
        guard let left = applied.first(where: { $0.fact.without.contains(host) }) else { return nil }
        let isMadeUpFor = applied.contains { $0.id > left.id && $0.hosts[host]?.result == "ok" }
        return isMadeUpFor ? nil : left
    }
}
