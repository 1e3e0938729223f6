extension Scenario {
    /// HAProxy is killed and held down, so that the VIP has to move.
    static let haproxyKilled = Scenario(
        name: "haproxy-killed", victim: .haproxy, deed: .kill, isHeldDown: true, manner: "held down",
        expectation: .vipMoves, detection: { TakeoverEstimate.HealthCheckTiming($0).range })
}
