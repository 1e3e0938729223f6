import Errors
import HostShell
import PlanningSamples
import SSH
import Synchronization
import Testing

@testable import Planning
@testable import Provisioning

@Suite("Steps become one script")
struct BatchTests {
    private static func change(_ name: String, content: Content = .none, alone: Bool = false) -> Step {
        .change(
            Call(
                "f_\(name)", [name, "it's"], resource: "r \(name)", summary: "do \(name)", content: content,
                isBarrier: alone))
    }

    private func batch(_ steps: [Step], first: Int = 1) throws -> Batch {
        try Batch(
            steps: steps, sequence: 2, first: first, run: ScratchHost.identity("R1"), cluster: "web",
            artifact: { id throws(Failure) in ("/cache/\(id)", 7) })
    }

    private func script(_ batch: Batch) -> [String] {
        let parts = batch.job.script.text.components(separatedBy: "\n\(ShellLibrary.mark)\n")
        #expect(parts.count == 2)
        return (parts.last ?? "").split(separator: "\n").map(String.init)
    }

    @Test("All arrives before anything is done; segments end at barriers and checks; numbers count changes alone")
    func composition() throws {
        let batch = try batch(
            [
                Self.change("a", content: .bytes([1, 2, 3])), Self.change("b"),
                .check(.answers(address: "*", port: "80")),
                Self.change("c", content: .artifact(BuildID("id")), alone: true), Self.change("d", content: .bytes([])),
                Self.change("e"), .undo(Undo(run: "R0", number: "0003", resource: "r", summary: "back")),
                .undo(Undo(run: "R0", number: "0002", resource: "r", summary: "mark", marksOnly: true)),
                Self.change("f", alone: true),
            ], first: 12)
        #expect(
            script(batch) == [
                "if [ $# -eq 0 ]; then",
                "hp_open R1 3 \(JournalFormat.functions) web apply me@here 2026-01-31T09:45:00Z '' '' ''",
                "hp_claim R1-2",
                #"hp_entry 0012 f_a 'r a' 'do a' 3 0 a 'it'\''s'"#, #"hp_entry 0013 f_b 'r b' 'do b' 0 0 b 'it'\''s'"#,
                #"hp_entry 0014 f_c 'r c' 'do c' 7 0 c 'it'\''s'"#, #"hp_entry 0015 f_d 'r d' 'do d' 0 0 d 'it'\''s'"#,
                #"hp_entry 0016 f_e 'r e' 'do e' 0 0 e 'it'\''s'"#, #"hp_entry 0017 f_f 'r f' 'do f' 0 0 f 'it'\''s'"#,
                "hp_detach R1-2 change", "fi", "hp_job R1 R1-2 change",
                "hp_segment 0012 0013", "hp_check check12-1 health_port '*' 80 60", "hp_segment 0014",
                "hp_segment 0015 0016", "hp_undo R0 0003 own", "hp_mark_undone R0 0002", "hp_settle",
                "hp_segment 0017", "hp_flush", "hp_say end",
            ])
        #expect(
            batch.job.script.payload
                == [.bytes([1, 2, 3]), .file(path: "/cache/id", size: 7), .bytes([])])
        #expect(
            batch.summaries == [
                "0012": "do a", "0013": "do b", "0014": "do c", "0015": "do d", "0016": "do e", "0017": "do f",
                "check12-1": "see that something answers on *:80", "R0/0003": "back", "R0/0002": "mark",
            ])
    }

    @Test("What a change does to a file arrives after its content, as the plan showed it")
    func diffs() throws {
        var change = Call("f_a", ["a"], resource: "r a", summary: "do a", content: .bytes([1, 2, 3]))
        change.diff = "-å\n+b\n"
        let batch = try batch([.change(change)])
        #expect(script(batch).contains("hp_entry 0001 f_a 'r a' 'do a' 3 7 a"))
        #expect(batch.job.script.payload.dropFirst() == [.bytes([1, 2, 3]), .bytes(Array("-å\n+b\n".utf8))])
    }

    @Test func prelude() throws {
        var batch = try batch([Self.change("a", content: .bytes([1]))])
        batch.insert(prelude: [["package_rpms", "/d", "2"]], payload: [.bytes([2, 2])])
        let lines = script(batch)
        let place = try #require(lines.firstIndex(of: "package_rpms /d 2"))
        #expect(lines[place - 1].hasPrefix("hp_entry 0001 "), "after all contents")
        #expect(lines[place + 1] == "hp_detach R1-2 change", "before the first change")
        #expect(
            batch.job.script.payload.dropFirst() == [.bytes([1]), .bytes([2, 2])], "the functions that undo come first")
    }

    @Test(arguments: [(1, "0001"), (42, "0042"), (9999, "9999"), (10000, "10000")])
    func names(number: Int, name: String) { #expect(Batch.name(number) == name) }

    @Test func noSecretInTheScript() throws {
        let batch = try batch([Self.change("a", content: .bytes(Array("s3cret99".utf8)))])
        #expect(!batch.job.script.text.contains("s3cret99"))
    }
}

