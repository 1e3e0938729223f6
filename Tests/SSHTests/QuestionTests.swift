import Foundation
import Testing

@testable import SSH

@Suite("What a server asks a person")
struct AnsweringTests {
    private static let password = Challenge.Question(text: "Password: ", isShown: false)
    private static let code = Challenge.Question(text: "Verification code: ", isShown: false)
    private static let name = Challenge.Question(text: "Password of whom? ", isShown: true)

    private func answers(_ rounds: [[Challenge.Question]], password: String?, person: Bool) -> [[String]] {
        let asks: Person = { host, user, challenge in
            #expect(host == "h" && user == "u" && challenge.instruction == "read")
            return challenge.questions.map { "person: \($0.text)" }
        }
        var answering = Answering(host: "h", user: "u", password: password, person: person ? asks : nil)
        return rounds.map { answering.answers(to: Challenge(name: "n", instruction: "read", questions: $0)) }
    }

    @Test("the password answers what asks for it, once; the rest is a person's")
    func both() {
        #expect(
            answers([[], [Self.name, Self.password, Self.code], [Self.password]], password: "p", person: true)
                == [[], ["person: Password of whom? ", "p", "person: Verification code: "], ["person: Password: "]])
        #expect(
            answers([[Self.code], [Self.password]], password: "p", person: true)
                == [["person: Verification code: "], ["p"]])
    }

    @Test("without a person, the first hidden question gets the password, and no other gets anything")
    func alone() {
        #expect(
            answers([[Self.name, Self.code], [Self.password]], password: "p", person: false) == [["", "p"], [""]])
        #expect(answers([[Self.name], [Self.password]], password: "p", person: false) == [[""], [""]])
    }

    @Test("without a password a person answers everything")
    func personAlone() {
        #expect(answers([[Self.password]], password: nil, person: true) == [["person: Password: "]])
    }
}

/// A real sshd, whose PAM asks for a code.
@Suite(
    "Several proofs in turn", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)),
    .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)))
struct QuestionTests {
    private static let code = "493 021"

    /// Whether a PAM module is there that hands what was typed to a program.
    static let hasPAMExec = FileManager.default.fileExists(atPath: "/lib/x86_64-linux-gnu/security/pam_exec.so")

    private let users: Users

    init() throws { users = try Users() }

    /// - Parameter methods: `AuthenticationMethods` of sshd_config.
    private func server(_ methods: String) throws -> Server {
        users.directory.file("check", "#!/bin/sh\n[ \"$(tr -d '\\0')\" = '\(Self.code)' ]\n")
        chmod(users.directory.path("check"), 0o755)
        let pam = users.directory.file(
            "pam",
            """
            auth required pam_exec.so quiet expose_authtok \(users.directory.path("check"))
            auth required pam_permit.so
            account required pam_permit.so
            session required pam_permit.so

            """)
        return try users.server(
            ["UsePAM yes", "KbdInteractiveAuthentication yes", "AuthenticationMethods \(methods)"],
            mounts: [(pam, "/etc/pam.d/sshd")])
    }

    private func credentials(answer: String?) -> SSHCredentials {
        var credentials = SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false)
        guard let answer else { return credentials }
        credentials.person = { _, user, challenge in
            #expect(user == "worker")
            return challenge.questions.map { _ in answer }
        }
        return credentials
    }

    @Test(
        "a key and a code, in either order, and a code alone", .enabled(if: hasPAMExec),
        arguments: ["publickey,keyboard-interactive", "keyboard-interactive,publickey", "keyboard-interactive"])
    func inTurn(methods: String) async throws {
        let server = try server(methods)
        let connection = try await SSHConnection.open(
            server.endpoint(user: "worker"), credentials: credentials(answer: Self.code), deadlines: .patient)
        let result = try await connection.run(RemoteScript("id -un", asRoot: false), deadline: .patient)
        #expect(result.standardOutput == Array("worker\n".utf8))
        await connection.close()
    }

    @Test("a wrong code is asked for once", .enabled(if: hasPAMExec))
    func wrong() async throws {
        let server = try server("publickey,keyboard-interactive")
        let error = try await sshError {
            try await SSHConnection.open(
                server.endpoint(user: "worker"), credentials: credentials(answer: "000 000"), deadlines: .patient)
        }
        #expect(error.code == .authenticationRefused)
        #expect(error.message.contains("a person's answers") && !error.message.contains("000"), "\(error.message)")
        #expect(server.log.components(separatedBy: "Failed keyboard-interactive").count == 2, "\(server.log)")
    }

    @Test("nobody to ask: the server took the key, and wants more", .enabled(if: hasPAMExec))
    func nobody() async throws {
        let server = try server("publickey,keyboard-interactive")
        let error = try await sshError {
            try await SSHConnection.open(
                server.endpoint(user: "worker"), credentials: credentials(answer: nil), deadlines: .patient)
        }
        #expect(error.code == .authenticationRefused)
        #expect(
            error.message.hasPrefix("the server took key /") && error.message.hasSuffix("keyboard-interactive"),
            "\(error.message)")
        #expect(error.remedy.contains("on a terminal"))
    }

    @Test("a password and then a key")
    func passwordFirst() async throws {
        let server = try users.server(["PasswordAuthentication yes", "AuthenticationMethods password,publickey"])
        var credentials = credentials(answer: nil)
        credentials.password = { .success(Users.password) }
        let connection = try await SSHConnection.open(
            server.endpoint(user: "worker"), credentials: credentials, deadlines: .patient)
        await connection.close()
    }
}
