import Errors

/// `service`: a systemd unit: whether it starts at boot, whether it runs, and what makes it read its files again.
package struct ServiceResource: Resource {
    package static let kind = "service"
    package static let script: [UInt8]? = PackageResources.service_sh
    package static let changes: [any Change.Type] = [UnitChange.self]
    package var name: String
    /// The unit file that this playbook writes.
    package var unit: String
    package var enabled: Bool
    /// Resources after whose change a reload is enough.
    package var reloadOn: [Subject]
    package var restartOn: [Subject]
    /// A service that does the same and must not run beside this one; empty for none.
    package var insteadOf: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = try fields.text("name")
        insteadOf = try fields.text("instead_of", default: "")
        for name in [name, insteadOf] where name.wholeMatch(of: /[A-Za-z0-9@._-]*/) == nil {
            throw PlaybookError(fields.place, "`\(name)` is not a unit's name")
        }
        unit = try fields.path("unit")
        enabled = try fields.flag("enabled", default: true)
        reloadOn = fields.lines("reload_on").map(Subject.init)
        restartOn = fields.lines("restart_on").map(Subject.init)
        try fields.finish()
    }

    package var queries: [ProbeQuery] { ([unitName] + others).map { ProbeQuery("probe_unit", $0) } }
    private var unitName: String { "\(name).service" }
    private var others: [String] { insteadOf.isEmpty ? [] : ["\(insteadOf).service"] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let fact = facts.units[unitName] ?? UnitFact()
        let changed = Set(earlier.compactMap { $0.change?.subject }).union(
            facts.unseen(by: Subject(Self.kind, name)))
        if fact.loadState == "masked" {
            throw Failure(
                .preflight, host: context.host.name, step: "service \(name)", summary: "\(unitName) is masked",
                remedy: "Find out who masked it and why, then `systemctl unmask \(name)` on \(context.host.name).")
        }
        let unitChanged = changed.contains(.at(unit))
        var steps: [Step] = []
        func add(_ verb: UnitChange.Verb, _ unit: String, of service: String? = nil) {
            steps.append(.change(UnitChange(verb, unit: unit, service: service ?? name)))
        }
        if unitChanged || fact.needsReload {
            add(.reread, "")
        }
        if enabled, !fact.isEnabled { add(.enable, unitName) }
        for other in others where facts.units[other]?.startsAtBoot == true {
            add(.disable, other, of: insteadOf)
        }
        // Right before the start: in between, nobody does what both do.
        for other in others where facts.units[other]?.isActive == true {
            add(.stop, other, of: insteadOf)
        }
        if !fact.isActive {
            add(.start, unitName)
        } else if unitChanged || restartOn.contains(where: changed.contains) {
            add(.restart, unitName)
        } else if reloadOn.contains(where: changed.contains) {
            add(.reload, unitName)
        }
        return steps
    }
}
