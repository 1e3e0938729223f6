import Errors
import Inventory

extension Planner {
    /// A balancer that is left out may be dead, or may go on as it is: what it has to be told with the others is not done
    /// without it.
    ///
    /// - Throws: where VRRP on the wire changes, or who the balancers are.
    func refuseWithout(_ hosts: [HostPlan]) throws(Failure) {
        guard !without.isEmpty else { return }
        let names = without.joined(separator: ", ")
        let speaking = hosts.filter { plan in facts[plan.host].map { rewritesWire(plan, $0) } ?? false }
        if !speaking.isEmpty {
            throw refusal(
                "keepalived.conf on \(speaking.map(\.host).joined(separator: ", ")) would speak VRRP differently, and "
                    + "\(names), which is left out, would go on with what it has: both sides would take the VIP")
        }
        if let change = changeOfBalancers() {
            throw refusal("\(change), and \(names), which is left out, would not be told of it")
        }
    }

    private func refusal(_ summary: String) -> Failure {
        Failure(
            .preflight, step: "--without", summary: summary,
            remedy: "Bring \(without.joined(separator: ", ")) back and apply to all balancers; what will not come "
                + "back, take out of the inventory. --limit is for balancers that are set up one by one.")
    }

    /// Who is a balancer by now and was none in the newest run that stands, or the other way round; nil where that is not known.
    private func changeOfBalancers() -> String? {
        let runs = facts.values.flatMap(\.runs).filter {
            $0.cluster == cluster.name && $0.command == "apply" && $0.result == "ok" && $0.changes > $0.undone
        }
        let members = Dictionary(grouping: facts.values.flatMap(\.members), by: \.run)
        guard let newest = runs.map(\.id).filter({ members[$0] != nil }).max(), let then = members[newest] else {
            return nil
        }
        let old = Dictionary(then.map { ($0.address, $0.name) }, uniquingKeysWith: { $1 })
        let new = Dictionary(cluster.balancers.map { ("\($0.address)", $0.name) }, uniquingKeysWith: { $1 })
        let added = new.filter { old[$0.key] == nil }.map { "\($0.value) (\($0.key)) has become a balancer" }
        let gone = old.filter { new[$0.key] == nil }.map { "\($0.value) (\($0.key)) is no longer one" }
        let changes = added.sorted() + gone.sorted()
        return changes.isEmpty ? nil : changes.joined(separator: ", ") + " since run \(newest)"
    }
}
