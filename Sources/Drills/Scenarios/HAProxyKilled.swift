import Inventory

extension Scenario {
    /// HAProxy is killed and held down, so that the VIP has to move.
    static let haproxyKilled = Scenario(
        name: "haproxy-killed", isUsual: true, victim: .haproxy, deed: .kill, isHeldDown: true, manner: "held down",
        expectation: .vipMoves, detection: { TakeoverEstimate.HealthCheckTiming($0).range },
        hypothesis: { _ in
            "When HAProxy dies on the holder, the health check sees it and the next balancer takes the VIP."
        },
        blastRadius: { _ in "connections through the holder are cut; new ones fail until the VIP has moved" })
}

extension Victim {
    static let haproxy = Victim(
        service: { _ in HAProxy.program }, title: { _ in "HAProxy" }, isNeededToServe: true,
        startFault: { $0.configurationFault },
        blindness: { survey in
            guard !survey.strays.isEmpty else { return nil }
            let processes = survey.strays.map(String.init).joined(separator: ", ")
            return Doubt(
                summary:
                    "Processes named haproxy run outside haproxy.service (\(processes)): the health check sees them, so"
                    + " the VIP would not move.", remedy: "Stop them, and let systemd run HAProxy alone.")
        },
        keepsVIP: { host, cluster in
            "\(cluster.engine.program) on \(host.name) kept the VIP although HAProxy is dead, so its health check does not see"
                + " that (is the check's program there, and has it no weight?)"
        },
        leftovers: { host, survey in
            survey.strays.isEmpty ? nil : "processes named haproxy still run on \(host.name) outside its unit"
        }, returning: "the health check must see HAProxy again")
}
