import Inventory

extension Scenario {
    /// The holder's NICs go down for a little longer than a takeover takes, and come back.
    static let linkFlap = Scenario(
        name: "link-flap", victim: .link, deed: .flap, isHeldDown: true, manner: "down for a while",
        expectation: .vipMoves, detection: TakeoverEstimate.silence,
        arguments: { place in
            ["\((place.takeover + 999) / 1000 + 3)"] + place.cluster.interfaces(of: place.host)
        }, leavesAddress: true, staysMaster: true,
        hypothesis: { _ in
            "When the holder's link goes down and comes back, the VIP goes to the next balancer, and one holds it in the end."
        },
        blastRadius: { _ in "everything that goes through the holder's NICs of the VIPs, SSH too where it uses them" })
}

extension Victim {
    /// A host's NICs that carry VIPs.
    static let link = Victim(
        target: { _, _ in "haprov-link" }, title: { _ in "its link" },
        keepsVIP: { host, cluster in "the other balancers do not miss \(host.name), or do not take the VIP" })
}

extension Deed {
    static let flap = Deed(
        noun: "flap", participle: "taken down", gerund: "taking down", means: "ip link set down",
        function: "drill_flap", wayBack: "drill_unflap", restored: "up", cut: Cut())
}
