import Foundation
import Testing

@testable import SSH

/// A real ssh-agent. It is found by an environment variable, which all tests share: these run one after another.
@Suite("ssh-agent", .serialized, .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct AgentTests {
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

    /// An agent with ten keys, the one that is accepted last, and a server that takes three tries.
    private func crowded() throws -> (agent: RunningAgent, server: Server, directory: TemporaryDirectory) {
        let directory = try TemporaryDirectory()
        let others = try (1...9).map { number in
            let path = directory.path("key\(number)")
            let result = try Command.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path])
            guard result.status == 0 else { throw TestFailure(result.error) }
            return path
        }
        let agent = try RunningAgent(others + [Keys.shared.path(.ed25519)])
        return (agent, try Server(accepts: [.ed25519], options: ["MaxAuthTries 3"]), directory)
    }

    @Test("ten keys in the agent and three tries: the one that is named is the only one that is offered")
    func crowdedNamed() async throws {
        let (agent, server, directory) = try crowded()
        // The agent signs: the file is not even there, but for its public half.
        let path = directory.path("named")
        directory.file("named.pub", try Keys.shared.publicLine(.ed25519))
        let connection = try await SSHConnection.open(
            server.endpoint(), credentials: SSHCredentials(identities: [path]), deadlines: .patient)
        await connection.close()
        #expect(!server.log.contains("Failed publickey"), "\(server.log)")
        withExtendedLifetime(agent) {}
    }

    @Test("ten keys in the agent and three tries: a key that is named is first where others may follow")
    func crowdedFirst() async throws {
        let (agent, server, directory) = try crowded()
        var credentials = SSHCredentials(identities: [Keys.shared.path(.ed25519)])
        credentials.identitiesOnly = false
        await (try SSHConnection.open(server.endpoint(), credentials: credentials, deadlines: .patient)).close()
        // Where that one is refused, the others follow.
        credentials.identities = [Keys.shared.path(.rsa)]
        let error = try await sshError {
            try await SSHConnection.open(server.endpoint(), credentials: credentials, deadlines: .patient)
        }
        #expect(error.message.contains("tried: key \(Keys.shared.path(.rsa))"), "\(error.message)")
        #expect(error.message.contains("; agent key "), "\(error.message)")
        withExtendedLifetime((agent, directory)) {}
    }

    @Test("ten keys in the agent and three tries: where none is named, the error says to name one")
    func crowdedUnnamed() async throws {
        let (agent, server, directory) = try crowded()
        let error = try await sshError {
            try await SSHConnection.open(server.endpoint(), credentials: SSHCredentials(), deadlines: .patient)
        }
        #expect(error.code == .authenticationRefused)
        #expect(error.message.contains("Too many authentication failures"), "\(error.message)")
        #expect(error.remedy.contains("(ssh: identity)"))
        var credentials = SSHCredentials()
        credentials.identitiesOnly = true
        let usual = try await sshError {
            try await SSHConnection.open(server.endpoint(), credentials: credentials, deadlines: .patient)
        }
        #expect(!usual.message.contains("tried: agent key"), "\(usual.message)")
        withExtendedLifetime((agent, directory)) {}
    }
}
