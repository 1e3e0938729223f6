import Foundation
import HostShell
import Testing

@testable import SSH

@Suite("Connections that break off", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct InterruptionTests {
    @Test("a server that wants signs of life, while we are busy, wait, or have nothing to do")
    func serverAlive() async throws {
        let server = try Server(options: ["ClientAliveInterval 1", "ClientAliveCountMax 10", "LogLevel DEBUG"])
        let connection = try await SSHConnection.open(
            server.endpoint(),
            credentials: SSHCredentials(identities: [Keys.shared.path(.ed25519)], useAgent: false),
            deadlines: SSHDeadlines(banner: 60, keyExchange: 60, authentication: 60, keepAlive: 1))
        let go = server.directory.path("go")
        let busy = Task {
            try await connection.run(
                RemoteScript(
                    "until [ -e \(Shell.quote(go)) ]; do sleep 0.02; done; wc -c",
                    payload: [.bytes([UInt8](repeating: 0x5a, count: 8 << 20))]),
                deadline: .patient)
        }
        // It asks by the channel, RFC 4254 section 5.4, so a failure of the channel is the answer.
        try await eventually("answers while a script does not read") { signs("Got 100/", in: server) >= 2 }
        server.directory.file("go", "")
        #expect(try await busy.value.standardOutput == Array("8388608\n".utf8))
        let before = signs("rtype keepalive@libssh2.org", in: server)
        try await eventually("signs of life without a script") {
            signs("rtype keepalive@libssh2.org", in: server) >= before + 2
        }
        #expect(try await connection.run(RemoteScript("echo on"), deadline: .patient).exitStatus == 0)
        await connection.close()
    }

    /// How often a server with LogLevel DEBUG has told of something.
    private func signs(_ words: String, in server: Server) -> Int { server.log.ranges(of: words).count }

    @Test("a server that hung up meanwhile is a lost connection, in the server's words")
    func hungUp() async throws {
        let server = try Server(options: ["ClientAliveInterval 1", "ClientAliveCountMax 1"])
        let connection = try await server.connect()
        try await eventually("sshd hangs up") { server.log.contains("Timeout, client not responding") }
        let error = try await sshError { try await connection.run(RemoteScript("true"), deadline: .patient) }
        #expect(error.code == .connectionLost)
        #expect(!error.message.contains("libssh2"), "\(error.message)")
    }

    @Test("a command that hangs is given up after its deadline, and the connection with it")
    func hanging() async throws {
        let server = try Server()
        let cases = [
            (Deadline(idle: 0.5, total: 60), "exec sleep 600", "was silent for 0.5 s"),
            (Deadline(idle: 60, total: 0.5), "while :; do echo; sleep 0.05; done", "did not end within 0.5 s"),
        ]
        for (deadline, script, words) in cases {
            let connection = try await server.connect()
            let error = try await sshError { try await connection.run(RemoteScript(script), deadline: deadline) }
            #expect(error.code == .timedOut)
            #expect(error.stage == .command)
            #expect(error.message.contains(words))
            let next = try await sshError { try await connection.run(RemoteScript("true"), deadline: .patient) }
            #expect(next.code == .connectionLost)
        }
    }

    @Test("an upload that the host does not take counts as silence")
    func stuckUpload() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let error = try await sshError {
            try await connection.run(
                RemoteScript("exec sleep 600", payload: [.bytes([UInt8](repeating: 1, count: 8 << 20))]),
                deadline: Deadline(idle: 1, total: 600))
        }
        #expect(error.code == .timedOut)
    }

    @Test("cancelling the task ends a silent command")
    func cancelled() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let mark = server.directory.path("running")
        let task = Task {
            try await sshError {
                try await connection.run(
                    RemoteScript(": > \(Shell.quote(mark)); exec sleep 600"),
                    deadline: Deadline(idle: 3600, total: 3600))
            }
        }
        try await eventually("the script runs") { FileManager.default.fileExists(atPath: mark) }
        task.cancel()
        #expect(try await task.value.code == .cancelled)
    }

    @Test("cancelling a script that waits for its turn leaves the running one alone")
    func cancelledInQueue() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let mark = server.directory.path("running")
        let go = server.directory.path("go")
        let first = Task {
            try await connection.run(
                RemoteScript(
                    ": > \(Shell.quote(mark)); until [ -e \(Shell.quote(go)) ]; do sleep 0.02; done; echo end"),
                deadline: .patient)
        }
        try await eventually("the script runs") { FileManager.default.fileExists(atPath: mark) }
        let second = Task { try await sshError { try await connection.run(RemoteScript("true"), deadline: .patient) } }
        second.cancel()
        server.directory.file("go", "")
        #expect(try await first.value.standardOutput == Array("end\n".utf8))
        #expect(try await second.value.code == .cancelled)
    }

    @Test("sshd killed in the middle of a command")
    func killed() async throws {
        let server = try Server()
        let connection = try await server.connect()
        // The script names the sshd of its session: it is killed, and the link with it.
        let error = try await sshError {
            try await connection.run(
                RemoteScript(
                    """
                    pid=$$
                    until [ "$(cat /proc/$pid/comm)" = sshd ]; do pid=$(sed 's/.*) . \\([0-9]*\\).*/\\1/' /proc/$pid/stat); done
                    echo killing
                    kill -9 "$pid"
                    sleep 600
                    """), deadline: .patient)
        }
        #expect(error.code == .connectionLost)
        #expect(error.stage == .command)
    }

    @Test("a connection that is let go of hangs up")
    func letGo() async throws {
        let server = try Server()
        do {
            let connection = try await server.connect()
            _ = try await connection.run(RemoteScript("true"), deadline: .patient)
        }
        try await eventually("sshd sees the end") { server.log.contains("Connection closed by 127.0.0.1") }
    }

    @Test("after close() nothing runs")
    func closed() async throws {
        let server = try Server()
        let connection = try await server.connect()
        await connection.close()
        let error = try await sshError { try await connection.run(RemoteScript("true"), deadline: .patient) }
        #expect(error.code == .connectionLost)
    }
}
