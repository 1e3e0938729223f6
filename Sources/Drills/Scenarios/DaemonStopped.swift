extension Scenario {
    /// The program that speaks VRRP is stopped, so that the VIP has to move away from a balancer that serves. It gives the VIP
    /// up as it ends; the second is for its ending.
    static let daemonStopped = Scenario(
        name: "daemon-stopped", victim: .engine, deed: .stop, isHeldDown: true, manner: "held down",
        expectation: .vipMoves, detection: { _ in 0...1000 },
        hypothesis: {
            "When \($0.engine.program) is stopped on the holder, it resigns and the next balancer takes the VIP."
        },
        blastRadius: { _ in "connections through the holder end; new ones fail until the VIP has moved" })
}

extension Victim {
    /// The program that speaks VRRP.
    static let engine = Victim(
        service: { $0.engine.program },
        keepsVIP: { host, cluster in
            "\(host.name) kept the VIP although \(cluster.engine.program) does not run there, so it did not take the address"
                + " away as it ended"
        })
}

extension Deed {
    static let stop = Deed(
        noun: "stop", participle: "stopped", gerund: "stopping", means: "systemctl stop", function: "drill_stop",
        wayBack: "drill_start")
}
