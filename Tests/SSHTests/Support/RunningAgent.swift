import Foundation

/// An agent with some keys, and `$SSH_AUTH_SOCK` for as long as it is held.
final class RunningAgent {
    let directory: TemporaryDirectory
    let process: ChildProcess

    convenience init(_ kinds: [Keys.Kind]) throws { try self.init(kinds.map(Keys.shared.path)) }

    /// - Parameter paths: of key files, the first to be offered first.
    init(_ paths: [String]) throws {
        directory = try TemporaryDirectory()
        process = try ChildProcess(["/usr/bin/ssh-agent", "-D", "-a", directory.path("agent")])
        setenv("SSH_AUTH_SOCK", directory.path("agent"), 1)
        // The socket is there before anybody listens on it; ssh-add then ends with 2.
        for _ in 0..<1000 {
            if try Command.run("/usr/bin/ssh-add", ["-l"]).status != 2 { break }
            usleep(10_000)
        }
        for path in paths {
            let result = try Command.run("/usr/bin/ssh-add", ["-q", path])
            guard result.status == 0 else { throw TestFailure(result.error) }
        }
    }

    deinit {
        unsetenv("SSH_AUTH_SOCK")
        process.signal(SIGTERM)
        process.wait()
    }
}
