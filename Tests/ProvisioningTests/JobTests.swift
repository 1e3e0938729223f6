import Errors
import Foundation
import HostShell
import Inventory
import PlanningSamples
import SSH
import Synchronization
import Testing

@testable import Planning
@testable import Provisioning

/// The connection is cut at every place; what was begun goes on, once, and nothing of what it says is lost.
@Suite("What is done to a host outlives the connection")
struct JobTests {
    /// What a host said, line by line.
    private final class Heard: Sendable {
        private let bytes = Mutex<[UInt8]>([])
        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
        func take(_ chunk: OutputChunk) {
            if case .standardOutput(let more) = chunk { bytes.withLock { $0 += more } }
        }
    }

    /// A link to a host whose connections are cut: the first for the first reason, and so on; the last one holds.
    private func fleet(
        _ host: ScratchHost, overrides: String = "", halfOpen: Bool = false, bytesMissing: Int = 0,
        cuts: [@Sendable () -> Bool], patience: Duration = .seconds(600),
        notes: @escaping @Sendable (String) -> Void = { _ in }
    ) -> Fleet {
        let opened = Atomic(0)
        let connect: @Sendable () -> LocalShellConnection = {
            var connection = host.connection
            connection.overrides += "\n" + overrides
            let number = opened.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < cuts.count else { return connection }
            connection.isCut = cuts[number]
            connection.isHalfOpen = halfOpen
            connection.bytesMissing = bytesMissing
            return connection
        }
        let link = Link(connect(), patience: patience, open: { connect() }, events: notes)
        return Fleet(links: ["h": link])
    }

