import Foundation
import Testing

@testable import SSH

@Suite("Bastions", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct BastionTests {
    private static let credentials = SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false)

    private func chain(_ servers: Server...) throws -> [(endpoint: SSHEndpoint, credentials: SSHCredentials)] {
        try servers.map { (try $0.endpoint(), Self.credentials) }
    }

    private func open(_ server: Server, through bastion: Bastion?) async throws -> SSHConnection {
        try await SSHConnection.open(
            server.endpoint(), credentials: Self.credentials, deadlines: .patient, through: bastion)
    }

    private func logins(_ server: Server) -> Int { server.log.components(separatedBy: "Accepted publickey").count - 1 }

    @Test("one login of a bastion serves all hosts behind it, at the same time")
    func one() async throws {
        let bastion = try Server()
        let hosts = try (0..<3).map { _ in try Server() }
        let bastions = Bastions()
        let chain = try chain(bastion)
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try await withThrowingTaskGroup { group in
            for host in hosts {
                group.addTask {
                    let connection = try await open(host, through: bastions.bastion(chain))
                    let result = try await connection.run(
                        RemoteScript("echo err >&2; cat", payload: [.bytes(bytes)]), deadline: .patient)
                    #expect(result.standardOutput == bytes)
                    #expect(result.standardError == Array("err\n".utf8))
                    let large = try await connection.run(
                        RemoteScript("head -c 5000000 /dev/zero"), deadline: .patient)
                    #expect(large.standardOutput.count == 5_000_000)
                    await connection.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(logins(bastion) == 1)
        #expect(hosts.map(logins) == [1, 1, 1])
    }

    @Test("through two bastions")
    func two() async throws {
        let (outer, inner, host) = (try Server(), try Server(), try Server())
        let connection = try await open(host, through: Bastions().bastion(chain(outer, inner)))
        let result = try await connection.run(
            RemoteScript("echo \"$SSH_CONNECTION\"; cat", payload: [.bytes([UInt8](repeating: 7, count: 300_000))]),
            deadline: .patient)
        #expect(String(decoding: result.standardOutput.prefix(60), as: UTF8.self).contains(" \(host.port)\n"))
        #expect(result.standardOutput.suffix(300_000).allSatisfy { $0 == 7 })
        await connection.close()
        #expect([outer, inner, host].map(logins) == [1, 1, 1])
    }

    @Test("a bastion with another key than the known one is refused, and nobody behind it is spoken to")
    func wrongKey() async throws {
        let (bastion, host, other) = (try Server(), try Server(), try Server())
        let known = try bastion.knownHosts(["[127.0.0.1]:\(bastion.port) \(try other.hostKey())"])
        let bastions = Bastions()
        for _ in 0..<2 {
            let error = try await sshError {
                try await open(
                    host,
                    through: bastions.bastion([(try bastion.endpoint(knownHosts: known), Self.credentials)]))
            }
            #expect(error.code == .hostKeyChanged)
            #expect(error.message.hasPrefix("bastion test: the host key has changed"), "\(error.message)")
        }
        #expect(logins(bastion) == 0)
        // One refusal is enough for all hosts.
        #expect(bastion.log.components(separatedBy: "Connection from").count == 2, "\(bastion.log)")
        #expect(!host.log.contains("Connection from"))
    }

    @Test("the key of a host behind a bastion is checked like any other")
    func hostKey() async throws {
        let (bastion, host) = (try Server(), try Server())
        let through = try await Bastions().bastion(chain(bastion))
        let error = try await sshError {
            try await SSHConnection.open(
                host.endpoint(knownHosts: host.knownHosts([])), credentials: Self.credentials, deadlines: .patient,
                through: through)
        }
        #expect(error.code == .hostKeyUnknown)
        let login = "ssh -p \(bastion.port) \(Server.user)@127.0.0.1"
        #expect(error.remedy.contains("accept it: \(login) ssh-keyscan -p \(host.port) "), "\(error.remedy)")
    }

    @Test("AllowTcpForwarding no: the error says what to allow, and where else to run")
    func notAllowed() async throws {
        let (bastion, host) = (try Server(options: ["AllowTcpForwarding no"]), try Server())
        let through = try await Bastions().bastion(chain(bastion))
        let error = try await sshError { try await open(host, through: through) }
        #expect(error.code == .unreachable && error.stage == .tcp)
        #expect(error.message == "bastion test forwards no connections to 127.0.0.1:\(host.port)")
        #expect(error.remedy.contains("AllowTcpForwarding") && error.remedy.contains("run haprov on the bastion"))
    }

    @Test("a host that the bastion cannot reach leaves the others alone")
    func unreachable() async throws {
        let (bastion, host) = (try Server(), try Server())
        let through = try await Bastions().bastion(chain(bastion))
        let closed = SSHEndpoint(
            name: "closed", address: "127.0.0.1", port: try Loopback.freePort(), user: Server.user,
            knownHosts: try host.knownHosts())
        let error = try await sshError {
            try await SSHConnection.open(
                closed, credentials: Self.credentials, deadlines: .patient, through: through)
        }
        #expect(error.code == .unreachable)
        #expect(error.message.hasPrefix("bastion test cannot reach 127.0.0.1:"), "\(error.message)")
        let connection = try await open(host, through: through)
        #expect(try await connection.run(RemoteScript("true"), deadline: .patient).exitStatus == 0)
        await connection.close()
    }

    @Test("a bastion that is lost takes its hosts along, and is logged in to anew")
    func lost() async throws {
        let (bastion, host) = (try Server(), try Server())
        let bastions = Bastions()
        let chain = try chain(bastion)
        let connection = try await open(host, through: bastions.bastion(chain))
        let begun = Gathered()
        let script = Task {
            try await connection.run(RemoteScript("echo begun; sleep 600"), deadline: .patient) { begun.add($0) }
        }
        while begun.output.isEmpty { await Task.yield() }
        try Command.run("/usr/bin/pkill", ["-KILL", "-P", "\(bastion.process.id)"])
        let error = try await sshError { try await script.value }
        #expect(error.code == .connectionLost)
        let again = try await open(host, through: bastions.bastion(chain))
        #expect(try await again.run(RemoteScript("true"), deadline: .patient).exitStatus == 0)
        await again.close()
        #expect(logins(bastion) == 2)
    }

    @Test("a login that nobody goes through any more is ended")
    func ended() async throws {
        let (bastion, host) = (try Server(), try Server())
        do {
            let connection = try await open(host, through: Bastions().bastion(chain(bastion)))
            await connection.close()
        }
        for _ in 0..<6000 where !bastion.log.contains("Received disconnect") { usleep(10_000) }
        #expect(bastion.log.contains("Received disconnect"), "\(bastion.log)")
    }
}
