import Foundation
import Testing

@testable import SSH

@Suite("Proxy commands", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct ProxyCommandTests {
    private static let credentials = SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false)

    private func open(
        _ server: Server, by line: String, hidden: Set<String> = [], knownHosts: String? = nil
    ) async throws -> SSHConnection {
        var endpoint = try server.endpoint(knownHosts: knownHosts)
        endpoint.proxyCommand = ProxyCommand(line: line, hidden: hidden)
        return try await SSHConnection.open(endpoint, credentials: Self.credentials, deadlines: .patient)
    }

    /// ssh, through another server.
    private func ssh(through bastion: Server, to port: Int) throws -> String {
        "ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -i \(Keys.shared.path(.ed25519)) "
            + "-o UserKnownHostsFile=\(try bastion.knownHosts()) -p \(bastion.port) "
            + "-W 127.0.0.1:\(port) \(Server.user)@127.0.0.1"
    }

    @Test("ssh -W: scripts of any size, and the command ends with the connection")
    func throughSSH() async throws {
        let (bastion, host) = (try Server(), try Server())
        let directory = try TemporaryDirectory()
        let command = try ssh(through: bastion, to: host.port)
        let connection = try await open(host, by: "sh -c 'echo $$ >\(directory.path("id")); exec \(command)'")
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let result = try await connection.run(
            RemoteScript("cat", payload: [.bytes(bytes)]), deadline: .patient)
        #expect(result.standardOutput == bytes)
        let process = try directory.read("id").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(FileManager.default.fileExists(atPath: "/proc/\(process)"))
        await connection.close()
        try await eventually("the command ends") { !FileManager.default.fileExists(atPath: "/proc/\(process)") }
        #expect(bastion.log.contains("Accepted publickey"))
    }

    @Test("it does not inherit what it is not to see") func environment() async throws {
        let server = try Server()
        let directory = try TemporaryDirectory()
        let line =
            "sh -c 'echo \"[$HOME][${PATH:+path}]\" >\(directory.path("seen")); "
            + "exec \(Server.program) -i -e -f \(server.directory.path("sshd_config"))'"
        let connection = try await open(server, by: line, hidden: ["HOME"])
        #expect(try await connection.run(RemoteScript("true"), deadline: .patient).exitStatus == 0)
        await connection.close()
        #expect(try directory.read("seen") == "[][path]\n")
    }

    @Test(
        "a command that brings no SSH server: how it ended, and what it said",
        arguments: [
            ("sh -c 'echo no route >&2; exit 7'", "it ended with status 7; it said: no route"),
            ("/no/such/program", "it ended with status 127; it said: "),
        ])
    func fails(line: String, words: String) async throws {
        let server = try Server()
        let error = try await sshError { try await open(server, by: line) }
        #expect(error.stage == .banner && error.code == .connectionLost)
        #expect(
            error.message.hasPrefix("through ProxyCommand `\(line)`: ") && error.message.contains(words),
            "\(error.message)")
        #expect(error.remedy.contains("by hand"))
    }

    @Test("no signal is ignored in it or blocked, whatever this process does, and its session is its own")
    func signals() async throws {
        // As haprov does with those that ask it to end.
        signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, SIG_DFL) }
        let server = try Server()
        let error = try await sshError { try await open(server, by: "sh -c 'kill -USR2 $$; exit 7'") }
        #expect(error.message.contains("was ended by signal \(SIGUSR2)"), "\(error.message)")
        let line = "sh -c 'ps -o sid= -p $$ >&2; exit 7'"
        let other = try await sshError { try await open(server, by: line) }
        let session = other.message.components(separatedBy: "it said: ").last.flatMap { Int32($0.filter(\.isNumber)) }
        #expect(session != nil && session != getsid(0), "\(other.message)")
    }

    @Test("however much it complains, it goes on, and its last words are kept") func chatty() async throws {
        let server = try Server()
        let much = "yes complaint | head -c 1000000 >&2"
        let sshd = "exec \(Server.program) -i -e -f \(server.directory.path("sshd_config"))"
        // A write that fails would end it.
        let line = "bash -c 'set -eo pipefail; { yes complaint || :; } | head -c 1000000 >&2; \(sshd)'"
        let connection = try await open(server, by: line)
        #expect(try await connection.run(RemoteScript("true"), deadline: .patient).exitStatus == 0)
        await connection.close()
        let error = try await sshError { try await open(server, by: "sh -c '\(much); echo no way >&2; exit 7'") }
        #expect(error.message.contains("it ended with status 7; it said: no way"), "\(error.message)")
    }

    @Test("an unknown host key: the command that accepts it goes the same way") func unknownKey() async throws {
        let (bastion, host) = (try Server(), try Server())
        let line = try ssh(through: bastion, to: host.port)
        let knownHosts = try host.knownHosts([])
        let error = try await sshError { try await open(host, by: line, knownHosts: knownHosts) }
        #expect(error.code == .hostKeyUnknown)
        let command = try #require(error.remedy.components(separatedBy: "accept it: ").last)
        // As if a person had compared the fingerprint and said yes.
        let ssh = "ssh -F none -o StrictHostKeyChecking=accept-new -i \(Keys.shared.path(.ed25519)) "
        let result = try Command.run("/bin/sh", ["-c", ssh + command.dropFirst("ssh ".count)])
        #expect(result.status == 0, "\(command)\n\(result.error)")
        await (try open(host, by: line, knownHosts: knownHosts)).close()
    }
}
