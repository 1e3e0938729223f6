extension Scenario {
    /// HAProxy is killed once and may start again on the spot.
    static let haproxyRestarted = Scenario(
        name: "haproxy-restarted",
        requirement: Requirement(words: "health_check: restart-first", holds: { $0.healthCheck == .restartFirst }),
        victim: .haproxy, deed: .kill, isHeldDown: false, manner: "to be started again on the spot",
        expectation: .comesBackByItself, detection: { TakeoverEstimate.HealthCheckTiming($0).range })
}
