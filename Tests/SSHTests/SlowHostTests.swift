import Foundation
import Testing

@testable import SSH

@Suite("Hosts that take their time", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct SlowHostTests {
    private static let credentials = SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false)

    /// A server whose PAM takes that many seconds over an account.
    private func slow(_ seconds: Int) throws -> (server: Server, users: Users) {
        let users = try Users()
        users.directory.file("slow", "#!/bin/sh\nexec sleep \(seconds)\n")
        chmod(users.directory.path("slow"), 0o755)
        let pam = users.directory.file(
            "pam",
            """
            auth required pam_permit.so
            account required pam_exec.so quiet \(users.directory.path("slow"))
            session required pam_permit.so

            """)
        return (try users.server(["UsePAM yes"], mounts: [(pam, "/etc/pam.d/sshd")]), users)
    }

    @Test(
        "a login of 25 seconds does, as it is", .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)),
        .enabled(if: QuestionTests.hasPAMExec))
    func slowLogin() async throws {
        let (server, users) = try slow(25)
        let connection = try await SSHConnection.open(
            server.endpoint(user: "worker"), credentials: Self.credentials,
            deadlines: SSHDeadlines(tcp: 60, banner: 60, keyExchange: 60))
        await connection.close()
        withExtendedLifetime(users) {}
    }

    @Test(
        "a login that takes longer than it may names the key that gives it more time",
        .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)), .enabled(if: QuestionTests.hasPAMExec))
    func tooSlow() async throws {
        let (server, users) = try slow(600)
        let error = try await sshError {
            try await SSHConnection.open(
                server.endpoint(user: "worker"), credentials: Self.credentials,
                deadlines: SSHDeadlines(tcp: 60, banner: 60, keyExchange: 60, authentication: 0.5))
        }
        #expect(error.code == .timedOut && error.stage == .authentication)
        #expect(error.message.contains("within 0.5 s") && error.remedy.contains("ssh: timeouts: login"), "\(error)")
        withExtendedLifetime(users) {}
    }

    @Test(
        "a ForceCommand that gives nothing is named, with what it said before",
        arguments: [("exec sleep 600", ""), ("echo recording >&2; exec sleep 600", "; it said: recording")])
    func hangingRecorder(command: String, said: String) async throws {
        let server = try Server(options: ["ForceCommand \(command)"])
        var deadlines = SSHDeadlines.patient
        deadlines.begin = 0.5
        let connection = try await SSHConnection.open(
            server.endpoint(), credentials: Self.credentials, deadlines: deadlines)
        let error = try await sshError { try await connection.run(RemoteScript("true"), deadline: .patient) }
        #expect(error.code == .timedOut && error.stage == .command)
        #expect(
            error.message == "the session is opened, but the command gives nothing within 0.5 s: "
                + "a ForceCommand or recorder of sessions on the host holds it up\(said)")
        #expect(error.remedy.contains("ssh: timeouts: begin"))
    }

    @Test("a script that has begun may be silent for as long as its own deadline says")
    func slowScript() async throws {
        let server = try Server()
        var deadlines = SSHDeadlines.patient
        deadlines.begin = 2
        let connection = try await SSHConnection.open(
            server.endpoint(), credentials: Self.credentials, deadlines: deadlines)
        let result = try await connection.run(RemoteScript("sleep 4; echo done"), deadline: .patient)
        #expect(result.standardOutput == Array("done\n".utf8))
        await connection.close()
    }

    @Test("MaxSessions 1: scripts follow one another, also behind a client that was cut off in the middle of one")
    func oneSession() async throws {
        let server = try Server(options: ["MaxSessions 1"])
        let begun = Gathered()
        let first = try await SSHConnection.open(
            server.endpoint(), credentials: Self.credentials, deadlines: .patient)
        let cut = Task {
            try await first.run(RemoteScript("trap '' HUP; echo begun; exec sleep 600"), deadline: .patient) {
                begun.add($0)
            }
        }
        try await eventually("it begins") { !begun.output.isEmpty }
        cut.cancel()
        #expect(try await sshError { try await cut.value }.code == .cancelled)
        let second = try await SSHConnection.open(
            server.endpoint(), credentials: Self.credentials, deadlines: .patient)
        for number in 0..<100 {
            let result = try await second.run(RemoteScript("echo \(number)"), deadline: .patient)
            #expect(result.standardOutput == Array("\(number)\n".utf8))
        }
        await second.close()
    }

    @Test("a server that opens no session at all is not waited for") func noSession() async throws {
        let server = try Server(options: ["MaxSessions 0"])
        let connection = try await SSHConnection.open(
            server.endpoint(), credentials: Self.credentials, deadlines: .patient)
        let error = try await sshError { try await connection.run(RemoteScript("true"), deadline: .patient) }
        #expect(error.code == .shellRefused && error.remedy.contains("MaxSessions"), "\(error)")
        await connection.close()
    }
}
