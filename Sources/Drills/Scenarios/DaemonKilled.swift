import Inventory

extension Scenario {
    /// The program that speaks VRRP is killed, all of it, and held down: nobody resigns, and nobody takes the address away.
    static let daemonKilled = Scenario(
        name: "daemon-killed", victim: .engineKilled, deed: .kill, isHeldDown: true, manner: "held down",
        expectation: .vipMoves, detection: TakeoverEstimate.silence, leavesAddress: true,
        hypothesis: {
            "When every process of \($0.engine.program) is killed on the holder, the next balancer misses it and takes the VIP;"
                + " clients are served meanwhile."
        },
        blastRadius: { _ in
            "connections through the holder may end when the VIP moves; its address may stay there too until the daemon is back"
        })
}

extension Victim {
    /// The same program, which had no time to say that it ends.
    static let engineKilled = Victim(
        service: { $0.engine.program },
        keepsVIP: { host, cluster in
            "no other balancer missed the advertisements of \(cluster.engine.program) on \(host.name)"
        })
}
