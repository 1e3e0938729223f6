import Errors
import Inventory

/// What runs already.
extension Preflight {
    /// Programs that would go on beside haprov's services.
    func strays(_ host: Host, _ facts: Facts) -> [Failure] { initScripts(host, facts) + outsiders(host, facts) }

    private func failure(_ host: Host, _ step: String, _ summary: String, _ remedy: String) -> Failure {
        Failure(.preflight, host: host.name, step: step, summary: summary, remedy: remedy)
    }

    /// systemd does not know the main process of what an init script started: a restart leaves the old ones alone.
    private func initScripts(_ host: Host, _ facts: Facts) -> [Failure] {
        // What was found goes on by the script that it was started by.
        let kept = cluster.foundPrograms.map { "\($0.name).service" }
        return ([HAProxy.unit] + Engine.units).filter { !kept.contains($0) }.compactMap { unit in
            guard let fact = facts.units[unit], fact.isActive, !fact.initScript.isEmpty else { return nil }
            let name = unit.dropLast(".service".count)
            return failure(
                host, "service \(name)",
                "\(name) runs from the init script \(fact.initScript): haprov's service could not take its processes over, "
                    + "and they would go on beside it",
                "Where clients can spare it, `systemctl stop \(name)` on \(host.name), see by `ps -C \(name)` that none is left, "
                    + "and run haprov again; a rollback gives the init script and its links back.")
        }
    }

    /// Processes of HAProxy or of VRRP that none of the services accounts for, each family by its eldest.
    private func outsiders(_ host: Host, _ facts: Facts) -> [Failure] {
        let strays = facts.processes.filter { isStray($0, facts) && !isDeliberate($0) }
        let all = Set(strays.map(\.id))
        return strays.filter { !all.contains($0.parent) }.map { process in
            let own = "\(process.name).service"
            let place =
                process.unit == own
                ? "was left over by an earlier start of \(own)"
                : "runs outside \(own)" + (process.unit.isEmpty ? "" : ", in \(process.unit)")
            return failure(
                host, "process \(process.id)",
                "\(process.name) (process \(process.id), \(process.path)) \(place)\(Self.heard(process, facts))",
                Engine.running(process.name) == nil
                    ? "It would answer beside haprov's HAProxy, and the health check would take it for that one. Stop it where "
                        + "clients can spare it, with whatever starts it (`kill \(process.id)`), and run haprov again."
                    : "Two that speak VRRP on one host take the VIP from each other. Stop it, with whatever starts it "
                        + "(`kill \(process.id)`; a VIP that it holds moves away), and run haprov again.")
        }
    }

    private func isStray(_ process: ProcessFact, _ facts: Facts) -> Bool {
        if process.endsByItself { return false }
        let own = "\(process.name).service"
        guard process.unit == own else { return true }
        guard let unit = facts.units[own] else { return false }
        if !unit.isActive { return true }
        guard Engine.running(process.name)?.leavesChildren == true, unit.mainPID > 0 else { return false }
        let family = facts.processes.filter { $0.id == unit.mainPID || $0.parent == unit.mainPID }.map(\.id)
        return !family.isEmpty && !family.contains(process.id) && !family.contains(process.parent)
    }

    /// An HAProxy that somebody gave a service of its own, beside haprov's; or an engine, where it is about something else and
    /// goes by a file that is not haprov's to write.
    private func isDeliberate(_ process: ProcessFact) -> Bool {
        if let engine = Engine.running(process.name) {
            guard engine.hasOtherUses, process.isApart, process.configuration != Engine.configuration else {
                return false
            }
        }
        return process.unit.hasSuffix(".service") && process.unit != "\(process.name).service"
            && !["sshd.service", "ssh.service", "crond.service", "cron.service", "rc-local.service"].contains(
                process.unit)
    }

    private static func heard(_ process: ProcessFact, _ facts: Facts) -> String {
        let ports = Self.ports(of: facts.listeners.filter { $0.process == process.id || $0.path == process.path })
        return ports.isEmpty ? "" : ", and listens on \(ports)"
    }

    /// Such as `port 80` or `ports 80, 443`; empty where there are none.
    package static func ports(of listeners: [ListenerFact]) -> String {
        ports(Set(listeners.map(\.port)).sorted())
    }

    static func ports(_ ports: [Int]) -> String {
        guard !ports.isEmpty else { return "" }
        return "port\(ports.count == 1 ? "" : "s") " + ports.map(String.init).joined(separator: ", ")
    }

    /// Ports that frontends want and somebody else has.
    func ports(_ host: Host, _ facts: Facts) -> [Failure] {
        let named = Set(facts.processes.filter { isStray($0, facts) && !isDeliberate($0) }.map(\.path))
        var failures: [Failure] = []
        for frontend in cluster.haproxy.listeners {
            let taker = facts.listeners.first { listener in
                listener.port == frontend.port && listener.unit != HAProxy.unit && !named.contains(listener.path)
                    && listener.stands(inTheWayOf: frontend.address)
            }
            guard let taker else { continue }
            var words = ["process \(taker.process)", taker.path].filter { !$0.isEmpty }
            if !taker.unit.isEmpty { words.append("in \(taker.unit)") }
            let who = taker.process == 0 ? "somebody unknown" : "\(taker.program) (\(words.joined(separator: ", ")))"
            failures.append(
                failure(
                    host, "port \(frontend.port)",
                    "frontend \(frontend.name) wants it, and \(who) listens there, on \(taker.address):\(taker.port)",
                    "Stop that program, or give the frontend another port."))
        }
        return failures
    }

    /// What runs and stops nothing, but is to be known.
    func runningRemarks(_ host: Host, _ facts: Facts) -> [String] {
        let others = facts.processes.filter { isStray($0, facts) && isDeliberate($0) }
        let all = Set(others.map(\.id))
        return others.filter { !all.contains($0.parent) }.map { process in
            if Engine.running(process.name) != nil {
                return
                    "another \(process.name) runs in \(process.unit) (process \(process.id), \(process.path)): its configuration "
                    + "\(process.configuration) names neither this cluster's VIP nor its virtual router ID, and it is left alone"
            }
            return
                "another HAProxy runs in \(process.unit) (process \(process.id), \(process.path)\(Self.heard(process, facts))): "
                + "a health check that looks for processes named haproxy sees it too, and would not notice that haprov's is dead"
        }
    }
}

extension ListenerFact {
    /// Whether HAProxy could not listen on the same port at this address, or `*`.
    package func stands(inTheWayOf bind: String) -> Bool {
        let own = String(address.prefix { $0 != "%" })
        // In brackets it is IPv6 alone; older versions of `ss` write none, and then it may be both.
        if own.hasPrefix("[") { return bind.contains(":") }
        let wildcards = ["*", "0.0.0.0", "::"]
        if wildcards.contains(own) { return true }
        return wildcards.contains(bind) ? !own.contains(":") : own == bind
    }
}
