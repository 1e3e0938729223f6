import Testing

@testable import Planning
@testable import haprov

@Suite struct QuestionTests {
    private static func change(_ name: String) -> Step {
        .change(MakeLink(path: name, target: "/t", expected: nil))
    }

    private static func host(_ name: String, _ steps: Step...) -> HostPlan {
        HostPlan(host: name, beforeBuild: [], prepare: [], rollout: steps)
    }

    private static func plan(_ purpose: Plan.Purpose, builds: [Build] = [], _ hosts: HostPlan...) -> Plan {
        Plan(purpose: purpose, cluster: "web", builds: builds, hosts: hosts, notes: [], needsDrill: false)
    }

    private static let build = Build(
        id: BuildID("ab"), product: "haproxy", version: "1.8.25", host: "haproxy3", tarball: "haproxy-1.8.25.tar.gz",
        prefix: "/usr/local/haproxy")

    @Test func onlyHostsThatAreChangedCount() {
        let check = Step.check(.unitStaysUp("haproxy.service"))
        let plan = Self.plan(
            .apply, Self.host("haproxy1", Self.change("/a"), Self.change("/b")), Self.host("haproxy2", check),
            Self.host("haproxy3", Self.change("/a"), check))
        #expect(plan.question == "3 changes on 2 hosts in cluster web.")
    }

    @Test func aCompilationTouchesItsHost() {
        let plan = Self.plan(.apply, builds: [Self.build], Self.host("haproxy1", Self.change("/a")))
        #expect(plan.question == "1 change and 1 compilation on 2 hosts in cluster web.")
    }

    @Test func oneIsSingular() {
        #expect(Self.plan(.apply, Self.host("h", Self.change("/a"))).question == "1 change on 1 host in cluster web.")
    }

    @Test func rollbackSaysSo() {
        let undo = Step.undo(
            Undo(run: "r", number: "0001", subject: Subject("file", "/a"), summary: "undo: create /a", change: nil))
        #expect(
            Self.plan(.rollback, Self.host("a", undo, undo)).question
                == "2 changes are taken back on 1 host in cluster web.")
        #expect(
            Self.plan(.rollback, Self.host("a", undo)).question
                == "1 change is taken back on 1 host in cluster web.")
    }
}
