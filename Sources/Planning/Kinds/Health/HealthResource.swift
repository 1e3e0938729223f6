/// `health`: a look at the host after something was changed on it; the rollout stops where it does not come out well.
package struct HealthResource: Resource {
    package static let kind = "health"
    package static let script: [UInt8]? = PackageResources.health_sh
    private var check: Check
    /// Only where this unit is not running when the plan is made.
    private var unlessActive: String?

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        let (script, unit, port) = (
            fields.words("script"), try fields.text("unit", default: ""), try fields.text("port", default: "")
        )
        let expect = try fields.text("expect", default: "succeeds")
        let without = try fields.text("unless_active", default: "")
        unlessActive = without.isEmpty ? nil : "\(without).service"
        if !script.isEmpty {
            guard ["succeeds", "fails"].contains(expect) else {
                throw PlaybookError(fields.place, "`expect` must be succeeds or fails, not `\(expect)`")
            }
            check = .script(script, succeeds: expect == "succeeds")
        } else if !unit.isEmpty {
            check = .unitStaysUp("\(unit).service")
        } else if let colon = port.lastIndex(of: ":") {
            check = .answers(address: String(port[..<colon]), port: String(port[port.index(after: colon)...]))
        } else {
            throw PlaybookError(fields.place, "a health step needs `script`, `unit` or `port: ADDRESS:PORT`")
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
