import Foundation
import Glibc
import HostShell
import SSH
import Synchronization

/// Runs scripts by a shell of this machine, framed as on a host. A cancelled run closes the script's output, as a lost
/// connection does, and kills nothing.
final class LocalShell: HostConnection {
    private let shell: String
    private let directory: String
    private let path: String
    private let temporary: String
    /// Assignments: what a host has elsewhere is in the directory, and programs are searched there first.
    private let places: String
    private let isClosed = Mutex(false)

    /// - Parameters:
    ///   - path: searched for programs before the system's.
    ///   - temporary: what $TMPDIR is.
    init(shell: String = "/bin/dash", directory: String = "/tmp", path: String? = nil, temporary: String = "/tmp") {
        self.temporary = temporary
        self.shell = shell
        self.directory = directory
        self.path = (path.map { "\($0):" } ?? "") + "/usr/sbin:/usr/bin:/sbin:/bin"
        places =
            "hp_home=$PWD/haprov\nhp_volatile=run\nhp_units=units\nhp_proc=proc\n"
            + (path.map { "PATH=\(Shell.quote($0)):$PATH\n" } ?? "")
    }

    static let lost = SSHError(
        code: .connectionLost, stage: .command, message: "the connection was lost", remedy: "try again")

    func close() async { isClosed.withLock { $0 = true } }

    func run(
        _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void
    ) async throws(SSHError) -> RemoteResult {
        if isClosed.withLock({ $0 }) { throw Self.lost }
        // Sockets, because shutting one down wakes the reader here and breaks the writer's pipe there.
        let (input, output1, errors) = (Self.pair(), Self.pair(), Self.pair())
        guard let process = spawn(script, [input.theirs, output1.theirs, errors.theirs]) else { throw Self.lost }
        for pair in [input, output1, errors] { Glibc.close(pair.theirs) }
        let payload = script.payload
        Thread.detachNewThread {
            for part in payload { Self.send(part, to: input.ours) }
            Glibc.close(input.ours)
        }
        let wasCancelled = Mutex(false)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<RemoteResult, Never>) in
                Thread.detachNewThread {
                    var result = RemoteResult(exitStatus: nil)
                    result.standardOutput = Self.receive(from: output1.ours) { output(.standardOutput($0)) }
                    result.standardError = Self.receive(from: errors.ours) { output(.standardError($0)) }
                    var status: Int32 = 0
                    if !wasCancelled.withLock({ $0 }), waitpid(process, &status, 0) == process, status & 0x7F == 0 {
                        result.exitStatus = Int(status >> 8)
                    }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            wasCancelled.withLock { $0 = true }
            shutdown(output1.ours, Int32(SHUT_RDWR))
            shutdown(errors.ours, Int32(SHUT_RDWR))
        }
        for descriptor in [output1.ours, errors.ours] { Glibc.close(descriptor) }
        if wasCancelled.withLock({ $0 }) { throw Self.lost }
        return result
    }

    private func spawn(_ script: RemoteScript, _ descriptors: [Int32]) -> pid_t? {
        let begin = #"cd "$2" && PATH=$3 TMPDIR=$4 && export PATH TMPDIR && eval "$1""#
        // Also in scripts that scripts bring.
        let text = script.text.replacing("\n\(ShellLibrary.mark)\n", with: "\n\(places)\(ShellLibrary.mark)\n")
        let arguments = [shell, "-c", begin, "sh", "{ :;\(text)\n}", directory, path, temporary]
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        // This process's threads block signals, which a script's children would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var process = pid_t()
        return posix_spawn(&process, shell, &actions, &attributes, &pointers, environ) == 0 ? process : nil
    }

    private static func pair() -> (ours: Int32, theirs: Int32) {
        var pair: [Int32] = [0, 0]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair)
        return (pair[0], pair[1])
    }

    private static func receive(from descriptor: Int32, _ each: ([UInt8]) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return bytes }
            bytes += buffer[..<count]
            each(Array(buffer[..<count]))
        }
    }

    private static func send(_ part: RemoteScript.Payload, to descriptor: Int32) {
        var bytes: ArraySlice<UInt8>
        switch part {
        case .bytes(let payload): bytes = payload[...]
        case .file(let path, let offset, let size):
            bytes = FileManager.default.contents(atPath: path).map { Array($0)[offset..<(offset + size)] } ?? []
        }
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
