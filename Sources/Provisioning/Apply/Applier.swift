import Errors
import Inventory
import Planning
import SSH

/// Carries out the plan of a survey, unless the hosts have moved on since.
package struct Applier: Sendable {
    package var session: Session
    package var fleet: Fleet
    package var survey: Survey
    package var run: RunIdentity
    /// ISO 8601, UTC, now.
    package var clock: @Sendable () -> String

    package init(
        session: Session, fleet: Fleet, survey: Survey, run: RunIdentity, clock: @escaping @Sendable () -> String
    ) {
        self.session = session
        self.fleet = fleet
        self.survey = survey
        self.run = run
        self.clock = clock
    }

    private var plan: Plan { survey.plan }

    /// - Returns: how many changes the hosts' journals have of it: those of the plan, and packages that a build was found to need.
    /// - Throws: `Failures`; what was done until then stays in the hosts' journals.
    @discardableResult
    package func apply() async throws -> Int {
        try await Executor(
            session: session, fleet: fleet, run: run, checks: VIPCheck.all(of: session.cluster, by: fleet),
            clock: clock
        ).carryOut(self).changes
    }
}

extension Applier: Undertaking {
    /// A plan holds only for the hosts that it was made from: under the lock they are looked at once more.
    func lookAgain() async throws -> Orders {
        let look = try await session.look(fleet, preflight: false)
        var facts = look.facts
        let served = session.cluster.instances.map { instance in facts.values.contains { $0.holds(instance) } }
        // The VIP may move at any time; that changes nothing of what is to be done.
        for (host, old) in survey.facts { facts[host]?.addresses = old.addresses }
        let now = try session.planner(resources: look.resources, facts: facts, transactions: survey.transactions).plan()
        guard now.hosts == plan.hosts, now.builds == plan.builds else {
            throw Self.moved("the hosts have changed", host: plan.hosts.first { !now.hosts.contains($0) }?.host)
        }
        let unfinished = UnfinishedRun(Rollbacker.history(look.facts, cluster: session.cluster))
        guard unfinished?.id == survey.unfinished?.id else {
            throw Self.moved("\(unfinished.map { "run \($0.id) was begun and" } ?? "another run") has ended")
        }
        // A VIP that somebody held has to be held again before the next balancer is touched.
        let isWhole = session.targets.count == session.cluster.balancers.count
        var orders = Orders(
            plan: plan, turn: "Roll out to",
            watches: served.map { Orders.Watch(mayBeFree: !($0 && isWhole), toTheEnd: true) }, facts: survey.facts,
            transactions: survey.transactions)
        // Nothing is left of it to do.
        if let run = unfinished?.run, run.command == "apply", plan.isEmpty { orders.completed = [run.id] }
        return orders
    }

    private static func moved(_ what: String, host: String? = nil) -> Failures {
        Failures([
            Failure(
                .preflight, host: host, step: "plan", summary: "\(what) since the plan was made",
                remedy: "Run `haprov plan` again and look at what is different.")
        ])
    }
}
