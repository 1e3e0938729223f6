extension Scenario {
    /// HAProxy dies on the holder, then on whoever took over, until one balancer is left.
    static let cascade = Scenario(
        name: "cascade", victim: .haproxy, deed: .kill, isHeldDown: true, manner: "held down on one after the other",
        expectation: .vipMoves, detection: { TakeoverEstimate.HealthCheckTiming($0).range },
        reach: { _ in .oneAfterTheOther },
        hypothesis: { _ in
            "When HAProxy dies on one balancer after the other, the VIP goes on to the next each time, and the last one serves."
        },
        blastRadius: { _ in
            "connections through each balancer in turn are cut; while it lasts, a failure of the last one is an outage"
        })
}
