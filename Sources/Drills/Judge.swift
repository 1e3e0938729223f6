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
    ///   - successor: who has the next priority.
    ///   - accepted: who else may take over.
    static func problems(
        _ report: DrillReport, successor: String, accepted: Set<String> = [], for instance: VRRPInstance,
        in cluster: Cluster
    ) -> [Problem] {
        let scenario = report.scenario
        let engine = cluster.engine.program
        let returning = cluster.returnWithoutHolder(of: instance)
        var problems = holder(report, successor: successor, accepted: accepted, in: cluster)
        if let moved = report.vipMovedMilliseconds, scenario.expectation.movesVIP, moved > report.limits.vipMoved {
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
                    remedy: remedy(returning) ?? "See journalctl -u \(engine) on both balancers."))
        }
        return problems + gaps(report, for: instance, in: cluster)
    }

    /// What clients saw of a VIP that a drill must not let them see.
    static func gaps(_ report: DrillReport, for instance: VRRPInstance, in cluster: Cluster) -> [Problem] {
        let arp =
            "Compare it with the VIP's times: a gap much longer than the move points at the network (ARP) or at"
            + " HAProxy's own start."
        guard report.scenario.expectation.isServed else { return [] }
        let gaps = [
            (report.clientGapMilliseconds, "after the \(report.scenario.deed.noun)", arp),
            (
                report.returnGapMilliseconds, "while \(report.subject) came back",
                remedy(cluster.returnWithoutHolder(of: instance)) ?? arp
            ),
        ]
        return gaps.compactMap { gap, moment, remedy in
            guard let gap, gap > report.limits.clientGap else { return nil }
            return Problem(
                summary: "Clients had no good answer for \(gap) ms \(moment); limits.client_gap allows"
                    + " \(report.limits.clientGap) ms.",
                remedy: remedy)
        }
    }

    private static func remedy(_ returning: Int) -> String? {
        guard returning > 0 else { return nil }
        return
            "keepalived before 2.0 leaves the VIP to nobody for about \(returning) ms when it returns: keepalived 2 and"
            + " haprov-vrrpd do not, nor is there a return with vip.preempt: false."
    }

    private static func holder(
        _ report: DrillReport, successor: String, accepted: Set<String>, in cluster: Cluster
    ) -> [Problem] {
        let (expectation, victim) = (report.scenario.expectation, report.scenario.victim)
        guard let to = report.to, !accepted.contains(to), !(expectation.leadsToSuccessor && to == successor) else {
            return []
        }
        return [
            expectation.strayed(
                to: to, from: report.from ?? "the master", successor: successor, subject: report.subject,
                service: victim.service(cluster), engine: cluster.engine.program)
        ]
    }
}