@Suite("What a batch prints becomes events and failures")
struct BatchReaderTests {
    private static let summaries = ["0001": "write a", "0002": "write b", "R0/0001": "undo c"]

    private func read(
        _ output: String, status: Int? = 0, error: String = "", command: String = "apply", chunk: Int = 7
    ) -> (events: [String], failure: Failure?, done: Int) {
        let seen = Mutex<[String]>([])
        let reader = BatchReader(
            host: "h1", summaries: Self.summaries,
            events: { event in
                let text =
                    switch event {
                    case .started(let host, let summary): "\(host) started \(summary)"
                    case .finished(let host, let summary): "\(host) finished \(summary)"
                    case .failed(let host, let summary): "\(host) failed \(summary)"
                    case .note(let host, let text): "\(host ?? "") note \(text)"
                    default: "other"
                    }
                seen.withLock { $0.append(text) }
            })
        var rest = Array(output.utf8)[...]
        while !rest.isEmpty {
            reader.take(.standardOutput(Array(rest.prefix(chunk))))
            reader.take(.standardError(Array("@failed\t0001\n".utf8)))
            rest = rest.dropFirst(chunk)
        }
        var failure: Failure?
        do throws(Failure) {
            try reader.finish(
                RemoteResult(exitStatus: status, standardError: Array(error.utf8)), command: command)
        } catch { failure = error }
        return (seen.withLock { $0 }, failure, reader.done)
    }

    @Test("Cut anywhere, the output means the same", arguments: [1, 3, 1000])
    func success(chunk: Int) {
        let found = read(
            "noise\n@started\t0001\n@alive\n@done\t0001\n@started\tR0/0001\n@note\tR0/0001\tmind this\n"
                + "@undone\tR0/0001\n@started\tunnamed\n@done\tunnamed\n@end\n", chunk: chunk)
        #expect(
            found.events == [
                "h1 started write a", "h1 finished write a", "h1 started undo c", "h1 note mind this",
                "h1 finished undo c", "h1 started unnamed", "h1 finished unnamed",
            ])
        #expect(found.failure == nil && found.done == 3)
    }

    @Test func failed() {
        let output = "@started\t0002\n@failed\t0002\t1\t/var/lib/haprov/runs/R1/0002/log\n@log\tline 1\n@log\tline 2\n"
        #expect(
            read(output, status: 1).failure
                == Failure(
                    .change, host: "h1", step: "write b", summary: "it failed: line 2",
                    remedy:
                        "`haprov apply` again goes on from here; `haprov rollback` takes this run back. The "
                        + "whole log is /var/lib/haprov/runs/R1/0002/log on h1.", cause: "line 1\nline 2"))
        #expect(
            read(output, status: 1, command: "rollback").failure?.remedy
                == "`haprov rollback` again goes on from here: what is undone already is passed over. The whole log is "
                + "/var/lib/haprov/runs/R1/0002/log on h1.")
        let check = read("@started\tcheck1-1\n@failed\tcheck1-1\t1\t\n", status: 1).failure
        #expect(
            check?.step == "check1-1" && check?.remedy.hasSuffix("takes this run back.") == true, "a check has no log")
    }

    @Test func longLog() {
        let lines = (1...20).map { "@log\t\($0)\n" }.joined()
        #expect(
            read("@failed\t0001\t1\t\n" + lines, status: 1).failure?.cause
                == (9...20).map(String.init).joined(separator: "\n"))
    }

    @Test func died() {
        #expect(
            read("@die\tcannot write to /x\n", status: 1).failure
                == Failure(
                    .change, host: "h1", step: "start", summary: "cannot write to /x",
                    remedy: "Put that right on h1, then run haprov again: it goes on from there."))
    }

    @Test(
        "Neither an end without status 0 nor status 0 without an end is success",
        arguments: [("@started\t0001\n", 0, "0"), ("@end\n", 3, "3"), ("", nil, "unknown"), ("@end", 0, "0")])
    func endedEarly(output: String, status: Int?, word: String) {
        let failure = read(output, status: status, error: "sh: no space left").failure
        #expect(failure?.summary == "the host's shell ended early with status \(word)")
        #expect(failure?.step == (output.contains("started") ? "write a" : "script"))
        #expect(failure?.cause == "sh: no space left" && failure?.remedy == "Run haprov again.")
    }
}
