import Foundation
import Testing

@testable import SSH

let patient = Deadline(idle: 60, total: 120)

@Suite("Scripts over a real sshd", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct CommandTests {
    @Test("standard output, standard error and the exit status come back apart")
    func threeWays() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(
            RemoteScript("echo out; echo err >&2; exit 7"), deadline: patient)
        #expect(
            result
                == RemoteResult(
                    exitStatus: 7, standardOutput: Array("out\n".utf8), standardError: Array("err\n".utf8)))
        await connection.close()
    }

    @Test("the chunks delivered add up to the result")
    func chunks() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let gathered = Gathered()
        let result = try await connection.run(
            RemoteScript("i=0; while [ $i -lt 300 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done"),
            deadline: patient
        ) { gathered.add($0) }
        #expect(gathered.output == result.standardOutput)
        #expect(gathered.error == result.standardError)
        #expect(result.standardOutput.count(where: { $0 == 10 }) == 300)
        #expect(result.standardError.count(where: { $0 == 10 }) == 300)
        await connection.close()
    }

    @Test("a signal that ends the script is named")
    func signal() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(RemoteScript("kill -TERM $$; sleep 60"), deadline: patient)
        #expect(result.exitStatus == nil)
        #expect(result.signal == "TERM")
        // The connection is still good.
        #expect(try await connection.run(RemoteScript("true"), deadline: patient).exitStatus == 0)
        await connection.close()
    }

    @Test(
        "scripts arrive as they are",
        arguments: [
            ("", ""), ("#!/bin/sh\necho a", "a\n"), ("echo 'it'\\''s'", "it's\n"),
            ("printf '%s' \"\\$x `echo y`\"", "$x y"),
            ("cat <<'E'\na\\b $c\nE\n", "a\\b $c\n"), ("cat <<E\nend\nE", "end\n"), ("echo a \\\n  b\n\n\n", "a b\n"),
            ("echo ü漢🙂 # comment", "ü漢🙂\n"), ("echo a\0b", "ab\n"), ("x='\n\n'; echo \"[$x]\"", "[\n\n]\n"),
            ("f() { echo f; }\nf", "f\n"), ("echo a & wait", "a\n"), ("!  false; echo $?", "0\n"),
            ("printf '%b' '\\001\\177'", "\u{1}\u{7f}"), ("echo \"$0 $#\"", "sh 0\n"),
        ])
    func nasty(script: String, output: String) async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(RemoteScript(script), deadline: patient)
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == output)
        #expect(result.standardError == [])
        #expect(result.exitStatus == 0)
        await connection.close()
    }

    @Test(
        "a script's own exit status survives the way it is carried",
        arguments: ["false", "set -e; false; true", "(exit 3)"])
    func status(script: String) async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(RemoteScript(script), deadline: patient)
        #expect(result.exitStatus == (script == "(exit 3)" ? 3 : 1))
        await connection.close()
    }

    @Test("the command line shows nothing of the script")
    func hidden() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(
            RemoteScript("secret_word=1; tr '\\0' ' ' < /proc/$$/cmdline; tr '\\0' ' ' < /proc/$PPID/cmdline"),
            deadline: patient)
        let text = String(decoding: result.standardOutput, as: UTF8.self)
        #expect(text.contains("sh -c"))
        #expect(!text.contains("secret_word"))
        await connection.close()
    }

    @Test("the script's commands find the payload, bytes and files in order, nothing before or after it")
    func payload() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let file = server.directory.file("payload", Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) }))
        let result = try await connection.run(
            RemoteScript(
                "head -c 3; echo; head -c 100000 | sha256sum; cat",
                payload: [.bytes(Array("one".utf8)), .file(path: file, size: 100_000), .bytes([0, 255, 10, 10])]),
            deadline: patient)
        let digest = try Command.run("/usr/bin/sha256sum", [file]).output.prefix(64)
        #expect(result.standardOutput == Array("one\n\(digest)  -\n".utf8) + [0, 255, 10, 10])
        await connection.close()
    }

    @Test("a file that is missing, or not as long as it was, is noticed before the script runs")
    func missingFile() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let mark = server.directory.path("ran")
        let short = server.directory.file("short", "abc")
        for payload in [RemoteScript.Payload.file(path: "/nonexistent", size: 3), .file(path: short, size: 4)] {
            let error = try await sshError {
                try await connection.run(
                    RemoteScript("touch \(Shell.quote(mark))", payload: [payload]), deadline: patient)
            }
            #expect(error.code == .localFile)
        }
        #expect(!FileManager.default.fileExists(atPath: mark))
        // Nothing was sent, so the connection is as good as before.
        #expect(try await connection.run(RemoteScript("true"), deadline: patient).exitStatus == 0)
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
            deadline: patient)
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

    @Test("a script that does not read its payload ends all the same")
    func unread() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(
            RemoteScript("echo done; exit 4", payload: [.bytes([UInt8](repeating: 7, count: 8 << 20))]),
            deadline: patient)
        #expect(result.exitStatus == 4)
        #expect(result.standardOutput == Array("done\n".utf8))
        #expect(try await connection.run(RemoteScript("echo on"), deadline: patient).exitStatus == 0)
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
                payload: [.bytes([UInt8](repeating: 7, count: 6 << 20))]), deadline: patient)
        #expect(result.exitStatus == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: target)).count == 6 << 20)
        await connection.close()
    }

    @Test("several scripts at once on one connection run one after another")
    func queue() async throws {
        let server = try Server()
        let connection = try await server.connect()
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    let result = try await connection.run(RemoteScript("echo \(number)"), deadline: patient)
                    #expect(result.standardOutput == Array("\(number)\n".utf8))
                }
            }
            try await group.waitForAll()
        }
        await connection.close()
    }

    @Test("many hosts in parallel: none waits for another")
    func parallel() async throws {
        let servers = try (0..<12).map { _ in try Server() }
        let directory = try TemporaryDirectory()
        // Every script waits until all of them run: this ends only if they run at the same time.
        let script = """
            : > \(Shell.quote(directory.path))/$$
            while [ "$(ls \(Shell.quote(directory.path)) | wc -l)" -lt \(servers.count) ]; do sleep 0.05; done
            """
        try await withThrowingTaskGroup { group in
            for server in servers {
                group.addTask {
                    let connection = try await server.connect()
                    let result = try await connection.run(RemoteScript(script), deadline: patient)
                    #expect(result.exitStatus == 0)
                    await connection.close()
                }
            }
            try await group.waitForAll()
        }
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
            let next = try await sshError { try await connection.run(RemoteScript("true"), deadline: patient) }
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
                deadline: patient)
        }
        try await eventually("the script runs") { FileManager.default.fileExists(atPath: mark) }
        let second = Task { try await sshError { try await connection.run(RemoteScript("true"), deadline: patient) } }
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
                    """), deadline: patient)
        }
        #expect(error.code == .connectionLost)
        #expect(error.stage == .command)
    }

    @Test("after close() nothing runs")
    func closed() async throws {
        let server = try Server()
        let connection = try await server.connect()
        await connection.close()
        let error = try await sshError { try await connection.run(RemoteScript("true"), deadline: patient) }
        #expect(error.code == .connectionLost)
    }

    @Test("a server that lets in but runs something else: the script did not run, and the error says what did")
    func forcedCommand() async throws {
        let server = try Server(options: ["ForceCommand echo This account is not available.; exit 1"])
        let connection = try await server.connect()
        let error = try await sshError { try await connection.run(RemoteScript("echo ran"), deadline: patient) }
        #expect(error.code == .shellRefused)
        #expect(error.message.contains("This account is not available."))
    }

    @Test("what login scripts print or read does no harm")
    func loginScripts() async throws {
        let noisy = try Server(options: ["ForceCommand echo noise; eval \"$SSH_ORIGINAL_COMMAND\""])
        let connection = try await noisy.connect()
        let result = try await connection.run(RemoteScript("echo mine"), deadline: patient)
        #expect(result.standardOutput == Array("mine\n".utf8))

        let greedy = try Server(options: ["ForceCommand head -c 10 > /dev/null; eval \"$SSH_ORIGINAL_COMMAND\""])
        let robbed = try await greedy.connect()
        let mark = greedy.directory.path("ran")
        let failed = try await robbed.run(RemoteScript("true\ntouch \(Shell.quote(mark))"), deadline: patient)
        #expect(failed.exitStatus == 125)
        #expect(String(decoding: failed.standardError, as: UTF8.self).contains("a login script took the input"))
        #expect(!FileManager.default.fileExists(atPath: mark))
    }
}

/// What callbacks on other threads report.
final class Gathered: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var output: [UInt8] = []
    private(set) var error: [UInt8] = []
    private(set) var steps: [Int] = []

    func add(_ chunk: OutputChunk) {
        lock.withLock {
            switch chunk {
            case .standardOutput(let bytes): output += bytes
            case .standardError(let bytes): error += bytes
            }
        }
    }

    func progress(_ sent: Int, of total: Int) { lock.withLock { steps.append(sent) } }
}
