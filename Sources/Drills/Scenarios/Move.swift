import Inventory

extension Scenario {
    /// The VIP goes to the next balancer as by `haprov move`, and home again.
    static let move = Scenario(
        name: "move", requirement: movable, victim: .place, deed: .move, isHeldDown: true, manner: "for a while",
        expectation: .vipMoves,
        detection: { TakeoverEstimate.silence($0).lowerBound...(3000 + TakeoverEstimate.silence($0).upperBound) },
        reach: { $0.instances[0].preempt ? .successor : .allButSuccessor }, arguments: movedRouters,
        hypothesis: { _ in "The VIP moves to the next balancer when it is asked for there, as `haprov move` does it." },
        blastRadius: { _ in "connections through the holder end when the VIP moves; no daemon starts anew" })

    /// What moves, and which way: to where it is asked for, or away from where it is not wanted.
    static let movedRouters: @Sendable (Fault.Place) -> [String] = { place in
        let routers = place.instances.filter(\.isMovable)
        return [routers.first?.preempt == true ? "here" : "leave"] + routers.map { "\($0.virtualRouterID)" }
    }

    /// VIPs that a person may move, all in the same way.
    private static let movable = Requirement(
        words: "vips that are in no sync_group and of one preempt",
        holds: { cluster in
            cluster.instances.allSatisfy { $0.isMovable && $0.preempt == cluster.instances[0].preempt }
        })
}

extension Victim {
    /// Where a VIP is.
    static let place = Victim(
        target: { _, _ in "haprov-move" }, title: { _ in "the VIP" },
        keepsVIP: { host, cluster in
            "\(cluster.engine.program) on \(host.name) does not give the VIP away when it is asked for elsewhere (does"
                + " keepalived.conf have chk_move.sh?)"
        })
}

extension Deed {
    static let move = Deed(
        noun: "move", participle: "asked for", gerund: "asking for", means: "haprov move", function: "drill_move",
        wayBack: "drill_unmove", restored: "home")
}
