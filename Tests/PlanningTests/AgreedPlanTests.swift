import Digests
import Foundation
import PlanningSamples
import Testing

@testable import Planning

@Suite("Plans that somebody agrees to")
struct AgreedPlanTests {
    private static let secret = "hunter22"
    private static let mask = SecretMask([secret])

    private static func write(_ text: String, to path: String = "/etc/a", isSecret: Bool = false) -> Step {
        let bytes = Array(text.utf8)
        return .change(
            WriteFile(
                kind: "file", path: path, mode: "0644", owner: "root", group: "root", digest: SHA256.hex(bytes),
                check: "", content: .bytes(bytes), diff: isSecret ? "(secret: 3 bytes)\n" : "+\(text)",
                isSecret: isSecret, expected: nil))
    }

    private static func link(_ path: String) -> Step {
        .change(MakeLink(path: path, target: "/t", expected: nil))
    }

    private static func plan(
        _ hosts: [HostPlan], builds: [Build] = [], packages: [String: PackageTransaction] = [:]
    ) -> AgreedPlan {
        AgreedPlan(
            Plan(purpose: .apply, cluster: "web", builds: builds, hosts: hosts, notes: [], needsDrill: false),
            transactions: packages, mask: mask)
    }

    private static func host(_ name: String, prepare: [Step] = [], _ rollout: [Step]) -> HostPlan {
        HostPlan(host: name, beforeBuild: [], prepare: prepare, rollout: rollout)
    }

    @Test("No secret is in it, nor a digest of one")
    func secrets() throws {
        let text = "auth_pass \(Self.secret)\n"
        let plan = Self.plan([Self.host("haproxy1", [Self.write(text), Self.write("p1n", to: "/k", isSecret: true)])])
        let saved = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
        for hidden in [Self.secret, SHA256.hex(Array(text.utf8)), "p1n", SHA256.hex(Array("p1n".utf8))] {
            #expect(!saved.contains(hidden), "\(saved)")
        }
        #expect(try JSONDecoder().decode(AgreedPlan.self, from: Data(saved.utf8)) == plan)
        // What is none is told from what it could be.
        #expect(plan.differences(from: Self.plan([Self.host("haproxy1", [Self.write("auth_pass x\nmore\n")])])) != [])
    }

    @Test("Of every kind of change, each difference counts, and none where there is none")
    func everyKind() {
        let steps = ResourceCase.all.flatMap { (try? $0.steps()) ?? [] }
        #expect(steps.count > 20)
        let all = Self.plan([Self.host("haproxy1", steps)])
        #expect(all.differences(from: all) == [])
        for (index, step) in steps.enumerated() {
            var less = all
            less.hosts["haproxy1"]?.steps.remove(at: index)
            #expect(all.differences(from: less) != [], "\(step.summary)")
            #expect(less.differences(from: all) != [], "\(step.summary)")
        }
    }

    @Test("The order of the hosts is no difference, that of a host's steps is")
    func order() {
        let one = Self.host("haproxy1", [Self.link("/a"), Self.link("/b")])
        let two = Self.host("haproxy2", [Self.link("/a")])
        let agreed = Self.plan([one, two])
        #expect(Self.plan([two, one]).differences(from: agreed) == [])
        let turned = Self.plan([Self.host("haproxy1", [Self.link("/b"), Self.link("/a")]), two])
        #expect(
            turned.differences(from: agreed)
                == [PlanDifference(host: "haproxy1", text: "its steps come in another order")])
        // When it is due counts too.
        let early = Self.plan([Self.host("haproxy1", prepare: [Self.link("/a")], [Self.link("/b")]), two])
        #expect(early.differences(from: agreed).map(\.host) == ["haproxy1", "haproxy1"])
    }

    @Test("What is new, gone or another is named with its host")
    func named() {
        let agreed = Self.plan([Self.host("haproxy1", [Self.write("a\n"), Self.link("/l")])])
        let now = Self.plan([
            Self.host("haproxy1", [Self.write("b\n")]), Self.host("haproxy2", [Self.link("/new")]),
        ])
        #expect(
            now.differences(from: agreed).map { "\($0.host ?? ""): \($0.text)" } == [
                "haproxy1: `change /etc/a (0644 root:root)` is another",
                "haproxy1: `link /l to /t` is no longer due", "haproxy2: `link /new to /t` is new",
            ])
    }

    @Test("Packages that the repository has by now, and compilations, are named")
    func packagesAndBuilds() {
        var old = PackageTransaction(source: "host")
        old.installs = ["psmisc-22.20-15.el7.x86_64"]
        var new = old
        new.installs = ["psmisc-22.20-17.el7.x86_64"]
        let build = Build(
            id: BuildID("b1"), product: "haproxy", version: "1.8.25", host: "haproxy3", tarball: "t.tar.gz",
            prefix: "/usr/local/haproxy")
        let host = Self.host("haproxy1", [Self.link("/a")])
        let agreed = Self.plan([host], packages: ["haproxy1": old])
        let now = Self.plan([host], builds: [build], packages: ["haproxy1": new])
        #expect(
            now.differences(from: agreed).map { "\($0.host ?? ""): \($0.text)" } == [
                "haproxy3: `compile haproxy 1.8.25 from t.tar.gz` is new",
                "haproxy1: its package manager would install psmisc-22.20-17.el7.x86_64 too and not install "
                    + "psmisc-22.20-15.el7.x86_64 by now",
            ])
        #expect(agreed.differences(from: now).first?.text == "`compile haproxy 1.8.25 from t.tar.gz` is no longer due")
        #expect(now.builder == "haproxy3" && agreed.builder == nil)
    }
}
