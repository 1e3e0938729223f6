import Errors
import PlanningSamples
import Testing

@testable import Inventory
@testable import Planning

@Suite("Balancers that are left out")
struct WithoutTests {
    private static let run = RunFact(
        id: "R1", cluster: "web", command: "apply", operatorName: "me@here", started: "", result: "ok", finished: "",
        changes: 9, undone: 0)

    /// A planner for hosts without a keepalived.conf that know by which balancers they were set up.
    private static func planner(members: [(name: String, address: String)]) throws -> Planner {
        let cluster = try Samples.cluster()
        var facts: [String: Facts] = [:]
        for host in cluster.balancers where host.name != "haproxy3" {
            facts[host.name] = Samples.facts(address: "\(host.address)") { facts in
                facts.runs = [run]
                facts.members = members.map {
                    MemberFact(run: "R1", name: $0.name, address: $0.address, port: 22, user: "root")
                }
            }
        }
        var planner = Planner(
            cluster: cluster, resources: [:], facts: facts, products: [], transactions: [:], secrets: [])
        planner.without = ["haproxy3"]
        return planner
    }

    private static let all = [1, 2, 3].map { (name: "haproxy\($0)", address: "172.16.122.10\($0)") }

    private static func writing(_ text: String) -> HostPlan {
        let bytes = Array(text.utf8)
        let change = WriteFile(
            kind: "template", path: Engine.configuration, mode: "0600", owner: "root", group: "root", digest: "",
            check: "", content: .bytes(bytes), expected: nil)
        return HostPlan(host: "haproxy1", beforeBuild: [], prepare: [], rollout: [.change(change)])
    }

    @Test("What concerns one host alone goes on")
    func fine() throws {
        let planner = try Self.planner(members: Self.all)
        try planner.refuseWithout([])
        let link = Step.change(MakeLink(path: "/a", target: "/t", expected: nil))
        try planner.refuseWithout([HostPlan(host: "haproxy1", beforeBuild: [], prepare: [], rollout: [link])])
    }

    @Test("VRRP's settings are not changed without it")
    func wire() throws {
        let planner = try Self.planner(members: Self.all)
        let failure = try #require(throws: Failure.self) {
            try planner.refuseWithout([Self.writing(Samples.configuration)])
        }
        #expect(failure.kind == .preflight && failure.step == "--without")
        #expect(failure.summary.hasPrefix("keepalived.conf on haproxy1 would speak VRRP differently, and haproxy3"))
        var whole = planner
        whole.without = []
        try whole.refuseWithout([Self.writing(Samples.configuration)])
    }

    @Test("Who the balancers are is not changed without it")
    func members() throws {
        let before = [Self.all[0], Self.all[2], (name: "haproxy9", address: "172.16.122.109")]
        let planner = try Self.planner(members: before)
        let failure = try #require(throws: Failure.self) { try planner.refuseWithout([]) }
        #expect(
            failure.summary
                == "haproxy2 (172.16.122.102) has become a balancer, haproxy9 (172.16.122.109) is no longer one since run "
                + "R1, and haproxy3, which is left out, would not be told of it")
    }
}
