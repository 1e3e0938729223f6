import Errors
import Foundation
import Testing

@testable import Processes

@Suite("Programs of this machine")
struct CommandTests {
    @Test("what a program said and how it ended")
    func result() async throws {
        let result = try await Command(["sh", "-c", "echo out; echo err >&2; exit 3"]).run()
        #expect(result.status == 3 && result.output == "out\n" && result.errors == "err\n")
        #expect(try await Command(["sh", "-c", "kill -TERM $$"]).run().status == 128 + SIGTERM)
    }

    @Test("without blocking, output that no pipe holds")
    func output() async throws {
        let bytes = try await Command(["head", "-c", "3000000", "/dev/zero"]).output(step: "test")
        #expect(bytes == [UInt8](repeating: 0, count: 3_000_000))
        let failure = await #expect(throws: Failure.self) {
            try await Command(["sh", "-c", "echo no >&2; exit 1"]).output(step: "test")
        }
        #expect(failure?.kind == .input && failure?.cause == "no\n")
    }

    @Test("a log is appended to, by both streams")
    func log() async throws {
        let path = NSTemporaryDirectory() + "haprov-log-" + UUID().uuidString
        defer { unlink(path) }
        for _ in 0..<2 { _ = try await Command(["sh", "-c", "echo out; echo err >&2"], log: path).run() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "out\nerr\nout\nerr\n")
    }

    @Test("what cannot be started", arguments: ["/nowhere/nothing", "haprov-has-no-such-program"])
    func missing(program: String) async throws {
        let command = Command([program])
        for way in 0..<2 {
            let failure = await #expect(throws: Failure.self) {
                if way == 0 { _ = try await command.run() } else { try await command.output(step: "") }
            }
            #expect(failure?.kind == .change && failure?.step == "run \(program)")
            #expect(failure?.summary.hasPrefix("cannot be started: No such file") == true)
        }
        // Under nohup as well.
        let error = await #expect(throws: (any Error).self) {
            try await Execution(command, outlivesTerminal: true).run()
        }
        let summary = try command.failure(toStart: #require(error)).summary
        #expect(summary.hasPrefix("cannot be started: No such file"))
    }

    @Test("nothing that is open here is open there")
    func descriptors() async throws {
        // The lowest free number: dup2 would take the place of a descriptor that another test has open.
        let kept = fcntl(0, F_DUPFD, 200)
        #expect(kept >= 200)
        defer { close(kept) }
        #expect(fcntl(kept, F_GETFD) & FD_CLOEXEC == 0)
        let open = try await Command(["ls", "/proc/self/fd"]).run().output
        // The last is the folder itself.
        #expect(open == "0\n1\n2\n3\n")
    }

    @Test("signals that are ignored here end a program", arguments: ["TERM", "PIPE"])
    func signals(name: String) async throws {
        let number = name == "TERM" ? SIGTERM : SIGPIPE
        let former = signal(number, SIG_IGN)
        defer { signal(number, former) }
        #expect(try await Command(["sh", "-c", "kill -\(name) $$; exit 0"]).run().status == 128 + number)
    }

    @Test("no signal is blocked in a program")
    func blocked() async throws {
        // Of the program itself: a shell that waits for one blocks signals by its own will.
        let mask = try await Command(["grep", "SigBlk", "/proc/self/status"]).run().output
        #expect(mask.contains("0000000000000000"))
    }

    @Test("a program is waited for, not those that it leaves behind with its output")
    func leftBehind() async throws {
        let result = try await Command(["sh", "-c", "sleep 600 & echo $!"]).run()
        let pid = try #require(pid_t(result.output.dropLast()))
        #expect(kill(pid, SIGKILL) == 0, "it still ran")
    }

    @Test("started, then killed")
    func killed() async throws {
        let program = try await Command(["sleep", "600"]).start()
        #expect(!program.hasEnded && kill(program.pid, 0) == 0)
        program.kill()
        #expect(await program.wait().status == 128 + SIGKILL)
        #expect(program.hasEnded)
    }

    @Test("a task that is cancelled ends its program")
    func cancelled() async throws {
        let path = NSTemporaryDirectory() + "haprov-pid-" + UUID().uuidString
        defer { unlink(path) }
        let task = Task {
            try? await Command(["sh", "-c", "echo $$ >\(path).new; mv \(path).new \(path); exec sleep 600"]).output(
                step: "test")
        }
        // Not by a read that blocks: the threads that tests share may be all that would start the program.
        var text = ""
        for _ in 0..<1200 where text.isEmpty {
            text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            if text.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        }
        let pid = try #require(pid_t(text.dropLast()))
        try #require(pid > 0)
        task.cancel()
        _ = await task.value
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
    }

    @Test("many at a time")
    func many() async throws {
        let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
            for number in 0..<40 {
                group.addTask { try await Command(["sh", "-c", "exit \(number)"]).run().status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == Array(0..<40))
    }

    @Test("programs speak English and find those of administrators")
    func environment() async throws {
        let said = try await Command(["sh", "-c", "echo $LC_ALL $PATH"]).run().output
        #expect(said.hasPrefix("C ") && said.contains("/usr/sbin"))
    }
}
