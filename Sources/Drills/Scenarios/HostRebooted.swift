import Inventory

extension Scenario {
    /// The holder is restarted as an administrator does it, and has to serve again by itself.
    static let hostRebooted = Scenario(
        name: "host-rebooted", victim: .system, deed: .reboot, isHeldDown: true, manner: "restarted",
        // The services of a host end all at once, and which comes first is chance.
        expectation: .vipMoves, detection: { 0...TakeoverEstimate.HealthCheckTiming($0).range.upperBound },
        arguments: { [HAProxy.unit, $0.cluster.engine.unit] }, leavesAddress: true,
        hypothesis: {
            "When the holder is restarted, the next balancer takes the VIP; HAProxy and \($0.engine.program) run again on it"
                + " once it has booted, without anybody's help."
        },
        blastRadius: { _ in "everything that runs on the holder, until it has booted" })
}

extension Victim {
    /// All of a host.
    static let system = Victim(
        target: { _, _ in "haprov-host" }, title: { _ in "the system" }, isNeededToServe: true,
        keepsVIP: { host, cluster in
            "\(cluster.engine.program) on the others did not miss \(host.name), or it did not restart"
        }, returning: "is it enabled, and does it start at boot?")
}

extension Deed {
    /// Servers take minutes until they boot.
    static let reboot = Deed(
        noun: "restart", participle: "restarted", gerund: "restarting", means: "reboot.target",
        function: "drill_reboot",
        wayBack: "drill_booted", restored: "booted", cut: Cut(seconds: 900))
}
