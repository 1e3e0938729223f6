import Errors
import Foundation

/// A control group of the unified hierarchy (cgroups(7)). Everything that a lab starts is in one, so that it can be
/// told from everything else on the machine, and ended, whatever became of whoever started it.
struct ControlGroup {
    var path: String

    /// The group with that path below the root of the hierarchy.
    ///
    /// - Throws: a preflight failure where the machine has no unified hierarchy mounted.
    init(_ relative: String) throws(Failure) { path = try Self.mountPoint() + "/" + relative }

    private init(path: String) { self.path = path }

    func child(_ name: String) -> ControlGroup { ControlGroup(path: path + "/" + name) }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    func create() throws(Failure) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw Failure(
            .change, step: "control group", summary: "cannot make \(path): \(String(cString: strerror(errno)))",
            remedy: "The lab needs to be root of the machine's control groups, not of a container's.")
    }

    /// The processes in the group and in every group below it.
    var processes: [pid_t] {
        var pids: [pid_t] = []
        for group in [self] + descendants {
            let text = (try? String(contentsOfFile: group.path + "/cgroup.procs", encoding: .utf8)) ?? ""
            // A process of another PID namespace is listed as 0.
            pids += text.split(separator: "\n").compactMap { pid_t($0) }.filter { $0 > 0 }
        }
        return pids
    }

    /// Whether any process is in it.
    var isPopulated: Bool {
        let text = (try? String(contentsOfFile: path + "/cgroup.events", encoding: .utf8)) ?? ""
        return text.contains("populated 1")
    }

    /// Stops every process in it where it stands (from Linux 5.2 on). One that waits in the kernel stays there.
    func freeze() {
        guard Self.write("1", to: path + "/cgroup.freeze") else { return }
        let patience = Date(timeIntervalSinceNow: 1)
        while Date() < patience {
            guard (try? Files.read(path + "/cgroup.events"))?.contains("frozen 1") == false else { return }
            usleep(1000)
        }
    }

    /// Ends every process in it with SIGKILL, waits until they are gone, and removes it.
    ///
    /// - Throws: a change failure where something does not die within 20 seconds.
    func destroy() async throws(Failure) {
        guard exists else { return }
        let deadline = Date(timeIntervalSinceNow: 20)
        let ended = processes
        while isPopulated {
            // cgroup.kill is there from Linux 5.14 on.
            if !Self.write("1", to: path + "/cgroup.kill") { processes.forEach { _ = kill($0, SIGKILL) } }
            if Date() > deadline {
                throw Failure(
                    .change, step: "control group", summary: "processes in \(path) do not end: \(processes)",
                    remedy: "Look at what they wait for with `cat /proc/PID/stack`, then run this again.")
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
        // Dead is not gone: the machine's init has still to take note of those whose parents died with them.
        let patience = Date(timeIntervalSinceNow: 5)
        while Date() < patience, ended.contains(where: { Files.exists("/proc/\($0)") }) {
            try? await Task.sleep(for: .milliseconds(2))
        }
        for group in descendants.reversed() + [self] where rmdir(group.path) != 0 && errno != ENOENT {
            throw Failure(
                .change, step: "control group",
                summary: "cannot remove \(group.path): \(String(cString: strerror(errno)))", remedy: "Run this again.")
        }
    }

    /// Parents before children.
    private var descendants: [ControlGroup] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.map(child).filter {
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: $0.path, isDirectory: &isDirectory) && isDirectory.boolValue
        }.flatMap { [$0] + $0.descendants }
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
    }

    private static func mountPoint() throws(Failure) -> String {
        let text = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 2, words[2] == "cgroup2" { return String(words[1]) }
        }
        throw Failure(
            .preflight, step: "control group", summary: "no cgroup2 file system is mounted on this machine",
            remedy: "Run: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup/unified")
    }
}
