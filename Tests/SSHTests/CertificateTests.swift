import Foundation
import Testing

@testable import SSH

/// Certificates made by ssh-keygen, and an sshd that knows nothing but their authority.
@Suite(
    "Certificates of users", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)),
    .enabled(if: Certificate.areSupported, "libssh2 logs in by certificates from 1.11 on"))
struct CertificateTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        // sshd reads the authority's key as the user that logs in.
        chmod(directory.path, 0o711)
        try keygen("-q", "-t", "ed25519", "-N", "", "-f", directory.path("authority"))
        chmod(directory.path("authority.pub"), 0o644)
    }

    private func keygen(_ arguments: String...) throws {
        let result = try Command.run("/usr/bin/ssh-keygen", arguments)
        guard result.status == 0 else { throw TestFailure(result.error) }
    }

    /// A copy of a key with its certificate beside it; the key's path.
    private func certified(_ kind: Keys.Kind, for user: String = Server.user, _ validity: String = "+1h") throws
        -> String
    {
        let path = directory.file(kind.rawValue, try String(contentsOfFile: Keys.shared.path(kind), encoding: .utf8))
        directory.file(kind.rawValue + ".pub", try Keys.shared.publicLine(kind))
        try keygen(
            "-q", "-s", directory.path("authority"), "-I", "tests", "-n", user, "-V", validity, path + ".pub")
        return path
    }

    private func server(accepts: [Keys.Kind] = []) throws -> Server {
        try Server(accepts: accepts, options: ["TrustedUserCAKeys \(directory.path("authority.pub"))"])
    }

    private func open(_ server: Server, _ credentials: SSHCredentials) async throws -> SSHConnection {
        try await SSHConnection.open(server.endpoint(), credentials: credentials, deadlines: .patient)
    }

    @Test(
        "one that stands beside its key, of every kind",
        arguments: [
            Keys.Kind.ed25519, .ecdsa256, .ecdsa384, .ecdsa521, .rsa, .rsaPEM, .ed25519Encrypted, .rsaEncrypted,
        ])
    func besideKey(kind: Keys.Kind) async throws {
        let server = try server()
        let path = try certified(kind)
        let connection = try await open(
            server, SSHCredentials(identities: [path], useAgent: false, passphrase: { _ in Keys.passphrase }))
        let result = try await connection.run(RemoteScript("echo in"), deadline: .patient)
        #expect(result.standardOutput == Array("in\n".utf8))
        await connection.close()
        #expect(server.log.contains("-CERT") && server.log.contains("ID tests"), "\(server.log)")
    }

    @Test("one that is named by itself") func named() async throws {
        let server = try server()
        let path = try certified(.ed25519)
        let other = directory.path("elsewhere.pub")
        try FileManager.default.moveItem(atPath: path + "-cert.pub", toPath: other)
        var credentials = SSHCredentials(identities: [path], useAgent: false)
        let refusal = try await sshError { try await open(server, credentials) }
        #expect(refusal.code == .authenticationRefused)
        credentials.certificates = [directory.path("missing"), other]
        await (try open(server, credentials)).close()
    }

    @Test("a server that knows no authority still takes the key") func keyAlone() async throws {
        let server = try Server(accepts: [.rsa])
        let path = try certified(.rsa)
        await (try open(server, SSHCredentials(identities: [path], useAgent: false))).close()
    }

    @Test(
        "why a certificate is refused is told as far as it says so itself",
        arguments: [
            (Server.user, "20200101:20200102", "it has expired"), ("somebody", "+1h", "it is for somebody"),
            (Server.user, "+1h:+2h", "it is not valid yet"),
        ])
    func faults(user: String, validity: String, words: String) async throws {
        let server = try server()
        let path = try certified(.ed25519, for: user, validity)
        let error = try await sshError {
            try await open(server, SSHCredentials(identities: [path], useAgent: false))
        }
        #expect(error.code == .authenticationRefused)
        #expect(
            error.message.contains("certificate \(path)-cert.pub (ssh-ed25519-cert-v01@openssh.com SHA256:"),
            "\(error.message)")
        #expect(error.message.contains("certificate \(path)-cert.pub: \(words)"), "\(error.message)")
    }

    @Test("a file that holds no certificate is named") func noCertificate() async throws {
        let server = try server()
        var credentials = SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false)
        credentials.certificates = [Keys.shared.path(.ed25519) + ".pub"]
        let error = try await sshError { try await open(server, credentials) }
        #expect(
            error.message.contains("ed25519.pub passed over: no file with a user's certificate"), "\(error.message)")
    }
}

extension AgentTests {
    @Test(
        "certificates: the agent's own, and of files whose key the agent has",
        .enabled(if: Certificate.areSupported, "libssh2 logs in by certificates from 1.11 on"),
        arguments: [Keys.Kind.ed25519, .rsa], [true, false])
    func certificates(kind: Keys.Kind, isAgents: Bool) async throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o711)
        func keygen(_ arguments: String...) throws {
            let result = try Command.run("/usr/bin/ssh-keygen", arguments)
            guard result.status == 0 else { throw TestFailure(result.error) }
        }
        try keygen("-q", "-t", "ed25519", "-N", "", "-f", directory.path("authority"))
        chmod(directory.path("authority.pub"), 0o644)
        let path = directory.file("key", try String(contentsOfFile: Keys.shared.path(kind), encoding: .utf8))
        directory.file("key.pub", try Keys.shared.publicLine(kind))
        try keygen("-q", "-s", directory.path("authority"), "-I", "tests", "-n", Server.user, path + ".pub")
        // ssh-add takes along a certificate that stands beside the key.
        let agent = try RunningAgent(isAgents ? [path] : [Keys.shared.path(kind)])
        let server = try Server(accepts: [], options: ["TrustedUserCAKeys \(directory.path("authority.pub"))"])
        let identities = isAgents ? [] : [path + ".pub"]
        if !isAgents {
            try FileManager.default.moveItem(atPath: path + "-cert.pub", toPath: path + ".pub-cert.pub")
        }
        let connection = try await SSHConnection.open(
            server.endpoint(), credentials: SSHCredentials(identities: identities), deadlines: .patient)
        await connection.close()
        #expect(server.log.contains("-CERT"), "\(server.log)")
        withExtendedLifetime(agent) {}
    }
}
