import Inventory
import VRRP

extension Scenario {
    /// HAProxy's processes stand still: they are there, take connections as far as the kernel does, and answer nobody.
    static let haproxyHung = Scenario(
        name: "haproxy-hung", victim: .hangingHAProxy, deed: .freeze, isHeldDown: true, manner: "standing still",
        expectation: .vipMoves, detection: { TakeoverEstimate.HealthCheckTiming(hangOf: $0).range },
        leastInterval: 20_000,
        // What playbooks of the operator's own ask is not known here.
        blindSpot: {
            $0.playbooks == nil && $0.healthCheck != .answer
                ? "\(Victim.unseenHang($0)); `--drill haproxy-hung` shows it" : nil
        },
        hypothesis: { _ in
            "When HAProxy hangs on the holder, the health check sees it and the next balancer takes the VIP."
        },
        blastRadius: { _ in
            "requests through the holder wait; where the check does not see it, nobody is served until the drill ends"
        })
}

extension Victim {
    /// HAProxy that is there and does nothing.
    static let hangingHAProxy = Victim(
        service: { _ in HAProxy.program }, title: { _ in "HAProxy" }, isNeededToServe: true,
        keepsVIP: { host, cluster in
            cluster.healthCheck == .answer
                ? "the health check of \(host.name) should have failed: what does \(CheckCommand.answering) say there?"
                : "\(unseenHang(cluster)), and \(host.name) keeps the VIP while its clients wait"
        }, returning: "the health check must see HAProxy again")

    /// What the checks that haprov sets up ask is whether a process is there.
    static func unseenHang(_ cluster: Cluster) -> String {
        "HAProxy hangs and the check does not see it: `health_check: \(cluster.healthCheck.rawValue)` asks whether a process"
            + " is there, and `health_check: answer` would see it"
    }
}

extension Deed {
    static let freeze = Deed(
        noun: "hang", participle: "stopped with SIGSTOP", gerund: "stopping with SIGSTOP", parts: "every process of ",
        means: "SIGSTOP", function: "drill_freeze", wayBack: "drill_thaw")
}
