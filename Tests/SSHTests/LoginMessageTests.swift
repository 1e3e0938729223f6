import Foundation
import SSHWire
import Testing

@testable import SSH

@Suite(
    "What stands in the way of a login is named", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct LoginMessageTests {
    @Test(
        "an encrypted key, and nothing to ask for its passphrase",
        arguments: [Keys.Kind.rsaEncrypted, .rsaPEMEncrypted])
    func noTerminal(kind: Keys.Kind) async throws {
        let server = try Server(accepts: [kind])
        var credentials = SSHCredentials(identities: [Keys.shared.path(kind)], useAgent: false)
        credentials.withoutPassphrase = .init(reason: "there is no terminal to ask on", remedy: "name a variable")
        let error = try await sshError {
            try await SSHConnection.open(server.endpoint(), credentials: credentials, deadlines: .patient)
        }
        #expect(error.code == .badPassphrase)
        #expect(error.message.contains("is encrypted, and there is no passphrase: there is no terminal to ask on"))
        #expect(error.remedy.hasPrefix("name a variable, or add the key to the agent: ssh-add "))
    }

    /// OpenSSH's own format, as ssh-keygen wrote it until it made none any more, PEM, PKCS #8 and a public key alone.
    @Test("a DSA key", arguments: ["openssh", "openssh.pub", "pem", "pkcs8"])
    func dsa(format: String) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("key")
        if format.hasPrefix("openssh") {
            let (text, publicLine) = Self.openSSHKeyOfDSA
            directory.file("key", text)
            directory.file("key.pub", publicLine)
        } else {
            try Command.run("/usr/bin/openssl", ["dsaparam", "-out", path + ".parameters", "1024"])
            try Command.run("/usr/bin/openssl", ["gendsa", "-out", path + ".8", path + ".parameters"])
            let traditional = format == "pem" ? ["-traditional"] : []
            try Command.run("/usr/bin/openssl", ["pkey", "-in", path + ".8", "-out", path] + traditional)
        }
        let name = format.hasSuffix(".pub") ? path + ".pub" : path
        let error = try await sshError { try IdentityFile(name) }
        #expect(error.code == .badIdentity)
        #expect(error.message == "the key file \(name) holds a DSA key, which no sshd takes since OpenSSH 7.0")
    }

    /// A key of small numbers: nobody gets as far as to compute with them.
    private static var openSSHKeyOfDSA: (text: String, publicLine: String) {
        var blob = WireWriter()
        blob.string("ssh-dss")
        for number: [UInt8] in [[23], [11], [4], [8]] { blob.mpint(number) }
        var section = WireWriter()
        for check in [7, 7] { section.uint32(check) }
        let secret: [UInt8] = [0, 0, 0, 1, 3]
        let body = section.bytes + blob.bytes + secret + [0, 0, 0, 0]
        var key = WireWriter()
        for word in ["none", "none", ""] { key.string(word) }
        key.uint32(1)
        key.string(blob.bytes)
        key.string(body + (1...8).prefix((8 - body.count % 8) % 8).map(UInt8.init))
        let octets = Data(Array("openssh-key-v1\0".utf8) + key.bytes)
        let lines = octets.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return (
            "-----BEGIN OPENSSH PRIVATE KEY-----\n\(lines)\n-----END OPENSSH PRIVATE KEY-----\n",
            "ssh-dss \(Data(blob.bytes).base64EncodedString()) someone\n"
        )
    }

    private func login(_ server: Server) async throws -> SSHConnection {
        try await SSHConnection.open(
            server.endpoint(user: "worker"),
            credentials: SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false),
            deadlines: .patient)
    }

    @Test("an account that has expired", .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)))
    func expiredAccount() async throws {
        let server = try Users(ages: "19000:0:99999:7::1:").server(["UsePAM yes"])
        let error = try await sshError { try await login(server) }
        #expect(error.code == .authenticationRefused, "\(server.log)")
        #expect(error.message.hasPrefix("the server took key /") && error.message.contains("did not let worker in"))
        #expect(error.remedy.contains("has expired") && error.remedy.contains("chage -l worker"))
    }

    @Test(
        "a password that has expired, where the key was good",
        .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)), arguments: [true, false])
    func expiredPassword(asRoot: Bool) async throws {
        let server = try Users(sudoers: "worker ALL=(root) NOPASSWD: ALL", ages: "0:0:99999:7:::").server(["UsePAM yes"]
        )
        let connection = try await login(server)
        let error = try await sshError {
            try await connection.run(RemoteScript("true", asRoot: asRoot), deadline: .patient)
        }
        #expect(error.code == .shellRefused)
        #expect(error.message.hasPrefix("the password of worker has expired"), "\(error.message)")
        await connection.close()
    }

    @Test(
        "a sudo rule with NOEXEC",
        .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)),
        .enabled(if: UserTests.hasSudo, Comment(rawValue: UserTests.noSudo)), arguments: [nil, "/bin/bash"])
    func noexec(sh: String?) async throws {
        let server = try Users(sudoers: "worker ALL=(root) NOPASSWD: NOEXEC: ALL", sh: sh).server()
        let connection = try await login(server)
        let error = try await sshError { try await connection.run(RemoteScript("true"), deadline: .patient) }
        #expect(error.code == .sudoRefused)
        #expect(error.message.contains("but sh no other program (NOEXEC)"), "\(error.message)")
        #expect(error.remedy.contains("NOEXEC"))
        await connection.close()
    }
}
