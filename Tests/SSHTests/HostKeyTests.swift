import CSSH2
import Foundation
import Testing

@testable import SSH

@Suite("Host keys of a real sshd", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct HostKeyTests {
    /// The error of a connection that must not come about.
    private func refusal(_ server: Server, knownHosts: String) async throws -> SSHError {
        try await sshError { try await server.connect(knownHosts: knownHosts) }
    }

    /// As ssh-keygen prints it.
    private func fingerprint(_ server: Server, _ type: String) throws -> String {
        let result = try Command.run(
            "/usr/bin/ssh-keygen", ["-lf", server.directory.path("host_\(type).pub")])
        return String(try #require(result.output.split(separator: " ").dropFirst().first))
    }

    @Test("an unknown key: its fingerprint, and the command that accepts it does so", arguments: ["ed25519", "ecdsa"])
    func unknown(type: String) async throws {
        let server = try Server(hostKeys: [type])
        let knownHosts = try server.knownHosts([])
        let error = try await refusal(server, knownHosts: knownHosts)
        #expect(error.code == .hostKeyUnknown)
        #expect(error.stage == .hostKey)
        #expect(error.message.contains(try fingerprint(server, type)))
        let command = "ssh-keyscan -p \(server.port) -t \(type) 127.0.0.1 >> \(knownHosts)"
        #expect(error.remedy.hasSuffix(command))
        #expect(try Command.run("/bin/sh", ["-c", command]).status == 0)
        await (try server.connect(knownHosts: knownHosts)).close()
    }

    @Test("a file of known hosts that does not exist is empty, and named")
    func noFile() async throws {
        let server = try Server()
        let path = server.directory.path("none")
        let error = try await refusal(server, knownHosts: path)
        #expect(error.code == .hostKeyUnknown)
        #expect(error.message.contains("\(path), which does not exist"))
    }

    @Test("a file of known hosts that cannot be read is an error of its own")
    func unreadable() async throws {
        let server = try Server()
        let error = try await refusal(server, knownHosts: server.directory.path)
        #expect(error.code == .knownHostsUnreadable)
    }

    @Test("a changed key: both fingerprints, the line, and the commands that accept the new one do so")
    func changed() async throws {
        let other = try Server()
        let server = try Server()
        let knownHosts = try server.knownHosts([
            "# comment", "[127.0.0.1]:\(server.port) \(try other.hostKey())",
        ])
        let error = try await refusal(server, knownHosts: knownHosts)
        #expect(error.code == .hostKeyChanged)
        #expect(error.message.contains(try fingerprint(server, "ed25519")))
        #expect(error.message.contains("\(try fingerprint(other, "ed25519")) (\(knownHosts):2)"))
        let command = try #require(error.remedy.split(separator: "run: ").last.map(String.init))
        #expect(try Command.run("/bin/sh", ["-c", command]).status == 0)
        await (try server.connect(knownHosts: knownHosts)).close()
    }

    @Test("a revoked key is refused although it is listed as well")
    func revoked() async throws {
        let server = try Server()
        let name = "[127.0.0.1]:\(server.port)"
        let key = try server.hostKey()
        let error = try await refusal(
            server, knownHosts: server.knownHosts(["\(name) \(key)", "@revoked * \(key)"]))
        #expect(error.code == .hostKeyRevoked)
        #expect(error.message.contains(":2 "))
    }

    @Test("an authority that vouches for hosts does not make their keys known, and is named")
    func authority() async throws {
        let (server, authority) = (try Server(), try Server())
        let knownHosts = try server.knownHosts(["# one", "@cert-authority 127.0.0.* \(try authority.hostKey())"])
        let error = try await refusal(server, knownHosts: knownHosts)
        #expect(error.code == .hostKeyUnknown)
        #expect(error.message.contains("\(knownHosts):2 trusts an authority (@cert-authority)"), "\(error.message)")
        #expect(error.remedy.hasPrefix("the host's key has to be known by itself: compare the fingerprint"))
        // Nor is the authority's key that of a host.
        let own = try authority.knownHosts(["@cert-authority * \(try authority.hostKey())"])
        #expect(try await refusal(authority, knownHosts: own).code == .hostKeyUnknown)
    }

    @Test("names hashed by ssh-keygen are recognised")
    func hashed() async throws {
        let server = try Server()
        let knownHosts = try server.knownHosts()
        let result = try Command.run("/usr/bin/ssh-keygen", ["-H", "-f", knownHosts])
        #expect(result.status == 0)
        #expect(try String(contentsOfFile: knownHosts, encoding: .utf8).hasPrefix("|1|"))
        await (try server.connect(knownHosts: knownHosts)).close()
    }

    @Test(
        "the type that is known is asked for, whatever else the server has",
        arguments: ["ed25519", "ecdsa"])
    func knownType(type: String) async throws {
        let server = try Server(hostKeys: ["ecdsa", "ed25519"])
        let knownHosts = try server.knownHosts(["[127.0.0.1]:\(server.port) \(try server.hostKey(type))"])
        await (try server.connect(knownHosts: knownHosts)).close()
    }

    @Test("another type than the known one is unknown, and both are named")
    func otherType() async throws {
        let known = try Server(hostKeys: ["ed25519"])
        let server = try Server(hostKeys: ["ecdsa"])
        let error = try await refusal(
            server, knownHosts: server.knownHosts(["[127.0.0.1]:\(server.port) \(try known.hostKey())"]))
        #expect(error.code == .hostKeyUnknown)
        #expect(error.message.contains("ecdsa-sha2-nistp256 \(try fingerprint(server, "ecdsa"))"))
        #expect(error.message.contains("ssh-ed25519 \(try fingerprint(known, "ed25519")) (line 1)"))
    }

    @Test("an RSA host key of today alone: libssh2 before 1.11 cannot check it, and the error says so")
    func rsaOnly() async throws {
        let server = try Server(hostKeys: ["rsa"])
        if libssh2_version(0x01_0b_00) != nil {
            await (try server.connect()).close()
            return
        }
        let error = try await refusal(server, knownHosts: server.knownHosts())
        #expect(error.code == .noCommonAlgorithm)
        #expect(error.stage == .keyExchange)
        #expect(error.message.contains("rsa-sha2-512"))
    }

    @Test(
        "an sshd that has no algorithm in common with libssh2: which kind, and what it offers",
        // 1.11 has every cipher that this sshd has.
        arguments: [
            ("KexAlgorithms sntrup761x25519-sha512@openssh.com", "no key exchange in common", "KexAlgorithms"),
            ("Ciphers chacha20-poly1305@openssh.com", "no ciphers in common", "aes256-ctr"),
            ("MACs umac-128@openssh.com", "no MACs in common", "hmac-sha2-256"),
        ].filter { libssh2_version(0x01_0b_00) == nil || !$0.0.hasPrefix("Ciphers") })
    func noCommonAlgorithm(option: String, words: String, remedy: String) async throws {
        let server = try Server(options: [option])
        let error = try await refusal(server, knownHosts: server.knownHosts())
        #expect(error.code == .noCommonAlgorithm)
        #expect(error.stage == .keyExchange)
        #expect(error.message.contains(words))
        #expect(error.message.contains("offers only \(option.split(separator: " ")[1])"))
        #expect(error.remedy.contains(remedy))
    }

    @Test("an RSA host key that signs by SHA-1, as on CentOS 7, is accepted when it is known")
    func rsaSHA1() async throws {
        let server = try Server(hostKeys: ["rsa"], options: ["HostKeyAlgorithms ssh-rsa"])
        await (try server.connect()).close()
    }
}
