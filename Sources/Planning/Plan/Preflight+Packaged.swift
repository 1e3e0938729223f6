import Errors
import Inventory

/// What would keep the distribution's own programs from being what runs.
extension Preflight {
    /// A unit file below /etc stands before that of the package, which would be installed and never run.
    func hiddenUnits(_ host: Host, _ facts: Facts) -> [Failure] {
        cluster.packagedPrograms.compactMap { choice in
            guard let unit = facts.units["\(choice.name).service"], unit.path.hasPrefix("/etc/systemd/system/") else {
                return nil
            }
            return Failure(
                .preflight, host: host.name, step: "service \(choice.name)",
                summary: "\(unit.path) stands before the unit of the package, and what it starts would go on",
                remedy:
                    "Where haprov compiled \(choice.name), `haprov rollback --all` takes that back first. Else move the "
                    + "file away, and stop what it started where clients can spare it.")
        }
    }
}
