import Foundation
import Glibc
import HostShell
import SSH

@testable import Provisioning

/// Runs a host's scripts by a shell of this machine, with the journal in a folder of the test's own.
///
/// All that these scripts touch beyond the journal is named by their arguments, so a test that names only paths of its
/// own folder leaves the machine as it is.
struct LocalShellConnection: HostConnection {
    /// `dash` or `bash`.
    var shell: String
    /// Stands for /var/lib/haprov.
    var home: String
    /// Stands for /run/haprov.
    var volatile: String { home + "-run" }
    /// Shell that is read after the library and before the script: functions that take the place of programs.
    var overrides = ""
    /// Bytes at the end of the payload that do not arrive.
    var bytesMissing = 0
    /// Asked again and again while a script runs: whether the connection is lost now.
    var isCut: (@Sendable () -> Bool)?
    /// Whether the host does not notice that: its end of the connection stays, and waits.
    var isHalfOpen = false

    /// Nothing of a test has to outlive a power cut, and others on this machine may write a lot.
    private static let noSync = "sync() { :; }\n"
    /// Nor has the log of this machine to hear of them.
    private static let noLog = "logger() { :; }\n"

    func close() async {}

    func run(
        _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void
    ) async throws(SSHError) -> RemoteResult {
        do {
            let scratch = try ScratchFolder()
            let parts = script.text.components(separatedBy: "\n\(ShellLibrary.mark)\n")
            precondition(parts.count == 2, "scripts begin with what they need of the library")
            try scratch.write(
                """
                \(parts[0])
                hp_home=\(Shell.quote(home)) hp_volatile=\(Shell.quote(volatile)) hp_shell=\(shell)
                package_disks=\(Shell.quote(home + "/../root"))
                [ $# -gt 0 ] || haprov_script=$(cat -- "$0")
                \(Self.noSync)\(Self.noLog)\(overrides)
                \(parts[1])
                """, to: "script")
            var payload = Data()
            for part in script.payload {
                switch part {
                case .bytes(let bytes): payload += bytes
                case .file(let path, let offset, let size):
                    payload += try Data(contentsOf: URL(fileURLWithPath: path))[offset..<(offset + size)]
                }
            }
            payload = payload.dropLast(bytesMissing)
            try payload.write(to: URL(fileURLWithPath: scratch.path + "/payload"))
            let input = isHalfOpen ? #"{ cat -- "$1/payload"; exec sleep 1000; }"# : #"cat -- "$1/payload""#
            let (result, isLost) = await Self.run(
                [
                    "/bin/sh", "-c", #"exec 2>/dev/null; \#(input) | "$2" "$1/script" >"$1/out" 2>"$1/err""#, "sh",
                    scratch.path, shell,
                ], isCut: isCut, leavesAll: isHalfOpen)
            let text = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/out"))
            let errors = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/err"))
            output(.standardOutput(Array(text)))
            if isLost { throw SSHError(code: .connectionLost, stage: .command, message: "it is cut", remedy: "") }
            return RemoteResult(exitStatus: result, standardOutput: Array(text), standardError: Array(errors))
        } catch let error as SSHError {
            throw error
        } catch {
            throw SSHError(code: .localFile, stage: .command, message: "\(error)", remedy: "mend the test")
        }
    }

    /// Runs a program in a process group of its own, and ends what it leaves running: a script that was killed leaves
    /// its sign of life behind, which on a real host ends with the connection.
    ///
    /// Not by Foundation's `Process`: its children start with signals blocked, and it waits for theirs too.
    ///
    /// - Returns: how it ended, and whether it was cut off before that.
    private static func run(
        _ words: [String], isCut: (@Sendable () -> Bool)?, leavesAll: Bool
    ) async -> (status: Int?, isLost: Bool) {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var attributes = posix_spawnattr_t()
                posix_spawnattr_init(&attributes)
                var (none, all) = (sigset_t(), sigset_t())
                sigemptyset(&none)
                sigfillset(&all)
                posix_spawnattr_setsigmask(&attributes, &none)
                posix_spawnattr_setsigdefault(&attributes, &all)
                posix_spawnattr_setflags(
                    &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
                var arguments = words.map { strdup($0) } + [nil]
                var process = pid_t()
                let started = posix_spawn(&process, words[0], nil, &attributes, &arguments, environ)
                for argument in arguments { free(argument) }
                posix_spawnattr_destroy(&attributes)
                var status: Int32 = 0
                if let isCut, started == 0 {
                    var ended: pid_t = 0
                    while ended == 0, !isCut() {
                        usleep(5000)
                        ended = waitpid(process, &status, WNOHANG)
                    }
                    if ended == 0 {
                        if !leavesAll {
                            kill(-process, SIGKILL)
                            waitpid(process, &status, 0)
                        }
                        return continuation.resume(returning: (nil, true))
                    }
                } else {
                    guard started == 0, waitpid(process, &status, 0) == process else {
                        return continuation.resume(returning: (nil, false))
                    }
                }
                kill(-process, SIGKILL)
                continuation.resume(returning: (status & 0x7F == 0 ? Int(status >> 8) : nil, false))
            }
        }
    }
}
