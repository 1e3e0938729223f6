import Errors
import Inventory
import VRRP

/// Whether filters of the host's own let through what has to pass.
struct FilterCheck: PreflightCheck {
    let name = "filters"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] { [ProbeQuery("probe_filters")] }

    func remarks(_ look: HostLook) -> [String] { look.preflight.filterRemarks(look.host, look.facts) }

    func found(_ look: HostLook) -> String? {
        if look.facts.firewall.isActive { return "firewalld keeps the rules, and is opened as the inventory needs it" }
        if look.facts.ufw.isActive { return "ufw keeps the rules, and is opened as the inventory needs it" }
        return look.facts.filterRules.isEmpty
            ? "none" : "VRRP and \(Preflight.ports(look.cluster.haproxy.ports)) pass"
    }
}

/// Whether frontends find their ports free.
struct PortsCheck: PreflightCheck {
    let name = "ports"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] {
        var listeners = ProbeQuery("probe_listeners")
        listeners.arguments = preflight.cluster.haproxy.ports.map { "\($0)" }
        return [listeners]
    }

    func failures(_ look: HostLook) -> [Failure] { look.preflight.ports(look.host, look.facts) }

    func found(_ look: HostLook) -> String? {
        let ports = look.cluster.haproxy.ports
        guard !ports.isEmpty else { return nil }
        let own = Set(look.facts.listeners.filter { $0.unit == HAProxy.unit }.map(\.port))
        let taken = ports.filter(own.contains), free = ports.filter { !own.contains($0) }
        return [
            taken.isEmpty ? nil : "HAProxy has \(Preflight.ports(taken))",
            free.isEmpty ? nil : "\(Preflight.ports(free)) free",
        ].compactMap { $0 }.joined(separator: ", ")
    }
}

/// Whether each application answers from this balancer.
struct ApplicationsCheck: PreflightCheck {
    let name = "applications"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] {
        (preflight.servers + preflight.ownServers).map { ProbeQuery("probe_reach", $0.address, "\($0.port)") }
    }

    func failures(_ look: HostLook) -> [Failure] {
        look.preflight.servers.filter { look.facts.reachable["\($0.address):\($0.port)"] == false }.map { server in
            look.failure(
                "application \(server.name)", "nothing answers on \(server.address):\(server.port)",
                "Start the application, open its port, or take \(server.name) out of the inventory.")
        }
    }

    func remarks(_ look: HostLook) -> [String] { look.preflight.silence(look.facts) }

    /// Where others reach it, the application runs, and something is between.
    func notes(_ look: HostLook) -> [String] {
        (look.preflight.servers + look.preflight.ownServers).compactMap { server in
            let place = "\(server.address):\(server.port)"
            guard look.facts.reachable[place] == false else { return nil }
            let reaching = look.others.filter { $0.facts.reachable[place] == true }.map(\.host.name)
            guard !reaching.isEmpty else { return nil }
            return
                "\(server.name) answers \(reaching.joined(separator: ", ")): it runs, and something keeps \(look.host.name) "
                + "from it, such as a filter on either host or between; while \(look.host.name) has the VIP, clients do not reach it"
        }
    }

    func found(_ look: HostLook) -> String? {
        let servers = look.preflight.servers + look.preflight.ownServers
        let answers = servers.compactMap { server -> String? in
            let place = "\(server.address):\(server.port)"
            guard look.facts.reachable[place] == true else { return nil }
            return server.name + (look.facts.latencies[place].map { " within \($0) ms" } ?? "")
        }
        return answers.isEmpty ? nil : "all answer: " + answers.joined(separator: ", ")
    }
}

/// HAProxy and VRRP that are there already.
struct ProgramsCheck: PreflightCheck {
    let name = "programs"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] {
        let numbers = preflight.cluster.instances.map { "\($0.virtualRouterID)" }
        return [.processes(about: preflight.cluster.vips.map(\.description) + numbers), ProbeQuery("probe_parts")]
    }

    func failures(_ look: HostLook) -> [Failure] {
        look.preflight.strays(look.host, look.facts) + look.preflight.hiddenUnits(look.host, look.facts)
    }

    func remarks(_ look: HostLook) -> [String] {
        look.preflight.displacement(look.facts) + look.preflight.runningRemarks(look.host, look.facts)
    }

    /// An engine of another origin than the one that the inventory wants.
    func warnings(_ look: HostLook) -> [Advice] {
        let (cluster, facts) = (look.cluster, look.facts)
        guard let choice = cluster.engineProgram else { return [] }
        let place = look.preflight.platforms.working(facts.system).place(of: choice).program
        return facts.speakers.filter { process in
            process.name == choice.name && !process.isApart && process.unit == cluster.engine.unit
                && process.path != place && process.arguments.first != place
        }.map { process in
            Advice(
                "\(process.name) runs there as \(process.path) (process \(process.id)), of another origin: from an `apply` on it is "
                    + place,
                remedy: "Nothing is to be done; that one stays installed, and a rollback gives it back.")
        }
    }

    func notes(_ look: HostLook) -> [String] {
        look.facts.speakers.filter { $0.name != look.cluster.engine.program && !$0.isApart }.map { process in
            "\(process.name) speaks VRRP there (process \(process.id), \(process.path)), and the inventory wants "
                + look.cluster.engine.program
        }
    }

    func found(_ look: HostLook) -> String? {
        let running = look.facts.processes.filter { process in
            !process.endsByItself && !look.facts.processes.contains { $0.id == process.parent }
        }
        guard !running.isEmpty else { return "neither HAProxy nor VRRP runs yet" }
        return running.map { "\($0.name) runs as \($0.path)" }.joined(separator: ", ")
    }
}
