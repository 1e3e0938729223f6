import Errors
import Inventory
import VRRP

extension Planner {
    /// What others wrote into a keepalived.conf that serves is not lost unsaid: lines that the new one would lack are named, until
    /// the inventory keeps them or says that they may go.
    func refuseDropping(_ hosts: [HostPlan]) throws(Failure) {
        var failures: [(host: String, dropped: [ConfigurationDirective])] = []
        for plan in hosts {
            guard let facts = facts[plan.host], let new = resources[plan.host]?.keepalivedConfiguration,
                let old = facts.foreignConfiguration
            else { continue }
            let dropped = ConfigurationReader.dropped(
                from: ConfigurationReader.Source(file: Engine.configuration, text: old),
                by: ConfigurationReader.Source(file: Engine.configuration, text: new),
                drop: cluster.keepalived?.drop ?? [])
            if !dropped.isEmpty { failures.append((plan.host, dropped)) }
        }
        guard let first = failures.first else { return }
        let lines = first.dropped.map { $0.line > 0 ? "line \($0.line): \($0.name)" : $0.name }
        let others = failures.dropFirst().filter { $0.dropped.map(\.name) != first.dropped.map(\.name) }.map(\.host)
        let same = failures.dropFirst().map(\.host).filter { !others.contains($0) }
        let names = first.dropped.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let place = cluster.keepalived?.template ?? "`keepalived.extra` (`global`, `script`, `instance` or `top`)"
        throw Failure(
            .preflight, host: first.host, step: "keepalived.conf",
            summary: "\(Engine.configuration) has what the inventory does not say, and haprov's would lack it: "
                + lines.joined(separator: "; ")
                + (same.isEmpty ? "" : " (the same on \(same.joined(separator: ", ")))")
                + (others.isEmpty ? "" : "; \(others.joined(separator: ", ")) would lack others"),
            remedy:
                "Keep each by its line in \(place), or name it in `keepalived.drop`: [\(names)].")
    }
}

extension Facts {
    /// What is in the keepalived.conf by which this host speaks VRRP, or will after the next boot, where haprov has not written it.
    fileprivate var foreignConfiguration: String? {
        guard !runs.contains(where: { $0.command == "apply" && $0.changes > $0.undone }),
            let content = files[Engine.configuration]?.content
        else { return nil }
        let serves = Engine.units.contains { units[$0]?.isActive == true || units[$0]?.startsAtBoot == true }
        guard serves || speakers.contains(where: { $0.configuration == Engine.configuration }) else { return nil }
        return String(decoding: content, as: UTF8.self)
    }
}
