import Errors

/// `service`: a systemd unit: whether it starts at boot, whether it runs, and what makes it read its files again.
package struct ServiceResource: Resource {
    package static let kind = "service"
    package static let script: [UInt8]? = PackageResources.service_sh
    package var name: String
    /// The unit file that this playbook writes.
    package var unit: String
    package var enabled: Bool
    /// Resources after whose change a reload is enough.
    package var reloadOn: [String]
    package var restartOn: [String]
    /// A service that does the same and must not run beside this one; empty for none.
    package var insteadOf: String
    /// Seconds to wait for the unit to be active.
    package var patience = "60"

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = try fields.text("name")
        insteadOf = try fields.text("instead_of", default: "")
        for name in [name, insteadOf] where name.wholeMatch(of: /[A-Za-z0-9@._-]*/) == nil {
            throw PlaybookError(fields.place, "`\(name)` is not a unit's name")
        }
        unit = try fields.path("unit")
        enabled = try fields.flag("enabled", default: true)
        reloadOn = fields.lines("reload_on")
        restartOn = fields.lines("restart_on")
        try fields.finish()
    }

    package var queries: [ProbeQuery] { ([unitName] + others).map { ProbeQuery("probe_unit", $0) } }
    private var unitName: String { "\(name).service" }
    private var others: [String] { insteadOf.isEmpty ? [] : ["\(insteadOf).service"] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let fact = facts.units[unitName] ?? UnitFact()
        let changed = Set(
            earlier.compactMap { step -> String? in
                if case .change(let change) = step { return change.resource }
                return nil
            }
        ).union(facts.unseen(by: "service \(name)"))
        if fact.loadState == "masked" {
            throw Failure(
                .preflight, host: context.host.name, step: "service \(name)", summary: "\(unitName) is masked",
                remedy: "Find out who masked it and why, then `systemctl unmask \(name)` on \(context.host.name).")
        }
        let unitChanged = changed.contains("template \(unit)") || changed.contains("file \(unit)")
        var steps: [Step] = []
        func add(_ function: String, _ arguments: [String], _ summary: String, of service: String? = nil) {
            steps.append(
                .change(
                    Change(
                        function, arguments, resource: "service \(service ?? name)", summary: summary, isBarrier: true))
            )
        }
        if unitChanged || fact.needsReload {
            add("service_reread", [], "have systemd read its unit files again")
        }
        if enabled, !fact.isEnabled { add("service_enable", [unitName], "start \(name) at boot") }
        for other in others where facts.units[other]?.startsAtBoot == true {
            add("service_disable", [other], "do not start \(insteadOf) at boot any more", of: insteadOf)
        }
        // Right before the start: in between, nobody does what both do.
        for other in others where facts.units[other]?.isActive == true {
            add("service_stop", [other, patience], "stop \(insteadOf)", of: insteadOf)
        }
        if !fact.isActive {
            add("service_start", [unitName, patience], "start \(name)")
        } else if unitChanged || restartOn.contains(where: changed.contains) {
            add("service_restart", [unitName, patience], "restart \(name)")
        } else if reloadOn.contains(where: changed.contains) {
            add("service_reload", [unitName, patience], "reload \(name)")
        }
        return steps
    }
}
