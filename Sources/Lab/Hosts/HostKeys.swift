import Errors
import Foundation
import Processes
import Texts

/// The keys of a lab: its own, which every host lets in, and those by which each host is known.
struct HostKeys {
    var paths: LabPaths
    var hosts: [LabHost]

    private static let kinds: [(name: String, options: [String])] = [
        ("ed25519", []), ("ecdsa", ["-b", "256"]), ("rsa", ["-b", "2048"]),
    ]

    /// Makes all keys and writes the lab's known_hosts.
    func create() async throws(Failure) {
        var running = [try await generate(kind: "ed25519", options: [], comment: "haprov-lab", path: paths.identity)]
        for host in hosts {
            for kind in Self.kinds {
                let path = Self.path(kind.name, of: host, paths)
                try Files.makeFolder((path as NSString).deletingLastPathComponent, mode: 0o700)
                running.append(
                    try await generate(kind: kind.name, options: kind.options, comment: "root@\(host.name)", path: path)
                )
            }
        }
        for program in running {
            let result = await program.wait()
            guard result.status == 0 else {
                throw Failure(
                    .change, step: "SSH keys", summary: "ssh-keygen ended with \(result.status)",
                    remedy: "Look at the free space of \(paths.folder).", cause: result.errors.trimmingBlanks())
            }
        }
        var lines: [String] = []
        for host in hosts {
            for kind in Self.kinds {
                let key = try Files.read(Self.path(kind.name, of: host, paths) + ".pub")
                let words = key.split(separator: " ")
                lines.append("\(host.address),\(host.name) \(words.prefix(2).joined(separator: " "))")
            }
        }
        try Files.write(lines.joined(separator: "\n") + "\n", to: paths.knownHosts)
    }

    /// Files of a host's own disk: path below its root, text, mode.
    func files(of host: LabHost) throws(Failure) -> [DiskFile] {
        var files = [
            DiskFile(path: "root/.ssh/authorized_keys", text: try Files.read(paths.identity + ".pub"), mode: 0o600)
        ]
        for kind in Self.kinds {
            let path = Self.path(kind.name, of: host, paths)
            let name = "etc/ssh/ssh_host_\(kind.name)_key"
            files.append(DiskFile(path: name, text: try Files.read(path), mode: 0o600))
            files.append(DiskFile(path: name + ".pub", text: try Files.read(path + ".pub"), mode: 0o644))
        }
        return files
    }

    private static func path(_ kind: String, of host: LabHost, _ paths: LabPaths) -> String {
        "\(paths.disk(of: host))/keys/\(kind)"
    }

    private func generate(
        kind: String, options: [String], comment: String, path: String
    ) async throws(Failure) -> RunningCommand {
        try await Command(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", comment, "-f", path] + options).start()
    }
}
