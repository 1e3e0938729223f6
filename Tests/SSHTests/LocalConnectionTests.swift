import Foundation
import HostShell
import Testing

@testable import SSH

@Suite("The machine that haprov runs on", .enabled(if: getuid() == 0, "only root's scripts run as root"))
struct LocalConnectionTests {
    private func connection() throws(SSHError) -> LocalConnection {
        try LocalConnection(name: "here", address: "127.0.0.1", root: RootAccess())
    }

    @Test("both streams, the payload and the end are the script's") func result() async throws {
        let connection = try connection()
        let gathered = Gathered()
        let result = try await connection.run(
            RemoteScript("cat; echo two >&2; exit 7", payload: [.bytes(Array("one".utf8))]), deadline: .patient
        ) { gathered.add($0) }
        #expect(
            result == RemoteResult(exitStatus: 7, standardOutput: Array("one".utf8), standardError: Array("two\n".utf8))
        )
        #expect(gathered.output == result.standardOutput && gathered.error == result.standardError)
        let killed = try await connection.run(RemoteScript("kill -9 $$"), deadline: .patient)
        #expect(killed.exitStatus == nil && killed.signal == "KILL")
        let silent = try await connection.run(
            RemoteScript("exec </dev/null >&- 2>&-; i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; exit 3"),
            deadline: .patient)
        #expect(silent.exitStatus == 3)
        await connection.close()
        let error = try await sshError { try await connection.run(RemoteScript("true"), deadline: .patient) }
        #expect(error.code == .connectionLost)
    }

    @Test("a script that leaves its input unread ends all the same, and what both sides write at once comes through")
    func large() async throws {
        let connection = try connection()
        let bytes = (0..<8 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let unread = try await connection.run(
            RemoteScript("exit 0", payload: [.bytes(bytes)]), deadline: .patient)
        #expect(unread.exitStatus == 0)
        let echoed = try await connection.run(RemoteScript("cat", payload: [.bytes(bytes)]), deadline: .patient)
        #expect(echoed.standardOutput == bytes)
    }

    @Test("scripts have a clean environment, a session of their own and none of haprov's secrets")
    func environment() async throws {
        let result = try await connection().run(RemoteScript("env; ps -o sid= -p $$"), deadline: .patient)
        let text = String(decoding: result.standardOutput, as: UTF8.self)
        #expect(text.contains("\nLC_ALL=C\n") && text.contains("HOME=/root\n"), "\(text)")
        let session = text.split(separator: "\n").last.flatMap { Int32($0.filter(\.isNumber)) }
        #expect(session != nil && session != getsid(0))
    }

    @Test("nor has the shell that cleans it, from its first moment on") func firstEnvironment() throws {
        setenv("HAPROV_TEST_WORD", "S3CRET", 1)
        defer { unsetenv("HAPROV_TEST_WORD") }
        let output = Pipe()
        let process = try LocalRun.start("env", [0, output.fileHandleForWriting.fileDescriptor, 2])
        try output.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        var status: Int32 = 0
        #expect(waitpid(process, &status, 0) == process && status == 0)
        #expect(text.contains("PATH=") && !text.contains("S3CRET"), "\(text)")
    }

    @Test("time limits and cancelled tasks end the wait, however long the script goes on") func endings() async throws {
        let connection = try connection()
        let directory = try TemporaryDirectory()
        let fifo = directory.path("fifo")
        try #require(mkfifo(fifo, 0o600) == 0)
        // Whoever reads it waits until somebody has written.
        let script = RemoteScript("echo begun; cat \(Shell.quote(fifo))")
        let late = try await sshError { try await connection.run(script, deadline: Deadline(idle: 0.2, total: 60)) }
        #expect(late.code == .timedOut)
        let (beginning, begun) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await sshError { try await connection.run(script, deadline: .patient) { _ in begun.yield() } }
        }
        for await _ in beginning { break }
        task.cancel()
        #expect(try await task.value.code == .cancelled)
        #expect(try await connection.run(RemoteScript("true"), deadline: .patient).exitStatus == 0)
        // The readers end.
        let writer = open(fifo, O_RDWR)
        close(writer)
    }

    @Test("a script that was given up is waited for") func noZombies() async throws {
        let connection = try connection()
        let directory = try TemporaryDirectory()
        let end = directory.path("end")
        let gathered = Gathered()
        let (beginning, begun) = AsyncStream.makeStream(of: Void.self)
        let script = RemoteScript("echo $$; until [ -e \(Shell.quote(end)) ]; do sleep 0.05; done")
        let task = Task {
            try await sshError {
                try await connection.run(script, deadline: .patient) {
                    gathered.add($0)
                    begun.yield()
                }
            }
        }
        for await _ in beginning { break }
        task.cancel()
        #expect(try await task.value.code == .cancelled)
        let words = String(decoding: gathered.output, as: UTF8.self)
        var process = try #require(Int32(words.filter(\.isNumber)), "\(words)")
        // The shell that runs it, or one of those that started it: a child of ours.
        while let parent = Self.parent(of: process), parent != getpid() { process = parent }
        try #require(Self.parent(of: process) == getpid())
        try Data().write(to: URL(fileURLWithPath: end))
        try await eventually("nothing of it is left") { Self.parent(of: process) != getpid() }
    }

    /// From proc(5); nil where there is no such process.
    private static func parent(of process: Int32) -> Int32? {
        let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return text?.split(separator: ")").last?.split(separator: " ").dropFirst().first.flatMap { Int32($0) }
    }

    @Test("another machine's address is noticed") func anotherMachine() {
        #expect { try LocalConnection(name: "there", address: "192.0.2.1", root: RootAccess()) } throws: {
            ($0 as? SSHError)?.code == .notThisMachine
        }
    }
}
