import CLinux
import Glibc

/// A shell's line whose standard input and output are the connection to a host: `ProxyCommand` of ssh_config(5).
package struct ProxyCommand: Sendable, Hashable {
    /// Without tokens.
    package var line: String
    /// Variables of the environment that it does not inherit.
    package var hidden: Set<String>

    package init(line: String, hidden: Set<String> = []) {
        self.line = line
        self.hidden = hidden
    }
}

/// A proxy command that runs. It is told to end when nobody holds it any more.
final class ProxyProcess {
    let line: String
    private let child: pid_t
    private let words: LastWords
    /// As of waitpid(2), once it has ended.
    private var status: Int32?

    private init(_ line: String, _ child: pid_t, _ words: LastWords) {
        self.line = line
        self.child = child
        self.words = words
    }

    deinit {
        if hasEnded == nil {
            // As ssh does; whoever does not heed it, nor that its input has ended, is killed.
            kill(-child, SIGHUP)
            for _ in 0..<100 where hasEnded == nil { usleep(10_000) }
            if hasEnded == nil {
                kill(-child, SIGKILL)
                waitpid(child, nil, 0)
            }
        }
        words.end()
    }

    /// Starts a command; a connected, non-blocking socket to it.
    static func connect(by command: ProxyCommand) throws(SSHError) -> TCPSocket {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .noDescriptors(errno) }
        let (own, its) = (ends[0], ends[1])
        defer { close(its) }
        var errors: [Int32] = [-1, -1]
        guard linux_pipe(&errors) == 0 else {
            let number = errno
            close(own)
            throw .noDescriptors(number)
        }
        defer { close(errors[1]) }
        _ = fcntl(own, F_SETFL, O_NONBLOCK)
        let words: LastWords
        do throws(SSHError) { words = try LastWords.listening(to: errors[0]) } catch {
            close(own)
            throw error
        }
        var child: pid_t = 0
        let code = start(command, its, errors[1], &child)
        guard code == 0 else {
            close(own)
            words.end()
            throw SSHError(
                code: .localFile, stage: .tcp, message: "ProxyCommand cannot be started: \(SSHError.reason(code))",
                remedy: "raise the limit of processes (ulimit -u), or use ssh: jump")
        }
        return TCPSocket(adopting: own, of: ProxyProcess(command.line, child, words))
    }

    private static func start(_ command: ProxyCommand, _ socket: Int32, _ errors: Int32, _ child: inout pid_t) -> Int32
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        // A session of its own: a Ctrl-C is haprov's, which may yet need the connection, and so is the terminal. No signal is
        // blocked or ignored, as here.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        attributes.startSession()
        var arguments =
            ["sh", "-c", "exec \(command.line)"].map { (word: String) -> UnsafeMutablePointer<CChar>? in
                strdup(word)
            } + [nil]
        var environment = InheritedEnvironment.without(command.hidden)
        defer { (arguments + environment).forEach { free($0) } }
        return posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, &environment)
    }

    /// How it ended, as a part of a sentence; nil while it runs.
    var hasEnded: String? {
        if status == nil {
            var raw: Int32 = 0
            guard waitpid(child, &raw, WNOHANG) == child else { return nil }
            status = raw
        }
        return status.map {
            $0 & 0x7f == 0 ? "ended with status \($0 >> 8 & 0xff)" : "was ended by signal \($0 & 0x7f)"
        }
    }

    /// The last line of what it complained of.
    var lastWords: String? { words.line }

    /// Whether it has ended and has said all.
    var isOver: Bool { hasEnded != nil && words.isOver }
}

extension SSHError {
    /// The same where the connection went through a proxy command.
    func through(_ proxy: ProxyProcess) -> SSHError {
        guard [.tcp, .banner, .keyExchange].contains(stage), code != .cancelled else { return self }
        // Its end and its last words may come a moment after the connection's.
        for _ in 0..<100 where code == .connectionLost && !proxy.isOver { usleep(10_000) }
        let end = proxy.hasEnded.map { "; it \($0)" } ?? ""
        let said = proxy.lastWords.map { "; it said: \($0)" } ?? ""
        return SSHError(
            code: code, stage: stage, message: "through ProxyCommand `\(proxy.line)`: \(message)\(end)\(said)",
            remedy: "try the command by hand: it has to begin with the host's SSH banner; "
                + "or use ProxyJump, or ssh: jump" + (code == .timedOut ? "; or \(remedy)" : ""))
    }
}
