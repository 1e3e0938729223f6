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

    /// The question whether programs run where they have to; none where a host's resources bring none.
    package static func programQuery(_ folders: [String]) -> [ProbeQuery] {
        guard !folders.isEmpty else { return [] }
        var query = ProbeQuery("probe_runs")
        query.arguments = folders.sorted()
        return [query]
    }

    /// Why steps could not be made.
    ///
    /// - Parameters:
    ///   - room: what they need, in bytes, by folder: ``Planner/room(for:on:)``.
    ///   - compiles: whether something is to be compiled there.
    package func obstacles(
        to steps: [Step], on host: Host, room: [String: Int] = [:], compiles: Bool = false
    ) -> [Failure] {
        guard let facts = facts[host.name], steps.contains(where: { !$0.isCheck }) || compiles else { return [] }
        var failures = full(host, facts, room: room)
        failures += blocked(steps, host, facts, compiles: compiles)
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

    /// Folders without room for what is to come; those of one file system share it.
    private func full(_ host: Host, _ facts: Facts, room: [String: Int]) -> [Failure] {
        let folders = room.keys.filter { facts.space[$0] != nil }.sorted()
        let groups = Dictionary(grouping: folders) { facts.mounts[$0] ?? $0 }
        return groups.values.sorted { $0[0] < $1[0] }.compactMap { folders in
            let needed = folders.reduce(0) { $0 + (room[$1] ?? 0) }
            let free = folders.compactMap { facts.space[$0] }.min() ?? 0
            guard free << 10 < needed else { return nil }
            let place = folders.joined(separator: " and ")
            return Failure(
                .preflight, host: host.name, step: "disk",
                summary: "\(place) \(folders.count == 1 ? "has" : "have together") \(free >> 10) MiB free, and "
                    + "\((needed >> 20) + 1) MiB are needed for what is to be done",
                remedy: "Make room there.")
        }
    }

    /// Programs that would not run where they are to be put.
    private func blocked(_ steps: [Step], _ host: Host, _ facts: Facts, compiles: Bool) -> [Failure] {
        var folders: [(folder: String, step: String)] = []
        for step in steps {
            guard let change = step.change else { continue }
            folders += change.programFolders.map { ($0, "\(change.subject)") }
        }
        if compiles { folders.append((Self.buildFolder, "compile")) }
        var seen = Set<String>()
        return folders.compactMap { folder, step in
            guard let blocked = facts.blocked[folder], seen.insert(folder).inserted else { return nil }
            let (summary, remedy) = blocked.failure(folder, host: host.name)
            let elsewhere = folder == Self.buildFolder ? " Or name another `build_host`." : ""
            return Failure(.preflight, host: host.name, step: step, summary: summary, remedy: remedy + elsewhere)
        }
    }

    /// Where hosts compile.
    private static let buildFolder = "/var/lib/haprov/build"
}
