import Inventory

/// A service of a balancer that a drill may break.
enum Victim: Sendable {
    case haproxy
    /// The program that speaks VRRP.
    case engine

    /// As users call it.
    func title(in cluster: Cluster) -> String {
        switch self {
        case .haproxy: "HAProxy"
        case .engine: cluster.engine.program
        }
    }

    /// Its systemd unit, without the suffix.
    func service(in cluster: Cluster) -> String {
        switch self {
        case .haproxy: "haproxy"
        case .engine: cluster.engine.program
        }
    }

    /// How it stands on a balancer.
    func state(in survey: BalancerSurvey) -> BalancerSurvey.Unit {
        switch self {
        case .haproxy: survey.haproxy
        case .engine: survey.engine
        }
    }

    /// Why it would not start; nil where nothing is known to be wrong with it.
    func startFault(in survey: BalancerSurvey) -> String? {
        self == .haproxy ? survey.configurationFault : nil
    }

    /// Why nobody would notice its end.
    func blindness(in survey: BalancerSurvey) -> (summary: String, remedy: String)? {
        guard self == .haproxy, !survey.strays.isEmpty else { return nil }
        let processes = survey.strays.map(String.init).joined(separator: ", ")
        return (
            "Processes named haproxy run outside haproxy.service (\(processes)): the health check sees them, so"
                + " the VIP would not move.", "Stop them, and let systemd run HAProxy alone."
        )
    }

    /// Why a balancer may keep the VIP although its victim is dead.
    func keepsVIP(on host: Host, in cluster: Cluster) -> String {
        let engine = cluster.engine.program
        return switch self {
        case .haproxy:
            "\(engine) on \(host.name) kept the VIP although HAProxy is dead, so its health check does not see that"
                + " (is the check's program there, and has it no weight?)"
        case .engine:
            "\(host.name) kept the VIP although \(engine) does not run there, so it did not take the address away as it ended"
        }
    }

    /// What else on the victim's host explains a VIP that does not move.
    func leftovers(on host: Host, in survey: BalancerSurvey) -> String? {
        guard self == .haproxy, !survey.strays.isEmpty else { return nil }
        return "processes named haproxy still run on \(host.name) outside its unit"
    }

    /// What its balancer needs, so that the VIP returns to it.
    func returns(to host: Host, in cluster: Cluster) -> String {
        let journal = "See journalctl -u \(cluster.engine.program) on \(host.name)"
        return switch self {
        case .haproxy: "\(journal): the health check must see HAProxy again."
        case .engine: "\(journal)."
        }
    }
}
