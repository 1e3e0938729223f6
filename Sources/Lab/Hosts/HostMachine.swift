import Errors
import Foundation
import Processes

/// One host of a lab as processes: its systemd-nspawn and everything below it.
struct HostMachine {
    var paths: LabPaths
    var host: LabHost
    var group: ControlGroup

    init(paths: LabPaths, host: LabHost) throws(Failure) {
        self.paths = paths
        self.host = host
        // Named by its port: a host's name may hold what a control group's may not.
        group = try ControlGroup(paths.group).child(host.port)
    }

    /// How many inotify(7) instances a host's systemd and firewalld hold as root, at most.
    static let watchers = 7

    /// Starts the host on its disk. It is on its way, not up, when this returns.
    func start(image: LabImage, flavour: LabFlavour) async throws(Failure) {
        let root = paths.disk(of: host) + "/root"
        try Files.makeFolder(root)
        let disk = paths.image(of: host)
        try await disk.waitUntilFree()
        try ControlGroup(paths.group).create()
        try group.create()
        var arguments = [
            "setsid", "--fork", "unshare", "--mount", "--propagation", "slave", "sh", paths.hostScript, group.path,
            root, image.layers(isBalancer: host.isBalancer).joined(separator: ":"), paths.store(of: host), disk.path,
            "\(LabPaths.namespaces)/\(paths.namespace(of: host))", paths.machine(of: host), host.name,
        ]
        if host.isBalancer, flavour.hasRepository {
            arguments.append("--bind-ro=\(image.repository(of: flavour.system)):/usr/share/lab-repo")
        }
        let result = try await Command(arguments, log: paths.console(of: host)).run()
        guard result.status == 0 else {
            throw Failure(
                .change, host: host.name, step: "boot", summary: "it could not be started (status \(result.status))",
                remedy: "Read \(paths.console(of: host)).")
        }
    }

    /// Takes the power away: every process ends with SIGKILL, at once.
    func stop() async throws(Failure) {
        try await group.destroy()
        // What systemd-nspawn removes only when it ends by itself.
        try await Files.remove("/run/systemd/nspawn/propagate/\(paths.machine(of: host))")
    }

    /// Takes the power away, and with it all that was written and not flushed: the next ``start(image:flavour:)`` finds the
    /// disk as the power failure left it.
    func fail() async throws(Failure) {
        let disk = paths.image(of: host)
        group.freeze()
        try await disk.copyFlushed()
        try await stop()
        try disk.useFlushed()
    }

    /// Whether anything of it runs.
    var isRunning: Bool { group.exists && group.isPopulated }

    /// The process that is PID 1 inside.
    var leader: pid_t? {
        guard group.exists else { return nil }
        return group.processes.first { pid in
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("NSpid:") })
            else { return false }
            let pids = line.split(whereSeparator: \.isWhitespace).dropFirst()
            return pids.count > 1 && pids.last == "1"
        }
    }
}
