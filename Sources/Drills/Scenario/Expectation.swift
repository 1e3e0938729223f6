import Inventory

/// What must be seen of a drill.
package enum Expectation: Sendable {
    /// The next balancer takes the VIP. When the victim is given back the VIP returns where the cluster preempts, and stays
    /// otherwise.
    case vipMoves
    /// The same, and it is the return that is measured.
    case vipReturns
    /// The victim comes back by itself, before anybody takes the VIP.
    case comesBackByItself
    /// Nothing moves, and clients are served.
    case vipStays
    /// Nothing moves, clients have no good answer until the victim is given back, and have good ones from then on.
    case nobodyServes
    /// A second balancer takes the VIP beside its holder; once they hear each other again, one of them lets go of it.
    case twoHolders

    /// Whether the VIP goes to another balancer.
    package var movesVIP: Bool { [.vipMoves, .vipReturns].contains(self) }

    /// Whether the next balancer gets the VIP, be it beside another.
    var leadsToSuccessor: Bool { movesVIP || self == .twoHolders }

    /// Whether it is about all VIPs alike, whoever holds them.
    var concernsEveryVIP: Bool { [.vipStays, .nobodyServes, .twoHolders].contains(self) }

    /// Whether what clients miss is held against limits.
    package var isServed: Bool { self != .nobodyServes }

    /// Whether the VIP goes back once the victim is given back.
    func returnsVIP(of instance: VRRPInstance) -> Bool { movesVIP && instance.preempt }

    /// What to say where the VIP went to somebody else than it should.
    ///
    /// - Parameters:
    ///   - successor: who has the next priority.
    ///   - subject: the victim, as users call it.
    func strayed(
        to host: String, from: String, successor: String, subject: String, service: String?, engine: String
    ) -> Judge.Problem {
        switch self {
        case .vipMoves, .vipReturns, .twoHolders:
            Judge.Problem(
                summary: "Expected \(successor), which has the next priority, to take the VIP; found it on \(host).",
                remedy: "See journalctl -u \(engine) on \(successor).")
        case .comesBackByItself:
            Judge.Problem(
                summary: "Expected \(subject) to be started again on the spot; found the VIP moved to \(host).",
                remedy:
                    "See journalctl -u \(engine)\(service.map { " -u \($0)" } ?? "") on \(from): what did the health check do?"
            )
        case .vipStays, .nobodyServes:
            Judge.Problem(
                summary: "Expected the VIP to stay on \(from), where HAProxy runs; found it moved to \(host).",
                remedy:
                    "See journalctl -u \(engine) on \(from): a health check that asks the application moves the VIP to"
                    + " balancers that do not reach it either.")
        }
    }

    /// What to do about a VIP that did not stay when the victim was given back.
    func unsettled(from: String, subject: String, engine: String) -> String {
        switch self {
        case .vipMoves, .vipReturns:
            "vip.preempt is false: keepalived.conf should say nopreempt and state BACKUP on every balancer."
        case .comesBackByItself, .vipStays, .nobodyServes:
            "\(subject) came back by itself, so nothing should move: see journalctl -u \(engine) on \(from)."
        case .twoHolders:
            "See journalctl -u \(engine) on both; they must hear each other's advertisements."
        }
    }
}
