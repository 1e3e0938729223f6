import Errors
import Inventory
import Provisioning

/// What must hold before anything may be broken, and what to say where it does not. Pure.
struct Preconditions {
    static let step = "before the drill"

    var cluster: Cluster
    /// What is to move.
    var instance: VRRPInstance
    /// What is going to be done.
    var scenarios: [Scenario]
    private var engine: String { cluster.engine.program }
    /// By host name.
    var surveys: [String: BalancerSurvey]

    /// The balancer that holds the VIP, where exactly one does.
    var holder: Host? {
        let holders = self.holders
        return holders.count == 1 ? holders[0] : nil
    }

    var holders: [Host] { cluster.balancers(of: instance).filter { surveys[$0.name]?.interface(of: instance) != nil } }

    /// Who takes over from a balancer: the highest priority among the others.
    func successor(of host: Host) -> Host? { cluster.balancers(of: instance).first { $0.name != host.name } }

    /// Everything that stands in a drill's way; none where it may begin.
    func failures() -> [Failure] {
        var failures: [Failure] = []
        for host in cluster.balancers {
            guard let survey = surveys[host.name] else { continue }
            if let broken = survey.broken {
                failures.append(
                    failure(host, "Expected to find out how this host stands, found that \(broken).", "Install it."))
                continue
            }
            if !survey.haproxy.isActive { failures.append(inactiveHAProxy(host, survey)) }
            if survey.haproxy.isActive, !survey.frozen.isEmpty { failures.append(hungHAProxy(host, survey)) }
            if !survey.engine.isActive { failures.append(inactiveEngine(host, survey)) }
            let usual = instance.interface(on: host)
            if let interface = survey.interface(of: instance), interface != usual {
                failures.append(
                    failure(
                        host, "Expected the VIP on \(usual), found it on \(interface).",
                        "Correct `interface` in the inventory or in keepalived.conf."))
            }
        }
        failures += holderFailures()
        if failures.isEmpty, let holder, let survey = surveys[holder.name] {
            failures = restartFaults(holder, survey)
        }
        return failures
    }

    private func holderFailures() -> [Failure] {
        let holders = self.holders
        if holders.isEmpty { return [nobody()] }
        if holders.count > 1 { return [splitBrain(holders)] }
        guard let best = cluster.balancers(of: instance).first else { return [] }
        // Where something does not run on it, that is the fault, and said already.
        let isFit = surveys[best.name].map { $0.haproxy.isActive && $0.engine.isActive } ?? false
        guard instance.preempt, holders[0].name != best.name, isFit else { return [] }
        return [
            failure(
                holders[0],
                "Expected \(best.name), which has the highest priority and preempts, to hold \(instance); found it on"
                    + " \(holders[0].name).",
                "Where `haprov status` says that it was moved, `haprov move --home` comes first; else look at why \(engine)"
                    + " on \(best.name) does not become master: journalctl -u \(engine)."
                    + lastWords(best))
        ]
    }

    private func nobody() -> Failure {
        let stopped = cluster.balancers.filter { surveys[$0.name]?.engine.isActive == false }.map(\.name)
        let dead = cluster.balancers.filter { surveys[$0.name]?.haproxy.isActive == false }.map(\.name)
        var causes: [String] = []
        if !stopped.isEmpty { causes.append("\(engine) does not run on \(list(stopped))") }
        if !dead.isEmpty {
            causes.append("HAProxy does not run on \(list(dead)), and the health check gives the VIP up")
        }
        let cause =
            causes.isEmpty
            ? "\(engine) and HAProxy run on every balancer, so the health check itself is likely to fail: the program"
                + " that it calls is missing, or it may not signal HAProxy (script_user)"
            : causes.joined(separator: "; ")
        return Failure(
            .verification, step: Self.step,
            summary: "Expected one balancer to hold \(instance), found none: \(cause).",
            remedy: "Start what does not run; otherwise read journalctl -u \(engine) on each balancer.",
            cause: cluster.balancers.compactMap { surveys[$0.name]?.log.last }.first)
    }

