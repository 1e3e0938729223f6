import Inventory

/// Measures against limits.
enum Judge {
    /// What a measurement says against a drill.
    struct Problem: Equatable {
        var summary: String
        var remedy: String
    }

    /// What a drill's measurements say against it.
    ///
    /// - Parameters:
    ///   - expected: who should have taken over; nil where the VIP should not have moved.
    ///   - accepted: who else may have.
    ///   - engine: whose journal tells more.
    ///   - returning: milliseconds for which its engine leaves the VIP to nobody when it returns.
    static func problems(
        _ report: DrillReport, expected: String?, accepted: Set<String> = [], engine: Engine, returning: Int = 0
    ) -> [Problem] {
        var problems = holder(report, expected: expected, accepted: accepted, engine: engine.program)
        if let moved = report.vipMovedMilliseconds, expected != nil, moved > report.limits.vipMoved {
            problems.append(
                Problem(
                    summary: "The VIP took \(moved) ms to move; limits.vip_moved allows \(report.limits.vipMoved) ms.",
                    remedy: "Shorten vip.advert_int (VRRP version 3 allows less than a second), or raise the limit."))
        }
        if let unheld = report.returnUnheldMilliseconds, report.vipReturnedMilliseconds != nil,
            unheld > report.limits.vipMoved
        {
            problems.append(
                Problem(
                    summary: "Nobody held the VIP for \(unheld) ms when it returned; limits.vip_moved allows"
                        + " \(report.limits.vipMoved) ms.",
                    remedy: remedy(returning) ?? "See journalctl -u \(engine.program) on both balancers."))
        }
        let arp =
            "Compare it with the VIP's times: a gap much longer than the move points at the network (ARP) or at"
            + " HAProxy's own start."
        let gaps = [
            (report.clientGapMilliseconds, "after the kill", arp),
            (report.returnGapMilliseconds, "while HAProxy came back", remedy(returning) ?? arp),
        ]
        for case (let gap?, let moment, let remedy) in gaps where gap > report.limits.clientGap {
            problems.append(
                Problem(
                    summary: "Clients had no good answer for \(gap) ms \(moment); limits.client_gap allows"
                        + " \(report.limits.clientGap) ms.",
                    remedy: remedy))
        }
        return problems
    }

    private static func remedy(_ returning: Int) -> String? {
        guard returning > 0 else { return nil }
        return
            "keepalived before 2.0 leaves the VIP to nobody for about \(returning) ms when it returns: keepalived 2 and"
            + " haprov-vrrpd do not, nor is there a return with vip.preempt: false."
    }

    private static func holder(_ report: DrillReport, expected: String?, accepted: Set<String>, engine: String)
        -> [Problem]
    {
        guard let to = report.to, to != expected, !accepted.contains(to) else { return [] }
        let from = report.from ?? "the master"
        guard let expected else {
            return [
                Problem(
                    summary: "Expected HAProxy to be started again on the spot; found the VIP moved to \(to).",
                    remedy: "See journalctl -u \(engine) -u haproxy on \(from): what did the health check do?")
            ]
        }
        return [
            Problem(
                summary: "Expected \(expected), which has the next priority, to take the VIP; found it on \(to).",
                remedy: "See journalctl -u \(engine) on \(expected).")
        ]
    }
}
