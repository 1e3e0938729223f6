import Foundation
import Testing

@testable import SSH

/// A real ssh-agent. It is found by an environment variable, which all tests share: these run one after another.
@Suite("ssh-agent", .serialized, .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct AgentTests {
    /// An agent with some keys, and `$SSH_AUTH_SOCK` for as long as it is held.
    private final class RunningAgent {
        let directory: TemporaryDirectory
        let process: ChildProcess

        init(_ kinds: [Keys.Kind]) throws {
            directory = try TemporaryDirectory()
            process = try ChildProcess(["/usr/bin/ssh-agent", "-D", "-a", directory.path("agent")])
            setenv("SSH_AUTH_SOCK", directory.path("agent"), 1)
            // The socket is there before anybody listens on it; ssh-add then ends with 2.
            for _ in 0..<1000 {
                if try Command.run("/usr/bin/ssh-add", ["-l"]).status != 2 { break }
                usleep(10_000)
            }
            for kind in kinds {
                let result = try Command.run("/usr/bin/ssh-add", ["-q", Keys.shared.path(kind)])
                guard result.status == 0 else { throw TestFailure(result.error) }
            }
        }

        deinit {
            unsetenv("SSH_AUTH_SOCK")
            process.signal(SIGTERM)
            process.wait()
        }
    }

    @Test(
        "every kind of key, RSA by SHA-2",
        arguments: [Keys.Kind.ed25519, .ecdsa256, .ecdsa384, .ecdsa521, .rsa])
    func kinds(kind: Keys.Kind) async throws {
        let agent = try RunningAgent([kind])
        let server = try Server(accepts: [kind])
        let connection = try await SSHConnection.open(
            server.endpoint(), credentials: SSHCredentials(), deadlines: .patient)
        let result = try await connection.run(RemoteScript("echo in"), deadline: .patient)
        #expect(result.standardOutput == Array("in\n".utf8))
        await connection.close()
        withExtendedLifetime(agent) {}
    }

    @Test("an identity whose key the agent holds needs no passphrase; its public file does as well")
    func identityInAgent() async throws {
        let agent = try RunningAgent([.rsa, .ed25519])
        let server = try Server(accepts: [.ed25519])
        for path in [Keys.shared.path(.ed25519), Keys.shared.path(.ed25519) + ".pub"] {
            let connection = try await SSHConnection.open(
                server.endpoint(),
                credentials: SSHCredentials(
                    identities: [path],
                    passphrase: { _ in
                        Issue.record("asked")
                        return nil
                    }), deadlines: .patient)
            await connection.close()
        }
        #expect(!server.log.contains("Failed publickey"))
        withExtendedLifetime(agent) {}
    }

    @Test("keys that are refused are named by their comments")
    func refused() async throws {
        let agent = try RunningAgent([.rsa, .ed25519])
        let server = try Server(accepts: [.ecdsa256])
        let error = try await sshError {
            try await SSHConnection.open(server.endpoint(), credentials: SSHCredentials(), deadlines: .patient)
        }
        #expect(error.code == .authenticationRefused)
        #expect(error.message.contains("agent key rsa of the tests (ssh-rsa SHA256:"))
        #expect(error.message.contains("agent key ed25519 of the tests"))
        withExtendedLifetime(agent) {}
    }

    @Test("an agent that is gone is named, and keys from files still do")
    func gone() async throws {
        setenv("SSH_AUTH_SOCK", "/nonexistent/agent", 1)
        defer { unsetenv("SSH_AUTH_SOCK") }
        let server = try Server(accepts: [.ed25519])
        let error = try await sshError {
            try await SSHConnection.open(
                server.endpoint(), credentials: SSHCredentials(identities: [Keys.shared.path(.ecdsa256)]),
                deadlines: .patient)
        }
        #expect(error.message.contains("no agent answers at /nonexistent/agent"))
        let connection = try await SSHConnection.open(
            server.endpoint(), credentials: SSHCredentials(identities: [Keys.shared.path(.ed25519)]),
            deadlines: .patient)
        await connection.close()
    }

    @Test("an agent that never answers ends with the deadline of authentication")
    func silent() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("agent")
        let descriptor = try Loopback.listenUnix(path)
        defer { close(descriptor) }
        setenv("SSH_AUTH_SOCK", path, 1)
        defer { unsetenv("SSH_AUTH_SOCK") }
        let server = try Server(accepts: [.ed25519])
        let error = try await sshError {
            try await SSHConnection.open(
                server.endpoint(), credentials: SSHCredentials(), deadlines: SSHDeadlines(authentication: 0.5))
        }
        #expect(error.code == .timedOut)
        #expect(error.stage == .authentication)
    }
}
