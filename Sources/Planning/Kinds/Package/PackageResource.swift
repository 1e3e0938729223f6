import Errors

/// `package`: RPMs by name, and what they need.
package struct PackageResource: Resource {
    package static let kind = "package"
    package static let script: [UInt8]? = PackageResources.package_sh
    package var names: [String]

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        var seen = Set<String>()
        names = fields.words("names").filter { seen.insert($0).inserted }
        try fields.finish()
        for name in names where name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._+-]*/) == nil {
            throw PlaybookError(fields.place, "`\(name)` is not a package's name")
        }
    }

    package init(names: [String]) { self.names = names }

    package var queries: [ProbeQuery] { [] }
    package var packages: [String] { names }

    package func missing(in facts: Facts) -> [String] { names.filter { (facts.packages[$0] ?? "").isEmpty } }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let missing = missing(in: facts)
        guard !missing.isEmpty else { return [] }
        guard let transaction = context.transaction else {
            throw Failure(
                .preflight, host: context.host.name, step: "package \(missing.joined(separator: " "))",
                summary: "yum was not asked what it would do", remedy: "Report this: it is a fault in haprov.")
        }
        try transaction.refuseUnlessFit(for: missing, context: context)
        let upgrades = context.cluster.allowUpgrades ? "allow-upgrades" : "refuse-upgrades"
        return [
            .change(
                Change(
                    "package_install", [transaction.source, upgrades] + missing,
                    resource: "package \(missing.joined(separator: " "))",
                    summary: "install \(missing.joined(separator: ", ")) by yum", isBarrier: true))
        ]
    }
}
