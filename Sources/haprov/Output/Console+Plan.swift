import Drills
import Inventory
import Planning
import Provisioning

extension Console {
    /// The plan with what it stands on.
    ///
    /// - Parameter ending: whether the failover drill follows.
    func showPlan(_ survey: Survey, ending: DrillEnding, workspace: Workspace) {
        showFormer(survey)
        if survey.plan.isEmpty {
            sayNothingToDo(workspace)
            return
        }
        show(survey.plan)
        for (host, transaction) in survey.transactions.sorted(by: { $0.key < $1.key }) {
            show(transaction, by: survey.platform(of: host).packageManager, on: host)
        }
        let announcement = VerifyWork.announcement(of: Scenario.usual(for: workspace.cluster), in: workspace)
        switch ending {
        case .made:
            say(Layout.wrap("In the end, the failover drill: \(announcement)", width: width, indent: 0))
            emit(["type": "note", "host": .null, "text": .text("the failover drill follows: \(announcement)")])
        case .offered:
            let text = "In the end, you are asked whether to make the failover drill: \(announcement)"
            say(Layout.wrap(text, width: width, indent: 0))
        case .omitted, .none: break
        }
        if survey.plan.needsDrill, workspace.isLimited {
            let who = workspace.without.isEmpty ? "--limit" : "--without"
            show(
                .note(
                    host: nil,
                    text: "\(who) leaves balancers out, so no failover drill follows: `haprov verify` makes it"))
        }
        for name in workspace.without {
            show(.note(host: name, text: "left out: it is neither connected to nor changed, and stays as it is"))
        }
        say("\(survey.plan.amount) in all.")
    }

    func sayNothingToDo(_ workspace: Workspace) {
        let which = workspace.isLimited ? "every one of these balancers" : "every balancer"
        say("Nothing to do: \(which) is as the inventory says.")
    }

    /// What is to be known of hosts that the inventory no longer has.
    func showFormer(_ survey: Survey) {
        for note in survey.former { show(.note(host: nil, text: note)) }
    }

    private func show(_ transaction: PackageTransaction, by manager: any PackageManager, on host: String) {
        func list(_ verb: String, _ names: [String]) {
            guard !names.isEmpty else { return }
            // Forty names say nothing to most readers.
            let few = isVerbose || names.count <= 6
            let text =
                "\(manager.name) on \(host) \(verb) "
                + (few ? names.joined(separator: ", ") : "\(names.count) packages (-v names them)")
            say("  " + dim(Layout.wrap(text, width: width, indent: 4)))
        }
        list("would install", transaction.installs)
        list("would upgrade", transaction.upgrades)
        list("would remove", transaction.removals)
        emit([
            "type": "packages", "host": .text(host), "installs": .list(transaction.installs.map(JSONValue.text)),
            "upgrades": .list(transaction.upgrades.map(JSONValue.text)),
            "removals": .list(transaction.removals.map(JSONValue.text)),
        ])
    }
}
