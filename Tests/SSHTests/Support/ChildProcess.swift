import Foundation

/// A child of the tests. (Foundation's Process confuses children that are waited for on several threads.)
final class ChildProcess: @unchecked Sendable {
    let id: pid_t
    private let lock = NSLock()
    private var status: Int32?

    /// - Parameters:
    ///   - input, output, error: files; where nil, /dev/null.
    init(
        _ command: [String], input: String? = nil, output: String? = nil, error: String? = nil,
        environment: [String: String]? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, error ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        var arguments = command.map { strdup($0) } + [nil]
        var environment = variables.map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        var child: pid_t = 0
        // Threads of the tests block every signal; a child that inherited this could not be ended.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let code = posix_spawn(&child, command[0], &actions, &attributes, &arguments, &environment)
        guard code == 0 else { throw TestFailure("\(command[0]): \(String(cString: strerror(code)))") }
        id = child
    }

    /// Waits for its end: the exit status, or the negative number of the signal that ended it.
    @discardableResult
    func wait() -> Int32 { reap(0) ?? 0 }

    var isRunning: Bool { reap(WNOHANG) == nil }

    func signal(_ number: Int32) {
        if isRunning { kill(id, number) }
    }

    private func reap(_ options: Int32) -> Int32? {
        lock.withLock {
            if let status { return status }
            var raw: Int32 = 0
            guard waitpid(id, &raw, options) == id else { return nil }
            status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : -(raw & 0x7f)
            return status
        }
    }
}
