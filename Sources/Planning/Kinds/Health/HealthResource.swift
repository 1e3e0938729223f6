import Texts

/// `health`: a look at the host after something was changed on it; the rollout stops where it does not come out well.
package struct HealthResource: Resource {
    package static let kind = "health"
    package static let meaning = Explanation(
        "Looked at after changes, by one of `script`, `unit` and `port`; where it does not come out well, the rollout stops",
        "改动之后查看,写 `script`、`unit`、`port` 之一;不正常就停止部署")
    package static let fields: [FieldDeclaration] = [
        .optional("script", "A command and its arguments", "一条命令及其参数"),
        .standard("expect", "succeeds", "How the script ends: `succeeds` or `fails`", "脚本应有的结果:`succeeds` 或 `fails`"),
        .optional("unit", "A service that has to stay up", "应当保持运行的服务"),
        .optional("port", "ADDRESS:PORT, where something has to answer", "地址:端口,应当有应答"),
        .optional(
            "unless_active", "A service: nothing is looked at where it ran before", "服务名:此前已在运行则不看"),
    ]
    package static let script: [UInt8]? = PackageResources.health_sh
    private var check: Check
    /// Only where this unit is not running when the plan is made.
    private var unlessActive: String?

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        let script = fields.words("script")
        let unit = fields.text("unit")
        let port = fields.text("port")
        let expect = fields.text("expect")
        let without = fields.text("unless_active")
        unlessActive = without.isEmpty ? nil : "\(without).service"
        if !["succeeds", "fails"].contains(expect) {
            fields.fault(
                "expect", "`expect` must be succeeds or fails, not `\(expect)`", "Leave it out where it has to succeed."
            )
        }
        if !script.isEmpty {
            check = .script(script, succeeds: expect == "succeeds")
        } else if !unit.isEmpty {
            check = .unitStaysUp("\(unit).service")
        } else {
            let colon = port.lastIndex(of: ":") ?? port.endIndex
            if colon == port.endIndex {
                fields.fault(
                    "a health step needs `script`, `unit` or `port: ADDRESS:PORT`",
                    "Write one of them, such as `unit: haproxy`.")
            }
            check = .answers(address: String(port[..<colon]), port: String(port[colon...].dropFirst()))
        }
        try fields.finish()
    }

    package var queries: [ProbeQuery] { unlessActive.map { [ProbeQuery("probe_unit", $0)] } ?? [] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) -> [Step] {
        guard earlier.contains(where: { !$0.isCheck }) else { return [] }
        if let unlessActive, facts.units[unlessActive]?.isActive == true { return [] }
        return [.check(check)]
    }
}
