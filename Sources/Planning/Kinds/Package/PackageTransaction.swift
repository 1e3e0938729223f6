import Errors

/// What a package manager says it would do, before it does it.
package struct PackageTransaction: Sendable, Equatable, Codable {
    /// `host`, or the directory on the host that holds the only repository file to use.
    package var source: String
    /// `name-version.arch`.
    package var installs: [String] = []
    package var upgrades: [String] = []
    package var removals: [String] = []
    /// Its own complaints, where it could not resolve the names.
    package var problems: [String] = []

    package init(source: String) { self.source = source }

    /// - Throws: where the transaction would not bring the packages, or would do more than add some.
    package func refuseUnlessFit(for names: [String], context: PlanContext) throws(Failure) {
        let step = "package \(names.joined(separator: " "))"
        let manager = context.platform.packageManager.name
        if installs.isEmpty || !problems.isEmpty {
            throw Failure(
                .preflight, host: context.host.name, step: step,
                summary: "\(manager) finds no way to install \(names.joined(separator: ", "))",
                remedy: context.platform.packageAdvice.everyWay,
                cause: problems.isEmpty ? nil : problems.joined(separator: "\n"))
        }
        guard context.cluster.allowUpgrades || (upgrades.isEmpty && removals.isEmpty) else {
            throw Failure(
                .preflight, host: context.host.name, step: step,
                summary: "\(manager) would replace installed packages, which cannot be taken back: "
                    + (upgrades + removals).joined(separator: ", "),
                remedy: "\(context.platform.packageAdvice.sameRelease), "
                    + "or write `allow_upgrades: true` into the inventory.")
        }
    }
}
