import Inventory
import Provisioning

extension Console {
    /// The plan with what it stands on.
    func showPlan(_ survey: Survey, cluster: Cluster) {
        if survey.plan.isEmpty {
            say("Nothing to do: every balancer is as the inventory says.")
            return
        }
        show(survey.plan)
        for (host, transaction) in survey.transactions.sorted(by: { $0.key < $1.key }) {
            say("  \(dim("yum on \(host) would bring \(transaction.installs.joined(separator: ", "))"))")
            emit([
                "type": "packages", "host": .text(host), "installs": .list(transaction.installs.map(JSONValue.text)),
                "upgrades": .list(transaction.upgrades.map(JSONValue.text)),
            ])
        }
        say("\(survey.plan.changeCount) changes in all.")
    }
}
