import Foundation
import HostShell
import Testing

@testable import SSH

@Suite("Scripts over a real sshd", .enabled(if: Server.isInstalled, Comment(rawValue: Server.missing)))
struct CommandTests {
    @Test("standard output, standard error and the exit status come back apart")
    func threeWays() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(
            RemoteScript("echo out; echo err >&2; exit 7"), deadline: .patient)
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
            deadline: .patient
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
        let result = try await connection.run(RemoteScript("kill -TERM $$; sleep 60"), deadline: .patient)
        #expect(result.exitStatus == nil)
        #expect(result.signal == "TERM")
        // The connection is still good.
        #expect(try await connection.run(RemoteScript("true"), deadline: .patient).exitStatus == 0)
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
        let result = try await connection.run(RemoteScript(script), deadline: .patient)
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
        let result = try await connection.run(RemoteScript(script), deadline: .patient)
        #expect(result.exitStatus == (script == "(exit 3)" ? 3 : 1))
        await connection.close()
    }

    @Test("the command line shows nothing of the script")
    func hidden() async throws {
        let server = try Server()
        let connection = try await server.connect()
        let result = try await connection.run(
            RemoteScript("secret_word=1; tr '\\0' ' ' < /proc/$$/cmdline; tr '\\0' ' ' < /proc/$PPID/cmdline"),
            deadline: .patient)
        let text = String(decoding: result.standardOutput, as: UTF8.self)
        #expect(text.contains("sh -c"))
        #expect(!text.contains("secret_word"))
        await connection.close()
    }

    @Test("several scripts at once on one connection run one after another")
    func queue() async throws {
        let server = try Server()
        let connection = try await server.connect()
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    let result = try await connection.run(RemoteScript("echo \(number)"), deadline: .patient)
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
                    let result = try await connection.run(RemoteScript(script), deadline: .patient)
                    #expect(result.exitStatus == 0)
                    await connection.close()
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a server that lets in but runs something else: the script did not run, and the error says what did")
    func forcedCommand() async throws {
        let server = try Server(options: ["ForceCommand echo This account is not available.; exit 1"])
        let connection = try await server.connect()
        let error = try await sshError { try await connection.run(RemoteScript("echo ran"), deadline: .patient) }
        #expect(error.code == .shellRefused)
        #expect(error.message.contains("This account is not available."))
    }

    @Test("a server that runs something without end instead: the deadline ends it, and memory stays small")
    func endlessNoise() async throws {
        let server = try Server(options: ["ForceCommand exec cat /dev/zero"])
        let connection = try await server.connect()
        let error = try await sshError {
            try await connection.run(RemoteScript("echo ran"), deadline: Deadline(idle: 60, total: 2))
        }
        #expect(error.code == .timedOut)
    }

    @Test("what login scripts print or read does no harm")
    func loginScripts() async throws {
        let noisy = try Server(options: ["ForceCommand echo noise; eval \"$SSH_ORIGINAL_COMMAND\""])
        let connection = try await noisy.connect()
        let result = try await connection.run(RemoteScript("echo mine"), deadline: .patient)
        #expect(result.standardOutput == Array("mine\n".utf8))

        let greedy = try Server(options: ["ForceCommand head -c 10 > /dev/null; eval \"$SSH_ORIGINAL_COMMAND\""])
        let robbed = try await greedy.connect()
        let mark = greedy.directory.path("ran")
        let failed = try await robbed.run(RemoteScript("true\ntouch \(Shell.quote(mark))"), deadline: .patient)
        #expect(failed.exitStatus == 125)
        #expect(String(decoding: failed.standardError, as: UTF8.self).contains("a login script took the input"))
        #expect(!FileManager.default.fileExists(atPath: mark))
    }
}
