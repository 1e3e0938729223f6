import Errors
import Foundation
import Processes
import Texts

/// Waits until hosts are up: they answer ssh, with strict host keys, and systemd has nothing left to start.
struct HostReadiness {
    var paths: LabPaths
    /// Seconds.
    var limit: TimeInterval = 180

    private static let question =
        "systemctl is-system-running --wait; systemctl list-units --failed --plain --no-legend"

    /// - Parameter strictly: whether a failed unit is an error, as it is on a fresh disk.
    /// - Throws: a change failure that names the host and where its console is written.
    func wait(for machines: [HostMachine], strictly: Bool) async throws(Failure) {
        let deadline = Date(timeIntervalSinceNow: limit)
        var pending = machines
        var last: [String: String] = [:]
        while true {
            var asked: [(machine: HostMachine, answer: RunningCommand)] = []
            for machine in pending { asked.append((machine, try await ask(machine.host))) }
            while !asked.allSatisfy({ $0.answer.hasEnded }) {
                if Date() > deadline { asked.forEach { $0.answer.kill() } }
                try? await Task.sleep(for: .milliseconds(10))
            }
            pending = []
            for (machine, answer) in asked {
                let result = await answer.wait()
                let lines = result.output.split(separator: "\n").map(String.init)
                if strictly, lines.first == "degraded" {
                    throw failure(machine, "expected every unit to start, found failed ones", lines.dropFirst())
                }
                if lines.first != "running", lines.first != "degraded" {
                    last[machine.host.name] = result.errors.trimmingBlanks()
                    pending.append(machine)
                }
            }
            guard !pending.isEmpty else { return }
            for machine in pending where !machine.isRunning {
                throw failure(machine, "it ended while it was booting", consoleTail(of: machine.host))
            }
            if Date() > deadline, let machine = pending.first {
                throw failure(
                    machine, "it did not answer ssh within \(Int(limit)) seconds", [last[machine.host.name] ?? ""])
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func ask(_ host: LabHost) async throws(Failure) -> RunningCommand {
        try await Command([
            "nsenter", "--net=\(LabPaths.namespaces)/\(paths.controllerNamespace)", "ssh", "-F", "/dev/null", "-i",
            paths.identity, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "ConnectTimeout=3", "-o",
            "ServerAliveInterval=5", "-o", "StrictHostKeyChecking=yes", "-o",
            "UserKnownHostsFile=\(paths.knownHosts)", "root@\(host.address)", Self.question,
        ]).start()
    }

    private func consoleTail(of host: LabHost) -> [String] {
        let text = (try? Files.read(paths.console(of: host))) ?? ""
        return text.split(separator: "\n").suffix(5).map(String.init)
    }

    private func failure(_ machine: HostMachine, _ summary: String, _ cause: some Sequence<String>) -> Failure {
        Failure(
            .change, host: machine.host.name, step: "boot", summary: summary,
            remedy: "Read \(paths.console(of: machine.host)), or ask it: haprov lab exec --name \(paths.name) "
                + "\(machine.host.name) -- journalctl -b",
            cause: cause.joined(separator: "\n"))
    }
}
