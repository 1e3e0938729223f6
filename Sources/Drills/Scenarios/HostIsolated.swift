import Inventory

extension Scenario {
    /// Nothing comes in to the holder or goes out, as where a switch fails. Only the host itself can end that.
    static let hostIsolated = Scenario(
        name: "host-isolated", victim: .network, deed: .isolate, isHeldDown: true, manner: "cut off",
        expectation: .vipMoves, detection: TakeoverEstimate.silence,
        arguments: { ["\($0.hearing)"] + $0.cluster.interfaces(of: $0.host) }, leavesAddress: true, staysMaster: true,
        hypothesis: { _ in
            "When the holder is cut off from the network, the next balancer misses it and takes the VIP; once it is back, one"
                + " of them holds it."
        },
        blastRadius: { _ in "everything that goes through the holder, SSH too, until its timer takes the filters away" }
    )
}

extension Victim {
    /// All that a host sends and gets.
    static let network = Victim(
        target: { _, _ in "haprov-network" }, title: { _ in "its network" }, isNeededToServe: false,
        keepsVIP: { host, cluster in "the other balancers do not miss \(host.name), or do not take the VIP" })
}

extension Deed {
    static let isolate = Deed(
        noun: "isolation", participle: "cut", gerund: "cutting", means: "filters", function: "drill_isolate",
        wayBack: "drill_rejoin", restored: "open", cut: Cut())
}
