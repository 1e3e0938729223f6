import Errors
import Inventory

/// What stands in the way of changes; a host that needs none may be as it likes.
extension Preflight {
    /// The question whether what a host's resources may write can be written.
    ///
    /// - Parameter paths: of those resources.
    package static func writingQuery(_ paths: [String]) -> ProbeQuery {
        var query = ProbeQuery("probe_writable")
        query.arguments = Set(paths + AddUser.files + ["/etc", "/usr", "/usr/local", "/var/lib"]).sorted()
        return query
    }

    /// Why steps could not be made.
    package func obstacles(to steps: [Step], on host: Host) -> [Failure] {
        guard let facts = facts[host.name], steps.contains(where: { !$0.isCheck }) else { return [] }
        var failures: [Failure] = []
        let isLarge = steps.contains { $0.change?.bringsManyFiles == true }
        for (folder, many) in [("/usr/local", 1000), ("/etc", 100), ("/var/lib", 5000)] {
            let needed = isLarge ? many : 100
            if let free = facts.inodes[folder], free < needed {
                failures.append(
                    Failure(
                        .preflight, host: host.name, step: "disk",
                        summary: "\(folder) has room for \(free) more files (inodes), and \(needed) are needed",
                        remedy: "`df -i \(folder)` shows it. Remove files there that nobody needs."))
            }
        }
        var seen = Set<String>()
        for step in steps {
            guard let change = step.change else { continue }
            for path in change.writes {
                guard let why = facts.unwritable[path], seen.insert(why).inserted else { continue }
                failures.append(
                    Failure(
                        .preflight, host: host.name, step: "\(change.subject)",
                        summary: "\(path) cannot be written: \(why)",
                        remedy: why.contains("chattr")
                            ? "Find out who did that and why, and take it off while changes are made: `chattr -i -a`."
                            : "Find out why, then make it writable: `mount -o remount,rw` on \(host.name)."))
            }
        }
        return failures
    }
}
