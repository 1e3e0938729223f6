/// Measures against limits.
enum Judge {
    /// What a measurement says against a drill.
    struct Problem: Equatable {
        var summary: String
        var remedy: String
    }

    /// What a drill's measurements say against it.
    ///
    /// - Parameter expected: who should have taken over; nil where the VIP should not have moved.
    static func problems(_ report: DrillReport, expected: String?) -> [Problem] {
        var problems = holder(report, expected: expected)
        if let moved = report.vipMovedMilliseconds, expected != nil, moved > report.limits.vipMoved {
            problems.append(
                Problem(
                    summary: "The VIP took \(moved) ms to move; limits.vip_moved allows \(report.limits.vipMoved) ms.",
                    remedy: "Shorten vip.advert_int (VRRP version 3 allows less than a second), or raise the limit."))
        }
        let gaps = [
            (report.clientGapMilliseconds, "after the kill"),
            (report.returnGapMilliseconds, "while HAProxy came back"),
        ]
        for case (let gap?, let moment) in gaps where gap > report.limits.clientGap {
            problems.append(
                Problem(
                    summary: "Clients had no good answer for \(gap) ms \(moment); limits.client_gap allows"
                        + " \(report.limits.clientGap) ms.",
                    remedy:
                        "Compare it with the VIP's times: a gap much longer than the move points at the network (ARP)"
                        + " or at HAProxy's own start."))
        }
        return problems
    }

    private static func holder(_ report: DrillReport, expected: String?) -> [Problem] {
        guard let to = report.to, to != expected else { return [] }
        let from = report.from ?? "the master"
        guard let expected else {
            return [
                Problem(
                    summary: "HAProxy should have been started again on the spot; the VIP moved to \(to).",
                    remedy: "See journalctl -u keepalived -u haproxy on \(from): what did the health check do?")
            ]
        }
        return [
            Problem(
                summary: "\(expected) has the next priority and should have taken the VIP; \(to) did.",
                remedy: "See journalctl -u keepalived on \(expected).")
        ]
    }
}
