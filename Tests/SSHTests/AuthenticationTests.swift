import Foundation
import Testing

@testable import SSH

@Suite("Logging in to a real sshd", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct AuthenticationTests {
    private func refusal(_ server: Server, _ credentials: SSHCredentials) async throws -> SSHError {
        try await sshError {
            try await SSHConnection.open(server.endpoint(), credentials: credentials, deadlines: .patient)
        }
    }

    @Test("every kind of key file", arguments: Keys.Kind.allCases)
    func keyFiles(kind: Keys.Kind) async throws {
        let server = try Server(accepts: [kind])
        // A copy alone: the passphrase is the only way to the public half of encrypted PEM.
        let path = try Keys.shared.lonely(kind, in: server.directory)
        let connection = try await SSHConnection.open(
            server.endpoint(),
            credentials: SSHCredentials(
                identities: [path], useAgent: false,
                passphrase: { asked in
                    #expect(asked == path)
                    #expect(kind.isEncrypted)
                    return Keys.passphrase
                }), deadlines: .patient)
        let result = try await connection.run(RemoteScript("echo in"), deadline: .patient)
        #expect(result.standardOutput == Array("in\n".utf8))
        await connection.close()
        #expect(server.log.contains("Accepted publickey"))
    }

    @Test(
        "RSA signatures are SHA-2: an sshd that takes nothing else lets them in", arguments: [Keys.Kind.rsa, .rsaPEM])
    func rsaSHA2(kind: Keys.Kind) async throws {
        let server = try Server(accepts: [kind], options: ["PubkeyAcceptedAlgorithms rsa-sha2-512"])
        await (try server.connect(kind)).close()
    }

    @Test("a wrong passphrase", arguments: Keys.Kind.allCases.filter(\.isEncrypted))
    func wrongPassphrase(kind: Keys.Kind) async throws {
        let server = try Server(accepts: [kind])
        let path = try Keys.shared.lonely(kind, in: server.directory)
        for passphrase in ["wrong", "", nil] as [String?] {
            let error = try await refusal(
                server, SSHCredentials(identities: [path], useAgent: false, passphrase: { _ in passphrase }))
            #expect(error.code == .badPassphrase)
            #expect(error.message.contains(path))
        }
    }

    @Test("a passphrase is not asked for where the server does not want the key")
    func noNeedlessQuestion() async throws {
        let server = try Server(accepts: [.ed25519])
        let connection = try await SSHConnection.open(
            server.endpoint(),
            credentials: SSHCredentials(
                identities: [Keys.shared.path(.rsaEncrypted), Keys.shared.path(.ed25519)], useAgent: false,
                passphrase: { _ in
                    Issue.record("asked")
                    return nil
                }), deadlines: .patient)
        await connection.close()
    }

    @Test("one answer serves all hosts")
    func askedOnce() async throws {
        let server = try Server(accepts: [.ed25519Encrypted])
        let asked = Counter()
        let credentials = SSHCredentials(
            identities: [Keys.shared.path(.ed25519Encrypted)], useAgent: false,
            passphrase: { _ in
                asked.increment()
                return Keys.passphrase
            })
        let endpoint = try server.endpoint()
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    await (try SSHConnection.open(endpoint, credentials: credentials, deadlines: .patient)).close()
                }
            }
            try await group.waitForAll()
        }
        #expect(asked.value == 1)
    }

    @Test("files that are no usable keys, each with its reason")
    func badFiles() async throws {
        let server = try Server()
        let directory = server.directory
        let whole = try String(contentsOfFile: Keys.shared.path(.ed25519), encoding: .utf8)
        let cases = [
            (directory.path("missing"), "No such file"), (directory.file("text", "hello\n"), "not a private key"),
            (directory.file("public", try Keys.shared.publicLine(.ed25519)), "only a public key"),
            (directory.file("damaged", whole.replacing("b3BlbnNzaC1rZXktdjE", with: "b3BlbnNzaC1rZXktdjI")), "damaged"),
            (
                directory.file(
                    "short",
                    whole.split(separator: "\n").enumerated().filter { $0.offset != 3 }.map { $0.element }
                        .joined(separator: "\n") + "\n"), "damaged"
            ),
        ]
        for (path, reason) in cases {
            let error = try await refusal(server, SSHCredentials(identities: [path], useAgent: false))
            #expect(error.code == .badIdentity)
            #expect(error.message.contains(path))
            #expect(error.message.contains(reason))
        }
    }

    @Test("an unreadable key does not keep the next one from being tried")
    func nextKey() async throws {
        let server = try Server(accepts: [.ecdsa256])
        let connection = try await SSHConnection.open(
            server.endpoint(),
            credentials: SSHCredentials(
                identities: [
                    server.directory.path("missing"), Keys.shared.path(.rsaEncrypted), Keys.shared.path(.ecdsa256),
                ], useAgent: false), deadlines: .patient)
        await connection.close()
    }

    @Test(
        "why a password cannot be had is told, with its remedy",
        arguments: [
            (["PasswordAuthentication yes"], Keys.Kind.rsa, "also refused: key"),
            (["PasswordAuthentication yes", "AuthenticationMethods publickey,password"], .ed25519, "wants more of"),
        ])
    func withoutPassword(options: [String], accepted: Keys.Kind, words: String) async throws {
        let server = try Server(accepts: [accepted], options: options)
        let missing = SSHCredentials.Missing(reason: "the vault is closed", remedy: "open the vault")
        let error = try await refusal(
            server,
            SSHCredentials(
                identities: [Keys.shared.path(.ed25519)], useAgent: false, password: { .failure(missing) }))
        #expect(error.message.contains("the password of \(Server.user) cannot be had: the vault is closed"))
        #expect(error.message.contains(words), "\(error.message)")
        #expect(error.remedy == "open the vault")
    }

    @Test("a refusal names what was tried and what the server accepts")
    func refused() async throws {
        let server = try Server(accepts: [.rsa], options: ["PasswordAuthentication yes"])
        let error = try await refusal(
            server,
            SSHCredentials(
                identities: [Keys.shared.path(.ed25519), Keys.shared.path(.ecdsa256)], useAgent: false,
                password: { .success("certainly wrong") }))
        #expect(error.code == .authenticationRefused)
        #expect(error.stage == .authentication)
        for words in [
            Keys.shared.path(.ed25519), Keys.shared.path(.ecdsa256), "; password", "it accepts publickey, password",
        ] {
            #expect(error.message.contains(words), "\(error.message)")
        }
        #expect(!error.message.contains("certainly wrong"))
    }

    @Test("too many keys: the error says that the server gave up")
    func tooMany() async throws {
        let server = try Server(accepts: [], options: ["MaxAuthTries 2"])
        let error = try await refusal(
            server,
            SSHCredentials(
                identities: [.ed25519, .ecdsa256, .ecdsa384, .rsa].map(Keys.shared.path), useAgent: false))
        #expect(error.code == .authenticationRefused)
        #expect(error.message.contains("Too many authentication failures"))
    }

}

/// Counts from several threads.
final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    func increment() { lock.withLock { count += 1 } }
    var value: Int { lock.withLock { count } }
}