    private func splitBrain(_ holders: [Host]) -> Failure {
        var causes: [String] = []
        var remedies: [String] = []
        let rule = #"'rule protocol value="vrrp" accept'"#
        for host in cluster.balancers {
            guard let survey = surveys[host.name] else { continue }
            if case .closed(let zone) = survey.firewalld {
                causes.append("firewalld on \(host.name) does not let VRRP in (zone \(zone))")
                remedies.append(
                    "on \(host.name): firewall-cmd --zone=\(zone) --add-rich-rule=\(rule), and once more with --permanent"
                )
            }
            if !survey.filters.isEmpty {
                causes.append("a filter on \(host.name) may drop VRRP (\(survey.filters.joined(separator: "; ")))")
                remedies.append("let protocol 112 (VRRP) in on \(host.name)")
            }
            if !survey.silentPeers.isEmpty {
                causes.append("\(host.name) gets no answer from \(list(survey.silentPeers.map(name)))")
            }
        }
        if causes.isEmpty {
            causes = [
                "the hosts reach each other and no firewall of theirs is seen to drop VRRP, so the network between them"
                    + " is likely to lose multicast to 224.0.0.18, or their VRIDs, versions or passwords differ"
            ]
        }
        if remedies.isEmpty {
            remedies = [
                "compare keepalived.conf on the balancers; watch `tcpdump -ni \(instance.interface) proto 112` on two"
                    + " of them; where multicast does not pass, set vip.unicast: true"
            ]
        }
        return Failure(
            .verification, step: Self.step,
            summary:
                "Split brain: expected one balancer to hold \(instance), found \(list(holders.map(\.name))). Likely cause:"
                + " \(causes.joined(separator: "; ")).",
            remedy: "So that the balancers hear each other, \(remedies.joined(separator: "; ")).")
    }

    private func inactiveHAProxy(_ host: Host, _ survey: BalancerSurvey) -> Failure {
        let unit = survey.haproxy
        let found = "Expected HAProxy to run, found haproxy.service \(state(unit))"
        if let hold = holdDown(.haproxy, survey) {
            return failure(host, "\(found), held down: \(hold.what).", hold.remedy)
        }
        if let fault = survey.configurationFault {
            return failure(
                host, "\(found), and it would not start: \(fault).", "Correct it, then systemctl start haproxy.")
        }
        return failure(host, "\(found).", "See journalctl -u haproxy on it, then systemctl start haproxy.")
    }

    /// What a drill of its own has stopped is said to be another drill's.
    private func hungHAProxy(_ host: Host, _ survey: BalancerSurvey) -> Failure {
        let processes = survey.frozen.map(String.init).joined(separator: " ")
        if let hold = holdDown(.hangingHAProxy, survey) {
            return failure(host, "Expected HAProxy to answer, found that it hangs: \(hold.what).", hold.remedy)
        }
        return failure(
            host,
            "Expected HAProxy to answer, found that it hangs: its processes \(processes) are stopped (SIGSTOP), take connections as far "
                + "as the kernel does, and answer nobody."
                + (cluster.healthCheck == .answer
                    ? "" : " `health_check: \(cluster.healthCheck.rawValue)` does not see that."),
            "kill -CONT \(processes) on it, or systemctl restart haproxy.")
    }

    private func inactiveEngine(_ host: Host, _ survey: BalancerSurvey) -> Failure {
        let unit = survey.engine
        if survey.armed != nil, let hold = holdDown(.engine, survey) {
            return failure(
                host, "Expected \(engine) to run, found \(engine).service \(state(unit)), held down: \(hold.what).",
                hold.remedy)
        }
        let remedy: String =
            switch unit.fact.loadState {
            case "masked": "systemctl unmask \(engine) on it, then systemctl start \(engine)."
            case "not-found": "Run haprov apply."
            case _ where unit.unmetConditions.contains { $0.hasSuffix("!/var/lib/haprov/maintenance") }:
                "It is in maintenance: `haprov maintenance \(host.name) off` ends that."
            default: "systemctl start \(engine) on it; where it does not stay, see journalctl -u \(engine)."
            }
        return failure(
            host,
            "Expected \(engine) to run, found \(engine).service \(state(unit)): the VIP cannot move to this host.",
            remedy, cause: survey.log.last)
    }

