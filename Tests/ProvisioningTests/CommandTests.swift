import Inventory
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

@Suite("Commands of a playbook's own")
struct CommandTests {
    private func steps(_ fields: [String: String], on host: ScratchHost) async throws -> [Step] {
        let cluster = try Samples.cluster()
        let inventoryHost = try Samples.host(in: cluster)
        let resource = try Samples.resource(
            "command", ["name": "c"].merging(fields) { $1 }, cluster: cluster, host: inventoryHost)
        return try resource.steps(
            facts: try await host.facts(resource.queries), earlier: [],
            context: PlanContext(
                cluster: cluster, host: inventoryHost, platform: EnterpriseLinux(), builds: [:], secrets: []))
    }

    @Test(
        "Run where it is needed, not again, and taken back", arguments: ScratchHost.shells,
        ["needed_if", "unless"])
    func roundTrip(shell: String, field: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/made"
        let condition = field == "unless" ? "test -e \(path)" : "test ! -e \(path)"
        let fields = ["run": "touch \(path)", "undo": "rm \(path)", field: condition]
        let before = try host.snapshot()
        let steps = try await steps(fields, on: host)
        try #require(steps.count == 1)
        let ends = field == "unless" ? "fails" : "succeeds"
        #expect(steps[0].summary == "run touch \(path): `\(condition)` \(ends)")
        #expect(try host.snapshot() == before, "to ask changes nothing")
        #expect(try await host.perform(steps).failure == nil)
        #expect(try host.snapshot()["etc/made"]?.contains(" 644 ") == true, "the umask of a login")
        #expect(try await self.steps(fields, on: host) == [])
        #expect(try await host.undo([1]).failure == nil)
        #expect(try host.snapshot() == before)
    }

    @Test("What it prints is kept; one that fails half way is taken back too", arguments: ScratchHost.shells)
    func fails(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/half"
        let program = try host.write("#!/bin/sh\ntouch \(path)\necho half way\nexit 7\n", "etc/program", mode: 0o755)
        let before = try host.snapshot()
        let steps = try await steps(
            ["run": program, "undo": "rm \(path)", "unless": "test -e \(host.root)/etc/none"], on: host)
        let outcome = try await host.perform(steps)
        #expect(outcome.failure?.cause?.contains("half way\n`\(program)` ended with 7") == true)
        #expect(host.journal("log", of: 1)?.hasPrefix("half way\n") == true)
        #expect(host.exists(path))
        #expect(try await host.undo([1]).failure == nil)
        #expect(try host.snapshot() == before)
    }

    @Test("One that leaves its condition as it was has failed", arguments: ScratchHost.shells)
    func noUse(shell: String) async throws {
        let host = try ScratchHost(shell)
        let outcome = try await host.perform(
            try await steps(["run": "true", "undo": "true", "needed_if": "true"], on: host))
        #expect(outcome.failure?.cause?.contains("`true` ended well, but `true` still succeeds") == true)
    }

    @Test("One that was kept but never begun is not taken back", arguments: ScratchHost.shells)
    func neverBegun(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/undone"
        let steps = try await steps(["run": "true", "undo": "touch \(path)", "unless": "test -e \(path)"], on: host)
        // The link is lost right before the first change.
        _ = try await host.perform(steps, overrides: "sync() { [ ! -e \"$hp_dir/0001/state\" ] || exit 1; }")
        #expect(host.state(of: 1) == "saved")
        #expect(try await host.undo([1]).failure == nil)
        #expect(!host.exists(path))
    }

    @Test("What two runs began and one undo has taken back is taken back", arguments: ScratchHost.shells)
    func twice(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/made"
        let steps = try await steps(
            ["run": "mkdir \(path)", "undo": "rmdir \(path)", "unless": "test -d \(path)"], on: host)
        #expect(try await host.perform(steps, run: "R1").failure == nil)
        #expect(try await host.perform(steps, run: "R2").failure != nil, "it is there already")
        #expect(try await host.undo([1], run: "R2").failure == nil)
        #expect(!host.exists(path))
        let undone = try await host.undo([1], run: "R1")
        #expect(undone.failure == nil)
        #expect(undone.events.contains { $0.hasPrefix("note ") && $0.contains("again, as before") })
    }

    @Test("An undo that fails says so", arguments: ScratchHost.shells)
    func undoFails(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/made"
        _ = try await host.perform(
            try await steps(["run": "touch \(path)", "undo": "false", "unless": "test -e \(path)"], on: host))
        #expect(try await host.undo([1]).failure?.cause?.contains("`false` ended with 1") == true)
        #expect(host.state(of: 1) == "undoing")
    }

    @Test(
        "What is refused",
        arguments: [
            ["needed_if": "c", "unless": "d"]: "needs one of `needed_if` and `unless`",
            [:]: "needs one of `needed_if` and `unless`",
            ["needed_if": "c | d"]: "`needed_if` is a command and its arguments",
            ["unless": "c", "name": "/etc/x"]: "`/etc/x` is not a command's name",
            ["unless": "c s3cret99"]: "`unless` holds a password",
        ])
    func refused(fields: [String: String], words: String) throws {
        let cluster = try Samples.cluster()
        let error = try #require(throws: PlaybookError.self) {
            try Samples.resource(
                "command", ["name": "c", "run": "a", "undo": "b"].merging(fields) { $1 }, cluster: cluster,
                host: try Samples.host(in: cluster), secrets: ["s3cret99"])
        }
        #expect("\(error)".contains(words), "\(error)")
    }

    @Test("A journal knows what it was")
    func fromJournal() throws {
        let change = RunCommand(
            name: "c", run: "a b", undo: "d", expected: CommandCondition(command: "e f", succeeds: true))
        #expect(ResourceKinds.change(change.function, change.arguments) as? RunCommand == change)
    }
}