    /// Whether a process runs; one that nobody has waited for yet does not.
    private func runs(_ process: some StringProtocol) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !text.contains(") Z ")
    }

    private func exists(_ path: String) -> @Sendable () -> Bool {
        { FileManager.default.fileExists(atPath: path) }
    }

    private func batch(_ changes: [any Change], run: String = "R1") throws -> Batch {
        try Batch(
            steps: changes.map { .change($0) }, sequence: 1, first: 1, run: ScratchHost.identity(run), cluster: "web",
            artifact: { id throws(Failure) in ("", 0) })
    }

    private func perform(_ batch: Batch, by fleet: Fleet) async throws -> (heard: String, failure: Failure?) {
        let heard = Heard()
        let reader = BatchReader(host: "h", summaries: batch.summaries, events: { _ in })
        do throws(Failure) {
            let result = try await fleet.finish(batch.job, on: "h") {
                heard.take($0)
                reader.take($0)
            }
            try reader.finish(result, command: "apply")
            return (heard.text, nil)
        } catch { return (heard.text, error) }
    }

    /// Each change waits for a file of its number, and is noted down: twice made would be seen.
    private func waiting(_ host: ScratchHost) -> String {
        """
        hp_label() {
            echo "${1##*/}" >>\(Shell.quote(host.root + "/made"))
            until [ -e \(Shell.quote(host.root))/go.${1##*/} ]; do sleep 0.02; done
        }
        """
    }

    @Test("Cut once and again, the run hears all, and each change is made once", arguments: ScratchHost.shells)
    func cut(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.makeLock(of: "R1")
        let paths = ["a", "b", "c"].map { host.root + "/etc/" + $0 }
        let made = host.root + "/made"
        @Sendable func count() -> Int { (host.text(made) ?? "").split(separator: "\n").count }
        let notes = Mutex<[String]>([])
        let fleet = fleet(
            host, overrides: waiting(host),
            cuts: [
                {
                    // What is said while nobody listens is not lost.
                    if count() == 1 { _ = try? host.write("", "go.a") }
                    return count() == 2
                },
                {
                    _ = try? host.write("", "go.b")
                    return count() == 3
                },
                {
                    _ = try? host.write("", "go.c")
                    return false
                },
            ], notes: { note in notes.withLock { $0.append(note) } })
        let (heard, failure) = try await perform(try batch(paths.map { Changes.write($0, "new\n") }), by: fleet)
        #expect(failure == nil, "\(heard)")
        #expect(host.text(made) == "a\nb\nc\n")
        #expect(
            heard.split(separator: "\n").filter { $0 != "@alive" } == [
                "@started\t0001", "@done\t0001", "@started\t0002", "@done\t0002", "@started\t0003", "@done\t0003",
                "@end",
            ])
        let told = notes.withLock { $0 }
        #expect(told.count == 4 && told[0].contains("it is tried for 600 s") && told[3] == "reached again", "\(told)")
    }

    @Test(
        "Cut while the contents are on their way, they are sent again; what still waits for them is ended",
        arguments: ScratchHost.shells)
    func cutWhileReceiving(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.makeLock(of: "R1")
        let path = host.root + "/etc/a"
        let entry = host.home + "/runs/R1/0001/new"
        let waits = Mutex("")
        let fleet = fleet(
            host, halfOpen: true, bytesMissing: 1,
            cuts: [
                {
                    // All but the last byte has arrived.
                    guard FileManager.default.fileExists(atPath: entry) else { return false }
                    waits.withLock { $0 = host.text(host.home + "/lock/script") ?? "" }
                    return true
                }
            ])
        let (heard, failure) = try await perform(try batch([Changes.write(path, "new\n")]), by: fleet)
        #expect(failure == nil, "\(heard)")
        #expect(host.text(path) == "new\n")
        let waiting = try #require(waits.withLock { $0 }.split(separator: " ").first.map(String.init))
        #expect(!runs(waiting), "who waited was ended")
    }

    @Test("A host that stays away is given up, and what was begun there comes to its end all the same")
    func staysAway() async throws {
        let host = try ScratchHost("dash")
        try host.makeLock(of: "R1")
        let (path, made) = (host.root + "/etc/a", host.root + "/made")
        let link = Link(
            {
                var connection = host.connection
                connection.overrides += "\n" + waiting(host)
                connection.isCut = exists(made)
                return connection
            }(), patience: .seconds(1),
            open: { () async throws(SSHError) in
                throw SSHError(code: .unreachable, stage: .tcp, message: "no route to host", remedy: "")
            })
        let fleet = Fleet(links: ["h": link])
        let (_, failure) = try await perform(try batch([Changes.write(path, "new\n")]), by: fleet)
        #expect(failure?.kind == .unreachable)
        #expect(
            failure?.summary.hasSuffix("reach the host again: no route to host") == true,
            "\(String(describing: failure))")
        let second = try await #require(throws: Failure.self) {
            try await fleet.run(RemoteScript("true"), on: "h", deadline: Deadline(idle: 60, total: 60))
        }
        #expect(second.summary == failure?.summary, "nobody waits for it twice")
        try host.write("", "go.a")
        for _ in 0..<600 where host.state(of: 1) != "done" { try await Task.sleep(for: .milliseconds(50)) }
        #expect(host.state(of: 1) == "done" && host.text(path) == "new\n")
    }

    @Test("A script that was killed is said to be so, once the host is reached again", arguments: ScratchHost.shells)
    func killed(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.makeLock(of: "R1")
        let (path, made) = (host.root + "/etc/a", host.root + "/made")
        let fleet = fleet(
            host, overrides: waiting(host) + "\nhp_doing() { [ $# -eq 0 ] || echo $$ >\(Shell.quote(host.root))/pid; }",
            cuts: [
                {
                    guard FileManager.default.fileExists(atPath: made),
                        let pid = host.text(host.root + "/pid").flatMap({ Int32($0.dropLast()) })
                    else { return false }
                    kill(-pid, SIGKILL)
                    return true
                }
            ])
        let (_, failure) = try await perform(try batch([Changes.write(path, "new\n")]), by: fleet)
        #expect(failure?.summary == "what was begun here was killed" && failure?.step == "write \(path)")
    }

    @Test(
        "Who is told to stop at once leaves no lock where nothing goes on, and a lock where something does",
        arguments: ScratchHost.shells)
    func released(shell: String) async throws {
        let host = try ScratchHost(shell)
        _ = try await host.shell("hp_lock R1 ann me ''")
        let (path, made) = (host.root + "/etc/a", host.root + "/made")
        let notes = Mutex<[String]>([])
        let fleet = fleet(host, overrides: waiting(host), cuts: [exists(made)], patience: .zero)
        let (_, failure) = try await perform(
            try batch([Changes.write(path, "new\n"), Changes.write(path + "b", "new\n")]), by: fleet)
        #expect(failure?.kind == .unreachable)
        let lock = HostLock(
            fleet: Fleet(connections: ["h": host.connection]), run: ScratchHost.identity("R1"),
            events: { event in if case .note(_, let text) = event { notes.withLock { $0.append(text) } } })
        await lock.release(["h"], closing: [RunEnd(run: "R1", result: "failed", time: "now")])
        #expect(host.exists(host.home + "/lock") && notes.withLock { $0.count } == 1)
        #expect(
            notes.withLock { $0.first }
                == "what was begun there comes to its end first, and then the lock can be taken over: write \(path)")
        try host.write("", "go.a")
        for _ in 0..<600 where host.state(of: 1) != "done" { try await Task.sleep(for: .milliseconds(50)) }
        // The next one waits for it, and it begins nothing more.
        let next = try await host.shell("hp_lock R2 bob me me\nhp_say end")
        #expect(String(decoding: next.standardOutput, as: UTF8.self).hasSuffix("@end\n"))
        #expect([1, 2].map { host.state(of: $0) } == ["done", "saved"] && !host.exists(path + "b"))
    }

    @Test(
        "Whoever applies next goes on with what a dead run compiles; whoever takes back ends it",
        arguments: ["keep", "end"])
    func build(kept: String) async throws {
        let host = try ScratchHost("dash")
        _ = try await host.shell("hp_lock R1 ann me")
        _ = try await host.shell(
            "mkdir -p \"$hp_home/build/B/source\" \"$hp_home/build/B/stage\" \"$hp_volatile/jobs/build-B\"")
        let (begun, go) = (host.root + "/begun", host.root + "/go")
        let job = Job(
            "build-B/step-make-1", .build, run: "R1", opening: ["hp_begin", "R1"],
            doing: [
                [
                    "build_step", "B", "make", "sh", "-c",
                    #"echo $$ >>"$1"; echo compiling; until [ -e "$2" ]; do sleep 0.02; done; echo compiled"#, "sh",
                    begun, go,
                ]
            ])
        let first = fleet(host, cuts: [exists(begun)], patience: .zero)
        await #expect(throws: Failure.self) { try await first.finish(job, on: "h") }
        let process = try #require(host.text(begun)?.dropLast())
        let taken = try await host.shell("hp_lock R2 bob other me '' \(kept)\nbuild_found B\nhp_say end")
        let said = String(decoding: taken.standardOutput, as: UTF8.self)
        guard kept == "keep" else {
            #expect(said == "@end\n")
            for _ in 0..<600 where runs(process) { try await Task.sleep(for: .milliseconds(50)) }
            #expect(!runs(process), "what it started is ended too")
            return
        }
        #expect(said == "@unpacked\n@end\n")
        try host.write("", "go")
        let heard = Heard()
        var next = job
        next.script =
            Job("build-B/step-make-1", .build, run: "R2", opening: ["hp_begin", "R2"], doing: [["false"]]).script
        let result = try await Fleet(connections: ["h": host.connection]).finish(next, on: "h") { heard.take($0) }
        #expect(result.exitStatus == 0)
        let lines = heard.text.split(separator: "\n").filter { $0 != "@alive" }
        #expect(lines.suffix(4) == ["compiling", "compiled", "@stepdone\tmake", "@end"], "\(heard.text)")
        #expect(host.text(begun)?.split(separator: "\n").count == 1, "it ran once")
        // What failed, or was killed, is no use to anybody.
        _ = try await host.shell("echo 1 >\"$hp_volatile/jobs/build-B/step-make-1/status\"")
        let found = try await host.shell("build_found B")
        #expect(found.standardOutput == [])
    }
}