    /// Why victims, though they run, could not be given back after the deed, or why the deed would show nothing.
    private func restartFaults(_ host: Host, _ survey: BalancerSurvey) -> [Failure] {
        var failures: [Failure] = []
        var seen = Set<String>()
        for scenario in scenarios where seen.insert(scenario.victim.title(cluster)).inserted {
            let (victim, after) = (scenario.victim, "could not be started again after a \(scenario.deed.noun)")
            let title = victim.title(cluster)
            if let hold = holdDown(victim, survey) {
                failures.append(
                    failure(host, "\(title) runs, but \(after); it is held down: \(hold.what).", hold.remedy))
                // Another drill, or what is left of one, stands in the way of every victim alike.
                if survey.armed != nil || !survey.remains.isEmpty { break }
            }
            if let fault = victim.startFault(survey) {
                failures.append(
                    failure(
                        host, "\(title) runs, but \(after): \(fault).",
                        "Put the file right; haprov plan shows what differs."))
            }
            if let blindness = victim.blindness(survey) {
                failures.append(failure(host, blindness.summary, blindness.remedy))
            }
        }
        return failures
    }

    /// Why a victim cannot be started on a balancer, other than by a drill.
    func startFault(_ victim: Victim, on host: Host) -> (what: String, remedy: String)? {
        guard var survey = surveys[host.name], victim.unit(in: survey, of: cluster)?.isActive != true else {
            return nil
        }
        survey.armed = nil
        survey.remains = []
        if let hold = holdDown(victim, survey) { return ("It is held down: \(hold.what)", hold.remedy) }
        return victim.startFault(survey).map { fault in
            (fault, "Put the file right" + (victim.service(cluster).map { ", then systemctl start \($0)." } ?? "."))
        }
    }

    /// What keeps a victim's unit from being started.
    private func holdDown(_ victim: Victim, _ survey: BalancerSurvey) -> (what: String, remedy: String)? {
        let unit = victim.unit(in: survey, of: cluster)
        // A victim that runs, or is no service, is fit but for the drill; of one that does not run, the drill is the cause where it
        // is about that one.
        if let armed = survey.armed, unit?.isActive != false || armed.subject == victim.title(cluster) {
            return (
                "another drill is under way or was cut short; its timer gives \(armed.subject) back in"
                    + " \(max(0, armed.seconds)) s",
                "Wait for it, then run haprov verify again."
            )
        }
        if survey.armed == nil, !survey.remains.isEmpty {
            let files = survey.remains.joined(separator: " ")
            return (
                "an earlier drill left \(files), and no timer is there to remove it",
                "rm -f \(files); systemctl daemon-reload"
                    + (victim.service(cluster).map { "; systemctl start \($0)." } ?? ".")
            )
        }
        guard let unit, let service = victim.service(cluster) else { return nil }
        switch unit.fact.loadState {
        case "masked": return ("\(service).service is masked", "systemctl unmask \(service), or unmask --runtime.")
        case "not-found": return ("\(service).service does not exist", "Run haprov apply.")
        default: break
        }
        if !unit.unmetConditions.isEmpty {
            return (
                "not haprov's doing, a condition does not hold: \(unit.unmetConditions.joined(separator: "; "))",
                "Remove the condition or what it looks for, systemctl daemon-reload, systemctl start \(service)."
            )
        }
        if !unit.isActive, !unit.fact.didConditionsHold, unit.fact.subState == "dead" {
            return (
                "a condition of its unit did not hold when it was last started",
                "systemctl status \(service) names the condition."
            )
        }
        return nil
    }

    private func state(_ unit: BalancerSurvey.Unit) -> String {
        switch unit.fact.loadState {
        case "masked": "masked"
        case "not-found": "missing"
        default:
            switch unit.fact.activeState {
            case "": "in an unknown state"
            case "failed": "failed (\(unit.fact.result))"
            case let state: "\(state) (\(unit.fact.subState))"
            }
        }
    }

    private func failure(_ host: Host, _ summary: String, _ remedy: String, cause: String? = nil) -> Failure {
        Failure(.verification, host: host.name, step: Self.step, summary: summary, remedy: remedy, cause: cause)
    }

    private func name(_ address: String) -> String {
        cluster.balancers.first { $0.address.description == address }?.name ?? address
    }

    private func lastWords(_ host: Host) -> String {
        surveys[host.name]?.log.last.map { " Its last line: \($0)" } ?? ""
    }

    private func list(_ names: [String]) -> String {
        names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    }
}
