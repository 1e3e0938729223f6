import Errors
import Foundation

/// A program that was started and not yet waited for.
package final class RunningCommand {
    package let pid: pid_t
    private let output: Int32
    private let errors: Int32
    private var status: Int32?

    init(_ command: Command) throws(Failure) {
        if let log = command.log {
            output = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            errors = dup(output)
        } else {
            output = Self.scratchFile()
            errors = Self.scratchFile()
        }
        guard output >= 0, errors >= 0 else {
            throw Failure(
                .change, step: "run \(command.arguments.first ?? "")",
                summary: "cannot open a file for its output: \(String(cString: strerror(errno)))",
                remedy: "Look at the free space of /tmp and at the rights of \(command.log ?? "/tmp").")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // What a container inherits by accident stays open as long as it lives.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let descriptor = Int32(name), descriptor > 2 {
                posix_spawn_file_actions_addclose(&actions, descriptor)
            }
        }
        // A thread's blocked signals would be inherited, and a host could not be stopped.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // So would what this process ignores, and Ctrl-C would not end what it started.
        var usual = sigset_t()
        sigemptyset(&usual)
        for signal in EndingSignals.watched + [SIGPIPE] { sigaddset(&usual, signal) }
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var child: pid_t = 0
        let code = Self.withStrings(command.arguments) { arguments in
            Self.withStrings(Self.environment) { environment in
                arguments[0].map { posix_spawnp(&child, $0, &actions, &attributes, arguments, environment) } ?? EINVAL
            }
        }
        guard code == 0 else {
            close(output)
            close(errors)
            throw Failure(
                .change, step: "run \(command.arguments.first ?? "")",
                summary: "cannot be started: \(String(cString: strerror(code)))",
                remedy: "Install it, or put it on the PATH.")
        }
        pid = child
    }

    deinit {
        close(output)
        close(errors)
    }

    /// Whether it has ended.
    package var hasEnded: Bool {
        if status == nil { reap(WNOHANG) }
        return status != nil
    }

    /// Waits for its end.
    package func wait() -> Command.Result {
        while status == nil { reap(0) }
        return Command.Result(
            status: status ?? 255, bytes: Self.bytes(of: output),
            errors: String(decoding: Self.bytes(of: errors), as: UTF8.self))
    }

    /// Ends it at once.
    package func kill() {
        if !hasEnded { _ = Foundation.kill(pid, SIGKILL) }
    }

    private func reap(_ options: Int32) {
        var raw: Int32 = 0
        let answer = waitpid(pid, &raw, options)
        if answer == pid {
            status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + (raw & 0x7f)
        } else if answer < 0, errno != EINTR {
            status = 255
        }
    }

    /// Children speak English and find the programs of administrators.
    private static var environment: [String] {
        var environment = ProcessInfo.processInfo.environment
        let path = environment["PATH"] ?? ""
        let folders = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
        environment["PATH"] = path.isEmpty ? folders : path + ":" + folders
        environment["LC_ALL"] = "C"
        return environment.map { "\($0.key)=\($0.value)" }
    }

    private static func scratchFile() -> Int32 {
        var template = Array("/tmp/haprov-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        if descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            unlink(template)
        }
        return descriptor
    }

    private static func bytes(of descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func withStrings<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let pointers = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}
