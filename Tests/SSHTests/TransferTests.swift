import Foundation
import HostShell
import Testing

@testable import SSH

@Suite("Payloads and output over a real sshd", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct TransferTests {
    @Test("the script's commands find the payload, bytes and files in order, nothing before or after it")
    func payload() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let file = server.directory.file("payload", Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) }))
        let result = try await connection.run(
            RemoteScript(
                "head -c 3; echo; head -c 100000 | sha256sum; cat",
                payload: [
                    .bytes(Array("one".utf8)), .file(path: file, size: 100_000),
                    .file(path: file, offset: 49, size: 2), .bytes([0, 255, 10, 10]),
                ]),
            deadline: .patient)
        let digest = try Command.run("/usr/bin/sha256sum", [file]).output.prefix(64)
        #expect(result.standardOutput == Array("one\n\(digest)  -\n".utf8) + [49, 50, 0, 255, 10, 10])
        await connection.close()
    }

    @Test("a file that is missing, or not as long as it was, is noticed before the script runs")
    func missingFile() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let mark = server.directory.path("ran")
        let short = server.directory.file("short", "abc")
        for payload in [
            RemoteScript.Payload.file(path: "/nonexistent", size: 3), .file(path: short, size: 4),
            .file(path: short, offset: 2, size: 2),
        ] {
            let error = try await sshError {
                try await connection.run(
                    RemoteScript("touch \(Shell.quote(mark))", payload: [payload]), deadline: .patient)
            }
            #expect(error.code == .localFile)
        }
        #expect(!FileManager.default.fileExists(atPath: mark))
        // Nothing was sent, so the connection is as good as before.
        #expect(try await connection.run(RemoteScript("true"), deadline: .patient).exitStatus == 0)
        await connection.close()
    }

    @Test("20 MB up while output comes down, 20 MB down, intact, with progress")
    func large() async throws {
        let server = try Server()
        let connection = try await server.connect()
        var generator = SeededGenerator(state: 20)
        let size = 20 << 20
        let data = Data((0..<size / 8).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } })
        let file = server.directory.file("large", data)
        let steps = Gathered()
        // tee writes back all that it reads: neither direction may wait for the end of the other.
        let result = try await connection.run(
            RemoteScript(
                "tee /dev/stderr | sha256sum >&2; head -c \(size) \(Shell.quote(file))",
                payload: [.file(path: file, size: size)], progress: { steps.progress($0, of: $1) }),
            deadline: .patient)
        let digest = try Command.run("/usr/bin/sha256sum", [file]).output.prefix(64)
        #expect(result.exitStatus == 0)
        #expect(result.standardError.count == size + 68)
        #expect(result.standardError.suffix(68) == Array("\(digest)  -\n".utf8))
        #expect(result.standardError.prefix(size).elementsEqual(data))
        #expect(result.standardOutput.elementsEqual(data))
        #expect(steps.steps.first == 0)
        #expect(steps.steps.last == size)
        #expect(steps.steps == steps.steps.sorted())
        #expect(steps.steps.count > 10)
        await connection.close()
    }

    @Test("new keys in the middle of transfers, as a hardened sshd asks for", arguments: ["1M", "default 1"])
    func rekeying(limit: String) async throws {
        let server = try Server(options: ["RekeyLimit \(limit)", "LogLevel DEBUG"])
        let connection = try await server.connect()
        let data = [UInt8](repeating: 0x5a, count: 8 << 20)
        let go = server.directory.path("go")
        let transfer = Task {
            try await connection.run(
                RemoteScript("cat; until [ -e \(Shell.quote(go)) ]; do sleep 0.02; done", payload: [.bytes(data)]),
                deadline: .patient)
        }
        try await eventually("new keys, after the first") {
            server.log.ranges(of: "SSH2_MSG_NEWKEYS received").count > 1
        }
        server.directory.file("go", "")
        let result = try await transfer.value
        #expect(result.exitStatus == 0)
        #expect(result.standardOutput == data)
        #expect(try await connection.run(RemoteScript("echo on"), deadline: .patient).exitStatus == 0)
        await connection.close()
    }

    @Test("a script that does not read its payload ends all the same")
    func unread() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(
            RemoteScript("echo done; exit 4", payload: [.bytes([UInt8](repeating: 7, count: 8 << 20))]),
            deadline: .patient)
        #expect(result.exitStatus == 4)
        #expect(result.standardOutput == Array("done\n".utf8))
        #expect(try await connection.run(RemoteScript("echo on"), deadline: .patient).exitStatus == 0)
        await connection.close()
    }

    @Test("a script that closes its output still gets all of its payload")
    func closedOutput() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let target = server.directory.path("target")
        let result = try await connection.run(
            RemoteScript(
                "exec >&- 2>&-; sleep 0.2; cat > \(Shell.quote(target))",
                payload: [.bytes([UInt8](repeating: 7, count: 6 << 20))]), deadline: .patient)
        #expect(result.exitStatus == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: target)).count == 6 << 20)
        await connection.close()
    }
}
