import Foundation
import Glibc

/// Programs of this machine.
enum Programs {
    /// Runs one to its end and gives what it wrote, errors too.
    ///
    /// - Throws: where it cannot be started or does not end with 0.
    @discardableResult static func run(_ words: String...) throws -> String { try run(words) }

    /// As ``run(_:)-(String...)``.
    @discardableResult static func run(_ words: [String]) throws -> String {
        let (status, output) = try result(of: words)
        guard status == 0 else { throw Failure("\(words.joined(separator: " ")) ended with \(status): \(output)") }
        return output
    }

    /// Runs one to its end; gives its wait status and what it wrote.
    static func result(of words: [String]) throws -> (status: Int32, output: String) {
        var ends: [Int32] = [0, 0]
        // No pipe: one cannot be made close-on-exec at once, and another test may start a daemon at any moment.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure("no socket pair: \(errno)") }
        defer { close(ends[0]) }
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try spawn(words, output: ends[1])
        }
        var octets: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = read(ends[0], &part, part.count), count > 0 { octets += part.prefix(count) }
        return (wait(for: process), String(decoding: octets, as: UTF8.self))
    }

    /// Starts one whose output goes to a file.
    static func start(_ words: [String], log: String) throws -> pid_t {
        let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure("\(log) cannot be written: \(errno)") }
        defer { close(file) }
        return try spawn(words, output: file)
    }

    /// Waits for its end.
    @discardableResult static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// A process and all that it started, itself first.
    static func family(of process: pid_t) -> [pid_t] {
        let children = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
        return [process] + (children ?? "").split(separator: " ").compactMap { pid_t($0) }.flatMap(family)
    }

    private static func spawn(_ words: [String], output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        // The threads that tests run on block every signal, which a child would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let refusal = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, environ)
        guard refusal == 0 else { throw Failure("\(words[0]): \(String(cString: strerror(refusal)))") }
        return process
    }
}

/// Why a test cannot go on.
struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// Whether something comes true before the limit, which is generous: machines are slow at times.
func eventually(within seconds: Double = 30, _ condition: () throws -> Bool) rethrows -> Bool {
    let limit = Date().addingTimeInterval(seconds)
    while try !condition() {
        if Date() > limit { return false }
        usleep(20_000)
    }
    return true
}
