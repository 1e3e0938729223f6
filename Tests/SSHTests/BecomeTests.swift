import Foundation
import Testing

@testable import SSH

/// Real sudo and su, with passwords that exist for one sshd only.
@Suite(
    "Becoming root with a password", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)),
    .enabled(if: Users.canBeMade, Comment(rawValue: Users.cannot)),
    .enabled(if: UserTests.hasSudo, Comment(rawValue: UserTests.noSudo)))
struct BecomeTests {
    /// The password's source, and how often it was asked.
    private final class Source: Sendable {
        let asked = Counter()
        let access: RootAccess

        init(_ password: String, by program: RootAccess.Program = .sudo, isGiven: Bool = true) {
            access = RootAccess(by: program, isGiven: isGiven) { [asked] in
                asked.increment()
                return .success(password)
            }
        }
    }

    private func open(_ server: Server, _ access: RootAccess) async throws -> SSHConnection {
        var credentials = SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false)
        credentials.root = access
        return try await SSHConnection.open(
            server.endpoint(user: "worker"), credentials: credentials, deadlines: .patient)
    }

    /// Scripts are whole: output, errors, status, payload of any bytes.
    private func check(_ connection: SSHConnection) async throws {
        for _ in 0..<2 {
            let chunks = Gathered()
            let result = try await connection.run(
                RemoteScript("id -u; cat; echo err >&2; exit 9", payload: [.bytes(Array("payload".utf8))]),
                deadline: .patient
            ) { chunks.add($0) }
            #expect(String(decoding: result.standardOutput, as: UTF8.self) == "0\npayload")
            #expect(String(decoding: result.standardError, as: UTF8.self) == "err\n")
            #expect(result.exitStatus == 9)
            #expect(chunks.output == result.standardOutput)
            #expect(chunks.error == result.standardError)
        }
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let binary = try await connection.run(RemoteScript("cat", payload: [.bytes(bytes)]), deadline: .patient)
        #expect(binary.standardOutput == bytes)
        #expect(binary.standardError == [])
        let unread = try await connection.run(RemoteScript("echo done", payload: [.bytes(bytes)]), deadline: .patient)
        #expect(unread.standardOutput == Array("done\n".utf8))
        let plain = try await connection.run(RemoteScript("id -un", asRoot: false), deadline: .patient)
        #expect(plain.standardOutput == Array("worker\n".utf8))
    }

    @Test(
        "sudo gets the right password whenever it asks",
        arguments: [
            "", "use_pty", "lecture=always", "timestamp_timeout=0", "requiretty", "requiretty,use_pty", "pwfeedback",
            "passwd_tries=1", "!env_reset",
        ], [nil, "/bin/bash"])
    func sudo(defaults: String, sh: String?) async throws {
        let line = defaults.isEmpty ? "" : "Defaults \(defaults)\n"
        let server = try Users(sudoers: line + "worker ALL=(root) ALL", sh: sh).server()
        let source = Source(Users.password)
        let connection = try await open(server, source.access)
        try await check(connection)
        #expect(source.asked.value == 1)
        await connection.close()
    }

    @Test("root's password, where sudo or su wants that", arguments: [RootAccess.Program.sudo, .su])
    func rootsPassword(program: RootAccess.Program) async throws {
        let server = try Users(sudoers: "Defaults targetpw\nworker ALL=(root) ALL").server()
        let source = Source(Users.rootPassword, by: program)
        let connection = try await open(server, source.access)
        try await check(connection)
        #expect(source.asked.value == 1)
        await connection.close()
    }

    @Test("a sudo that asks for nothing gets nothing", arguments: ["", "Defaults requiretty\n"], [true, false])
    func nothingAsked(defaults: String, isGiven: Bool) async throws {
        let server = try Users(sudoers: defaults + "worker ALL=(root) NOPASSWD: ALL").server()
        let source = Source("wrong", isGiven: isGiven)
        let connection = try await open(server, source.access)
        try await check(connection)
        #expect(source.asked.value == 0)
        await connection.close()
    }

    @Test("a person is asked only where sudo will not do without", arguments: ["", "Defaults requiretty\n"])
    func askedLate(defaults: String) async throws {
        let server = try Users(sudoers: defaults + "worker ALL=(root) ALL").server()
        let source = Source(Users.password, isGiven: false)
        let connection = try await open(server, source.access)
        try await check(connection)
        #expect(source.asked.value == 1)
        await connection.close()
    }

    @Test(
        "a wrong password is tried once, whatever asks again, and on no other host", arguments: ["", "requiretty"],
        [RootAccess.Program.sudo, .su])
    func wrong(defaults: String, program: RootAccess.Program) async throws {
        let log = try TemporaryDirectory()
        let options = ["logfile=\(log.path("sudo"))", defaults].filter { !$0.isEmpty }.joined(separator: ",")
        let server = try Users(sudoers: "Defaults \(options)\nworker ALL=(root) ALL").server()
        let source = Source("guessed", by: program)
        let connections = try await [open(server, source.access), open(server, source.access)]
        // Both at once: one tries, the other waits for what comes of it.
        let errors = try await withThrowingTaskGroup(of: SSHError.self) { group in
            for connection in connections {
                group.addTask {
                    try await sshError { try await connection.run(RemoteScript("id"), deadline: .patient) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.allSatisfy { $0.code == .sudoRefused && !$0.message.contains("guessed") })
        let owner = program == .sudo ? "worker" : "root"
        for words in ["did not take the password of \(owner)", "did not make worker root on another host"] {
            #expect(errors.count { $0.message.contains(words) } == 1, "\(errors.map(\.message))")
        }
        for connection in connections {
            let again = try await sshError { try await connection.run(RemoteScript("id"), deadline: .patient) }
            #expect(again.message.contains("did not make worker root on another host"))
            let plain = try await connection.run(RemoteScript("id -u", asRoot: false), deadline: .patient)
            #expect(plain.exitStatus == 0)
            await connection.close()
        }
        #expect(source.asked.value == 1)
        if program == .sudo {
            let text = try log.read("sudo")
            #expect(text.components(separatedBy: "incorrect password attempt").count == 2, "\(text)")
        }
    }

    @Test(
        "a script whose controller has gone comes no further than its next word, on a terminal too",
        arguments: ["", "requiretty", "requiretty,use_pty"], [nil, "/bin/bash"])
    func controllerGone(defaults: String, sh: String?) async throws {
        let line = defaults.isEmpty ? "" : "Defaults \(defaults)\n"
        let users = try Users(sudoers: line + "worker ALL=(root) NOPASSWD: ALL", sh: sh)
        let server = try users.server()
        let connection = try await open(server, RootAccess())
        // Programs that it runs are not hung up: whatever a script is at comes to its end. What goes on all the same ends with
        // the test's folder.
        let (number, step, ended) = (
            users.directory.path("number"), users.directory.path("step"), users.directory.path("ended")
        )
        let script = """
            sh -c 'echo $PPID' >\(number)
            (: >\(step); until [ ! -e \(step) ]; do sleep 0.02; done; : >\(ended)) 2>/dev/null
            while [ -e \(number) ]; do echo word; sleep 0.02; done
            """
        let task = Task { try await connection.run(RemoteScript(script), deadline: .patient) }
        try await eventually("the script is at its step") { FileManager.default.fileExists(atPath: step) }
        task.cancel()
        #expect(try await sshError { try await task.value }.code == .cancelled)
        try await eventually("sshd sees the end") { server.log.contains("Connection closed by") }
        try FileManager.default.removeItem(atPath: step)
        let process = try users.directory.read("number").trimmingCharacters(in: .whitespacesAndNewlines)
        try await eventually("the script ends") { !FileManager.default.fileExists(atPath: "/proc/\(process)") }
        #expect(FileManager.default.fileExists(atPath: ended))
    }

    @Test("a host that has taken the password goes on getting it after another has refused it")
    func refusedElsewhere() async throws {
        let source = Source(Users.password)
        // The other host wants root's password.
        let first = try Users(sudoers: "Defaults timestamp_timeout=0\nworker ALL=(root) ALL").server()
        let second = try Users(sudoers: "Defaults targetpw\nworker ALL=(root) ALL").server()
        let connection = try await open(first, source.access)
        try await check(connection)
        let other = try await open(second, source.access)
        let refusal = try await sshError { try await other.run(RemoteScript("id"), deadline: .patient) }
        #expect(refusal.message.contains("did not take the password of worker"), "\(refusal.message)")
        try await check(connection)
        // It may have been away meanwhile.
        await connection.close()
        let again = try await open(first, source.access)
        try await check(again)
        // A host that has not taken it yet is left alone.
        let third = try Users(sudoers: "worker ALL=(root) ALL").server()
        let late = try await open(third, source.access)
        let left = try await sshError { try await late.run(RemoteScript("id"), deadline: .patient) }
        #expect(left.message.contains("did not make worker root on another host"), "\(left.message)")
        for connection in [other, again, late] { await connection.close() }
    }

    @Test("a trial that is cut off is another's to make")
    func trialCutOff() async throws {
        let server = try Users(sudoers: "worker ALL=(root) ALL").server()
        let asked = Counter()
        let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let access = RootAccess(isGiven: true) {
            asked.increment()
            begun.signal()
            gate.wait()
            return .success(Users.password)
        }
        let first = try await open(server, access)
        let second = try await open(server, access)
        let trial = Task { try await first.run(RemoteScript("id -u"), deadline: .patient) }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                begun.wait()
                continuation.resume()
            }
        }
        let other = Task { try await second.run(RemoteScript("id -u"), deadline: .patient) }
        trial.cancel()
        gate.signal()
        let error = try await sshError { try await trial.value }
        #expect(error.code == .cancelled)
        #expect(try await other.value.standardOutput == Array("0\n".utf8))
        #expect(asked.value == 1)
        await second.close()
    }

    @Test("no password, and somewhere to say so", arguments: [RootAccess.Program.sudo, .su])
    func absent(program: RootAccess.Program) async throws {
        let server = try Users(sudoers: "worker ALL=(root) ALL").server()
        let missing = SSHCredentials.Missing(reason: "the vault is closed", remedy: "open the vault")
        let connection = try await open(server, RootAccess(by: program, isGiven: true) { .failure(missing) })
        let error = try await sshError { try await connection.run(RemoteScript("id"), deadline: .patient) }
        #expect(error.code == .sudoRefused)
        #expect(error.message.hasSuffix("and there is none: the vault is closed"), "\(error.message)")
        #expect(error.remedy.hasPrefix("open the vault"))
        await connection.close()
        let nobody = try await open(server, RootAccess(by: program))
        let refusal = try await sshError { try await nobody.run(RemoteScript("id"), deadline: .patient) }
        #expect(refusal.code == .sudoRefused)
        #expect(refusal.message.contains(program == .su ? "there is no terminal to ask on" : "password is required"))
        await nobody.close()
    }

    @Test("who may not become root learns which line of sudoers is missing")
    func mayNot() async throws {
        let server = try Users(sudoers: "root ALL=(ALL) ALL").server()
        let connection = try await open(server, Source(Users.password).access)
        let error = try await sshError { try await connection.run(RemoteScript("id"), deadline: .patient) }
        #expect(error.code == .sudoRefused)
        #expect(error.message.contains("not in the sudoers file"), "\(error.message)")
        #expect(error.remedy.contains("\"worker ALL=(root) ALL\""), "\(error.remedy)")
        await connection.close()
    }

    @Test("a script that was begun by a second way to root may be silent as long as any other") func idleLimit()
        async throws
    {
        let server = try Users(sudoers: "Defaults requiretty\nworker ALL=(root) NOPASSWD: ALL").server()
        let connection = try await open(server, RootAccess())
        // What a session may take until something begins in it is more.
        let error = try await sshError {
            try await connection.run(RemoteScript("exec sleep 30"), deadline: Deadline(idle: 2, total: 300))
        }
        #expect(error.code == .timedOut && error.message.contains("silent for 2 s"), "\(error.message)")
    }

    @Test(
        "while the password is in use, no argument list and no environment holds it",
        arguments: ["", "Defaults requiretty\n", "Defaults use_pty\n"], [RootAccess.Program.sudo, .su])
    func isNowhere(defaults: String, program: RootAccess.Program) async throws {
        let server = try Users(sudoers: defaults + "worker ALL=(root) ALL").server()
        let password = program == .sudo ? Users.password : Users.rootPassword
        let connection = try await open(server, Source(password, by: program).access)
        // As root, in the midst of the chain that it came through; what is looked for comes in on standard input.
        let script = """
            IFS= read -r word; read -r known
            find() { printf '%s\\n' "$1" | grep -alsF -f - /proc/[0-9]*/cmdline /proc/[0-9]*/environ; }
            find "$word"; echo looked
            [ -z "$(find "$known")" ] || echo "and would have seen it"
            """
        let known = "127.0.0.1 \(server.port)"
        let result = try await connection.run(
            RemoteScript(script, payload: [.bytes(Array("\(password)\n\(known)\n".utf8))]), deadline: .patient)
        #expect(
            String(decoding: result.standardOutput, as: UTF8.self) == "looked\nand would have seen it\n",
            "\(String(decoding: result.standardError, as: UTF8.self))")
        await connection.close()
    }
}
