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

    /// SELinux confines what a distribution's package installs, and what is compiled below /usr/local it does not.
    func confinement(_ facts: Facts) -> String? {
        let names = cluster.packagedPrograms.map(\.name)
        guard facts.selinux == "Enforcing", !names.isEmpty else { return nil }
        return
            "SELinux is enforcing, and confines \(names.joined(separator: " and ")) of the distribution's package: see that "
            + names.map { "`getsebool \($0)_connect_any`" }.joined(separator: " and ")
            + " says on (`setsebool -P`), and look at `ausearch -m avc -ts recent` after the drill"
    }
}
