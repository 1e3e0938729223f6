import Inventory

extension Scenario {
    /// VRRP alone is lost between the successor and the others, while all of them serve.
    static let splitBrain = Scenario(
        name: "split-brain", victim: .advertisements, deed: .block, isHeldDown: true, manner: "blocked",
        expectation: .twoHolders, detection: TakeoverEstimate.silence, reach: { _ in .successor },
        arguments: { ["vrrp", "\($0.hearing)"] }, leavesAddress: true, staysMaster: true,
        hypothesis: { _ in
            "When two balancers do not hear each other's VRRP, both hold the VIP, haprov sees and names both; once they hear each"
                + " other, one lets go of it."
        },
        blastRadius: { _ in
            "connections through either balancer may end when both announce the VIP, and when one lets go"
        })
}

extension Victim {
    /// What balancers tell each other.
    static let advertisements = Victim(
        target: { _, _ in "haprov-vrrp" }, title: { _ in "VRRP" },
        keepsVIP: { host, cluster in
            "\(host.name) alone holds the VIP: a standby that hears no advertisement should have become master (does VRRP reach it"
                + " by another way?)"
        })
}

extension Deed {
    static let block = Deed(
        noun: "blockade", participle: "blocked", gerund: "blocking", means: "filters", function: "drill_block",
        wayBack: "drill_unblock", restored: "open")
}
