import Foundation
import Testing

@testable import SSH

/// What needs users other than the one that runs the tests.
@Suite(
    "Users, passwords, shells and sudo",
    .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)),
    .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)))
struct UserTests {
    static let hasSudo = FileManager.default.isExecutableFile(atPath: "/usr/bin/sudo")
    static let noSudo = "no /usr/bin/sudo here: apt-get install sudo"

    private func open(
        _ server: Server, password: String? = nil, kinds: [Keys.Kind] = []
    ) async throws -> SSHConnection {
        try await SSHConnection.open(
            server.endpoint(user: "worker"),
            credentials: SSHCredentials(
                identities: kinds.map(Keys.shared.path), useAgent: false, password: { password.map(Result.success) }),
            deadlines: .patient)
    }

    @Test(
        "a password, whichever way the server asks for it",
        arguments: [
            ["PasswordAuthentication yes"], ["KbdInteractiveAuthentication yes", "UsePAM yes"],
            ["PasswordAuthentication yes", "AuthenticationMethods publickey,password"],
        ])
    func password(options: [String]) async throws {
        let server = try Users().server(options)
        let connection = try await open(server, password: Users.password, kinds: [.ed25519])
        let result = try await connection.run(RemoteScript("id -un", asRoot: false), deadline: .patient)
        #expect(result.standardOutput == Array("worker\n".utf8))
        await connection.close()
    }

    @Test(
        "a wrong password is refused, and offered once",
        arguments: [["PasswordAuthentication yes"], ["KbdInteractiveAuthentication yes", "UsePAM yes"]])
    func wrongPassword(options: [String]) async throws {
        let server = try Users().server(options, accepts: [])
        let error = try await sshError { try await open(server, password: "wrong") }
        #expect(error.code == .authenticationRefused)
        #expect(error.message.contains("tried: password"))
        #expect(!error.message.contains("wrong"))
        #expect(server.log.components(separatedBy: "Failed ").count == 2, "\(server.log)")
    }

    @Test("nothing to log in with")
    func nothing() async throws {
        let server = try Users().server(["PasswordAuthentication yes", "PubkeyAuthentication no"])
        let error = try await sshError { try await open(server, kinds: [.ed25519]) }
        #expect(error.code == .noIdentity)
        #expect(error.message.contains("accepts password"))
    }

    @Test(
        "scripts run under every login shell and every sh",
        arguments: ["/bin/bash", "/bin/dash", "/bin/tcsh", "/usr/bin/fish"].filter(isThere), [nil, "/bin/bash"])
    func shells(login: String, sh: String?) async throws {
        let server = try Users(shell: login, sh: sh).server()
        let connection = try await open(server, kinds: [.ed25519])
        let text = "line one\nline 'two' \"$x\" \\ ü\n"
        let script = """
            cat <<'E' | cat
            \(text)E
            echo "${BASH_VERSION:+bash}"
            head -c 5; echo; wc -c
            kill -9 $$
            """
        let result = try await connection.run(
            RemoteScript(
                script, payload: [.bytes(Array("12345".utf8) + [UInt8](repeating: 0, count: 3 << 20))], asRoot: false),
            deadline: .patient)
        let shell = sh == nil ? "" : "bash"
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == text + "\(shell)\n12345\n\(3 << 20)\n")
        #expect(result.signal == "KILL")
        await connection.close()
    }

    static func isThere(_ program: String) -> Bool { FileManager.default.isExecutableFile(atPath: program) }

    @Test(
        "what a login shell's own files say before a script does not reach it",
        arguments: [
            ("/bin/bash", "/etc/bash.bashrc", "echo noise; echo more >&2; stty -echo"),
            ("/bin/tcsh", "/etc/csh.cshrc", "echo noise; set prompt = x"),
            ("/usr/bin/fish", "/etc/fish/config.fish", "echo noise; echo more >&2"),
        ].filter { isThere($0.0) && FileManager.default.fileExists(atPath: $0.1) })
    func noisyShells(shell: String, file: String, text: String) async throws {
        let users = try Users(shell: shell)
        let noise = users.directory.file("noise", text + "\n")
        chmod(noise, 0o644)
        let server = try users.server(mounts: [(noise, file)])
        let connection = try await open(server, kinds: [.ed25519])
        let result = try await connection.run(
            RemoteScript("echo \"$0\"; cat; exit 3", payload: [.bytes(Array("payload".utf8))], asRoot: false),
            deadline: .patient)
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "sh\npayload")
        #expect(result.exitStatus == 3)
        await connection.close()
    }

    @Test("an account without a shell")
    func noShell() async throws {
        let server = try Users(shell: "/usr/sbin/nologin").server()
        let connection = try await open(server, kinds: [.ed25519])
        let error = try await sshError {
            try await connection.run(RemoteScript("true", asRoot: false), deadline: .patient)
        }
        #expect(error.code == .shellRefused)
        #expect(error.message.contains("This account is currently not available."))
    }

    @Test(
        "sudo -n makes the script root, and hands it its payload", .enabled(if: hasSudo, Comment(rawValue: noSudo)),
        arguments: ["", "Defaults use_pty\n", "Defaults requiretty\n"])
    func sudo(defaults: String) async throws {
        let server = try Users(sudoers: defaults + "worker ALL=(root) NOPASSWD: ALL").server()
        let connection = try await open(server, kinds: [.ed25519])
        let result = try await connection.run(
            RemoteScript("id -u; cat; exit 9", payload: [.bytes(Array("payload".utf8))]), deadline: .patient)
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "0\npayload")
        #expect(result.standardError == [])
        #expect(result.exitStatus == 9)
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let binary = try await connection.run(RemoteScript("cat", payload: [.bytes(bytes)]), deadline: .patient)
        #expect(binary.standardOutput == bytes)
        // A script that fails by itself under sudo is no refusal, even if it talks like one.
        let own = try await connection.run(
            RemoteScript("echo 'sudo: a password is required' >&2; exit 1"), deadline: .patient)
        #expect(own.exitStatus == 1)
        let plain = try await connection.run(RemoteScript("id -u", asRoot: false), deadline: .patient)
        #expect(plain.standardOutput == Array("4242\n".utf8))
        await connection.close()
    }

    @Test(
        "sudo's refusals, each with its remedy", .enabled(if: hasSudo, Comment(rawValue: noSudo)),
        arguments: [
            ("worker ALL=(root) ALL", "password is required", "NOPASSWD"),
            ("root ALL=(ALL) ALL", "password is required", "NOPASSWD"),
            ("worker ALL=(root) NOPASSWD: /bin/true", "password is required", "NOPASSWD"),
            ("worker ALL=(root) NOPASSWD: ALL, !/bin/sh, !/usr/bin/sh", "not allowed to execute", "NOPASSWD"),
        ])
    func sudoRefusals(sudoers: String, words: String, remedy: String) async throws {
        let server = try Users(sudoers: sudoers).server()
        let connection = try await open(server, kinds: [.ed25519])
        let error = try await sshError { try await connection.run(RemoteScript("id"), deadline: .patient) }
        #expect(error.code == .sudoRefused)
        #expect(error.message.contains(words), "\(error.message)")
        #expect(error.remedy.contains(remedy), "\(error.remedy)")
        // The connection is as good as before for what needs no root.
        let plain = try await connection.run(RemoteScript("id -u", asRoot: false), deadline: .patient)
        #expect(plain.exitStatus == 0)
        await connection.close()
    }
}
