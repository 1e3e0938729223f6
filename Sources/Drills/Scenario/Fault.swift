import Inventory

/// A scenario's fault in a cluster's terms: what is called on the host that is struck.
struct Fault: Sendable {
    /// What is struck, as users call it.
    let subject: String
    /// Its service, as systemctl takes it.
    let service: String
    /// The shell function of the deed, and its arguments.
    let deed: [String]
    /// The same for what undoes it.
    let wayBack: [String]

    init(_ scenario: Scenario, in cluster: Cluster) {
        subject = scenario.victim.title(in: cluster)
        service = scenario.victim.service(in: cluster)
        let unit = "\(service).service"
        deed = [scenario.deed.function, unit, scenario.isHeldDown ? "hold" : "free"]
        wayBack = [scenario.deed.wayBack, unit]
    }

    /// Its systemd unit.
    var unit: String { "\(service).service" }
}
