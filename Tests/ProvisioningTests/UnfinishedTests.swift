import Testing

@testable import Planning
@testable import Provisioning

@Suite("Runs that did not come to their end")
struct UnfinishedTests {
    private static func run(
        _ id: String, _ command: String = "apply", result: String, changes: Int = 3, undone: Int = 0,
        by owner: String = "ann@there", wanted: String = "aa"
    ) -> RecordedRun {
        let fact = RunFact(
            id: id, cluster: "web", command: command, operatorName: owner, started: "", result: result, finished: "",
            changes: changes, undone: undone, wanted: wanted)
        return RecordedRun(fact: fact, hosts: ["haproxy1": fact])
    }

    private static func me(_ name: String = "ann@there", wanted: String = "aa") -> RunIdentity {
        RunIdentity(id: "R9", command: "apply", operatorName: name, started: "", wanted: wanted)
    }

    @Test("The newest run that changed anything decides")
    func newest() {
        let ok = Self.run("R2", result: "ok")
        let cut = Self.run("R3", result: "")
        #expect(UnfinishedRun([ok]) == nil)
        #expect(UnfinishedRun([cut, ok])?.id == "R3")
        #expect(UnfinishedRun([Self.run("R4", result: "failed"), cut])?.id == "R4")
        #expect(UnfinishedRun([Self.run("R4", result: "ok"), cut]) == nil, "it was completed")
        #expect(UnfinishedRun([Self.run("R4", "verify", result: "", changes: 0), cut])?.id == "R3")
        #expect(UnfinishedRun([Self.run("R4", result: "", changes: 0), ok]) == nil, "it changed nothing")
        #expect(UnfinishedRun([Self.run("R4", result: "", undone: 3), ok]) == nil, "nothing of it stands")
    }

    @Test("A rollback that was cut off is one, as long as anything stands")
    func rollback() {
        let back = Self.run("R4", "rollback", result: "", changes: 0)
        #expect(UnfinishedRun([back, Self.run("R2", result: "ok", undone: 1)])?.id == "R4")
        #expect(UnfinishedRun([back, Self.run("R2", result: "rolled-back", undone: 3)]) == nil)
        let done = Self.run("R4", "rollback", result: "ok", changes: 0)
        #expect(UnfinishedRun([done, Self.run("R2", result: "failed")]) == nil)
    }

    @Test("One's own goes on unasked as it was begun, and what failed also with another inventory; nobody else's does")
    func objections() throws {
        let cut = try #require(UnfinishedRun([Self.run("R1", result: "")]))
        #expect(cut.objection(to: Self.me()) == nil)
        #expect(cut.objection(to: Self.me("bob@there")) == "you are bob@there")
        #expect(cut.objection(to: Self.me(wanted: "bb"))?.hasPrefix("the inventory, ") == true)
        let failed = try #require(UnfinishedRun([Self.run("R1", result: "failed")]))
        #expect(failed.objection(to: Self.me(wanted: "bb")) == nil)
        #expect(failed.objection(to: Self.me("bob@there")) == "you are bob@there")
        let old = try #require(UnfinishedRun([Self.run("R1", result: "", wanted: "")]))
        #expect(old.objection(to: Self.me())?.hasPrefix("an earlier haprov ") == true)
        let rollback = Self.run("R2", "rollback", result: "", changes: 0, wanted: "")
        let back = try #require(UnfinishedRun([rollback, Self.run("R1", result: "ok")]))
        #expect(back.objection(to: Self.me()) == nil)
        #expect(back.objection(to: Self.me("bob@there")) != nil)
    }

    @Test("What was under way is the last step that has no end, or where all have one, what was begun last")
    func lastSteps() {
        func entry(_ number: String, _ state: String) -> EntryFact {
            EntryFact(
                number: number, state: state, function: "f", subject: Subject("file", "/a"), summary: "step \(number)",
                arguments: [])
        }
        var facts = Facts()
        facts.entries["R1"] = [entry("0001", "done"), entry("0002", "started"), entry("0003", "")]
        let run = Self.run("R1", result: "")
        #expect(run.lastSteps(["haproxy1": facts]).map(\.entry.number) == ["0002"])
        facts.entries["R1"] = [entry("0001", "done"), entry("0002", "done"), entry("0003", "")]
        for (index, began) in [7, 7].enumerated() { facts.entries["R1"]?[index].began = began }
        #expect(run.lastSteps(["haproxy1": facts]).map(\.entry.number) == ["0002"])
    }

    @Test("A run that left a balancer out is told of until that one has been part of another that ended well")
    func leftOut() {
        var left = Self.run("R2", result: "ok")
        left.fact.without = ["haproxy3"]
        let before = Self.run("R1", result: "ok")
        #expect(RecordedRun.leaving(out: "haproxy3", in: [left, before])?.id == "R2")
        #expect(RecordedRun.leaving(out: "haproxy2", in: [left, before]) == nil)
        var later = Self.run("R3", result: "ok")
        #expect(RecordedRun.leaving(out: "haproxy3", in: [later, left])?.id == "R2", "it had no part in it")
        later.hosts["haproxy3"] = later.fact
        #expect(RecordedRun.leaving(out: "haproxy3", in: [later, left]) == nil)
        left = Self.run("R2", result: "rolled-back", undone: 3)
        left.fact.without = ["haproxy3"]
        #expect(RecordedRun.leaving(out: "haproxy3", in: [left, before]) == nil, "it was taken back")
    }
}
