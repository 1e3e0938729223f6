import Errors
import Texts

/// `service`: a systemd unit: whether it starts at boot, whether it runs, and what makes it read its files again.
package struct ServiceResource: Resource {
    package static let kind = "service"
    package static let meaning = Explanation(
        "A systemd unit runs and starts at boot; it is restarted where `unit` changed",
        "systemd 单元运行并开机启动;`unit` 文件有变则重启")
    package static let fields: [FieldDeclaration] = [
        .required("name", "Without `.service`", "不带 `.service`"),
        .required("unit", "The path of its unit file", "单元文件的路径"),
        .flag("enabled", true, "Whether it starts at boot", "是否开机启动"),
        .optional(
            "instead_of",
            "A service that does the same: it is stopped right before this one starts, and not started at boot",
            "作用相同的另一个服务:在本服务启动前一刻停掉它,并取消开机启动"),
        .optional(
            "reload_on",
            "A list of resources such as `template /etc/keepalived/keepalived.conf`: it is reloaded where one of them "
                + "changed earlier in the run",
            "资源列表,例如 `template /etc/keepalived/keepalived.conf`:在本次执行中有变时 reload"),
        .optional(
            "restart_on", "The same for a restart, such as `archive haproxy`", "同上,有变时重启,例如 `archive haproxy`"),
    ]
    package static let script: [UInt8]? = PackageResources.service_sh
    package static let changes: [any Change.Type] = [UnitChange.self]
    package static let facts: [any Fact.Type] = [UnitFacts.self]
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
        name = fields.text("name")
        insteadOf = fields.text("instead_of")
        for (field, name) in [("name", name), ("instead_of", insteadOf)]
        where name.wholeMatch(of: /[A-Za-z0-9@._-]*/) == nil {
            fields.fault(
                field, "`\(name)` is not a unit's name", "Write it as systemctl does, without `.service`: `haproxy`.")
        }
        unit = fields.path("unit")
        enabled = fields.flag("enabled")
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
        if !fact.isActive, !fact.steppedAside {
            add(.start, unitName)
        } else if !fact.isActive || unitChanged || restartOn.contains(where: changed.contains) {
            add(.restart, unitName)
        } else if reloadOn.contains(where: changed.contains) {
            add(.reload, unitName)
        }
        return steps
    }
}
