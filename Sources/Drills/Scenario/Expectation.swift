import Inventory

/// What must be seen of a drill.
package enum Expectation: Sendable {
    /// The next balancer takes the VIP. When the victim is given back the VIP returns where the cluster preempts, and stays
    /// otherwise.
    case vipMoves
    /// The victim comes back by itself, before anybody takes the VIP.
    case comesBackByItself

    /// Whether the VIP goes to another balancer.
    package var movesVIP: Bool { self == .vipMoves }

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
        case .vipMoves:
            Judge.Problem(
                summary: "Expected \(successor), which has the next priority, to take the VIP; found it on \(host).",
                remedy: "See journalctl -u \(engine) on \(successor).")
        case .comesBackByItself:
            Judge.Problem(
                summary: "Expected \(subject) to be started again on the spot; found the VIP moved to \(host).",
                remedy:
                    "See journalctl -u \(engine)\(service.map { " -u \($0)" } ?? "") on \(from): what did the health check do?"
            )
        }
    }

    /// What to do about a VIP that did not stay when the victim was given back.
    func unsettled(from: String, subject: String, engine: String) -> String {
        switch self {
        case .vipMoves:
            "vip.preempt is false: keepalived.conf should say nopreempt and state BACKUP on every balancer."
        case .comesBackByItself:
            "\(subject) came back by itself, so nothing should move: see journalctl -u \(engine) on \(from)."
        }
    }
}
