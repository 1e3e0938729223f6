import Errors
import Foundation

/// Removes all of a lab, whatever state it is in.
struct LabRemoval {
    var paths: LabPaths

    func run() async throws(Failure) {
        let group = try ControlGroup(paths.group)
        let machines = Files.names(in: "/run/systemd/nspawn/propagate").filter {
            $0.hasPrefix("haprov-\(paths.name)-port")
        }
        try await group.destroy()
        for machine in machines { try await Files.remove("/run/systemd/nspawn/propagate/\(machine)") }
        try await endGuests()
        try await LabWire.removeAll(paths)
        try await Files.remove(paths.folder)
        rmdir(paths.root)
        // With no lab left, what systemd-nspawn keeps for its own next run can go, where nobody else uses it.
        if !Files.exists(paths.root) {
            for folder in ["/locks", "/propagate", ""] { rmdir("/run/systemd/nspawn" + folder) }
        }
    }

    /// Ends what `lab run` started and what is still in the lab's namespaces; not this process and those above it.
    private func endGuests() async throws(Failure) {
        let namespaces = Set(
            LabWire.namespaces(of: paths).compactMap { Self.inode("\(LabPaths.namespaces)/\($0)") })
        guard !namespaces.isEmpty else { return }
        let spared = Self.ancestors()
        let deadline = Date(timeIntervalSinceNow: 10)
        var signal = SIGTERM
        while true {
            let guests = Files.names(in: "/proc").compactMap { pid_t($0) }.filter { pid in
                !spared.contains(pid) && Self.inode("/proc/\(pid)/ns/net").map(namespaces.contains) ?? false
            }
            if guests.isEmpty || Date() > deadline { return }
            guests.forEach { _ = kill($0, signal) }
            // A second for those who put things away.
            if Date().addingTimeInterval(9) > deadline { signal = SIGKILL }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func inode(_ path: String) -> ino_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_ino : nil
    }

    private static func ancestors() -> Set<pid_t> {
        var pids: Set<pid_t> = []
        var pid = getpid()
        while pid > 0, pids.insert(pid).inserted {
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")"),
                let parent = text[end...].split(separator: " ").dropFirst(2).first.flatMap({ pid_t($0) })
            else { break }
            pid = parent
        }
        return pids
    }
}
