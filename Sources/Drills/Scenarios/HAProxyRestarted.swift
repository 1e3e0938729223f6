extension Scenario {
    /// HAProxy is killed once and may start again on the spot.
    static let haproxyRestarted = Scenario(
        name: "haproxy-restarted",
        requirement: Requirement(words: "health_check: restart-first", holds: { $0.healthCheck == .restartFirst }),
        isUsual: true, victim: .haproxy, deed: .kill, isHeldDown: false, manner: "to be started again on the spot",
        expectation: .comesBackByItself, detection: { TakeoverEstimate.HealthCheckTiming($0).range },
        hypothesis: { _ in "When HAProxy dies on the holder, the health check starts it again before the VIP moves." },
        blastRadius: { _ in "connections through the holder are cut; new ones fail until HAProxy runs again" })
}
