import CLinux
import Foundation
import SSH

/// A program of this machine that writes a secret: a vault's client.
///
/// It has haprov's terminal, since it may have to ask for what opens the vault. What it writes is shown nowhere. It is waited
/// for on the thread that needs the secret, which is a connection's own.
struct SecretCommand {
    /// How it failed, as a part of a sentence that begins with its name.
    struct Failure: Error {
        var what: String
    }

    let words: [String]

    init(_ words: [String]) { self.words = words }

    /// The first line of what it writes, once it has ended well.
    func firstLine() throws(Failure) -> String {
        var ends: [Int32] = [-1, -1]
        guard linux_pipe(&ends) == 0 else { throw Failure(what: "cannot be started: \(Self.reason(errno))") }
        let (reader, writer) = (ends[0], ends[1])
        defer { close(reader) }
        var child: pid_t = 0
        let code = start(output: writer, &child)
        close(writer)
        guard code == 0 else { throw Failure(what: "cannot be started: \(Self.reason(code))") }
        let bytes = Self.readAll(reader, of: child)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status & 0x7f == 0 else { throw Failure(what: "was ended by signal \(status & 0x7f)") }
        guard status == 0 else { throw Failure(what: "ended with status \(status >> 8)") }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty else { throw Failure(what: "wrote an empty first line") }
        return String(decoding: line, as: UTF8.self)
    }

    private func start(output: Int32, _ child: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        // Signals that a thread of ours has blocked or that haprov ignores would stay so in the program.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var environment = InheritedEnvironment.without(SecretVariables.names)
        defer { environment.forEach { free($0) } }
        return posix_spawnp(&child, words[0], &actions, &attributes, &arguments, &environment)
    }

    /// - Parameter child: told to end where the task is cancelled.
    private static func readAll(_ descriptor: Int32, of child: pid_t) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var isTold = false
        while true {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&wait, 1, 100) <= 0 {
                if Task.isCancelled, !isTold {
                    kill(child, SIGTERM)
                    isTold = true
                }
                continue
            }
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 { bytes += buffer.prefix(count) } else if count == 0 || errno != EINTR { return bytes }
        }
    }

    private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
