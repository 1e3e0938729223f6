import Errors
import Foundation
import Testing

@testable import Planning
@testable import haprov

@Suite("Plans in files") final class PlanFileTests {
    private let folder = NSTemporaryDirectory() + "haprov-plan-\(UUID().uuidString)"
    private var path: String { folder + "/plans/friday.plan" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder + "/plans", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func file(inventory: String) -> PlanFile {
        let plan = Plan(purpose: .apply, cluster: "web", builds: [], hosts: [], notes: ["n/a"], needsDrill: false)
        return PlanFile(
            haprov: "0", made: "now", by: "ann@there", inventory: inventory,
            inventoryFromHere: PlanFile.path(of: inventory, from: path), limit: "haproxy1",
            inputs: PlanInputs(
                inventory: "cluster: web", playbooks: PlaybookFolder(balancer: "", file: "b", templates: [:]),
                tarballs: [:], mask: SecretMask([])),
            plan: AgreedPlan(plan, transactions: [:], mask: SecretMask([])))
    }

    private func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }

    @Test func whatIsWrittenIsRead() throws {
        try file(inventory: folder + "/i.yml").write(to: path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix("{\"haprov_plan\":1,\n"))
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let read = try #require(try PlanFile.read(path))
        #expect(read.by == "ann@there" && read.limit == "haproxy1" && read.without == nil)
        #expect(read.plan.notes == ["n/a"] && read.inventoryFromHere == "../i.yml")
        // Once more, over itself.
        try PlanFile.refuseOther(at: path)
        try file(inventory: folder + "/i.yml").write(to: path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/plans") == ["friday.plan"])
    }

    @Test func anInventoryIsNone() throws {
        for text in ["cluster: web\n", "{ cluster: web }\n", ""] {
            try write(text)
            #expect(try PlanFile.read(path) == nil)
            #expect(throws: Failure.self) { try PlanFile.refuseOther(at: self.path) }
        }
        #expect(try PlanFile.read(folder + "/none") == nil)
        try PlanFile.refuseOther(at: folder + "/none")
    }

    @Test(arguments: [
        (#"{"haprov_plan":1,"#, "is damaged"), (#"{"haprov_plan":1,"made":"now"}"#, "is damaged"),
        (#"{"haprov_plan":2,"else":1}"#, "was made by a newer haprov"),
    ])
    func whatCannotBeReadIsRefused(text: String, why: String) throws {
        try write(text)
        let failure = try #require(throws: Failure.self) { try PlanFile.read(self.path) }
        #expect(failure.summary == "\(path) is a plan of haprov's, and \(why)")
    }

    @Test func theInventoryBesideItComesFirst() throws {
        let other = folder + "/elsewhere/i.yml"
        let plan = file(inventory: folder + "/inventories/i.yml")
        #expect(plan.inventoryFromHere == "../inventories/i.yml")
        #expect(plan.inventory(besides: path) == folder + "/inventories/i.yml", "where neither is, the one it was")
        for name in ["inventories", "elsewhere"] {
            try FileManager.default.createDirectory(atPath: folder + "/\(name)", withIntermediateDirectories: true)
        }
        try Data().write(to: URL(fileURLWithPath: folder + "/inventories/i.yml"))
        #expect(plan.inventory(besides: path).hasSuffix("/plans/../inventories/i.yml"))
        #expect(PlanFile.path(of: other, from: other) == "i.yml")
        #expect(PlanFile.path(of: "/a/b/i.yml", from: "/x.plan") == "a/b/i.yml")
    }

    @Test func itSaysItselfWhichBalancersItIsFor() throws {
        try file(inventory: folder + "/i.yml").write(to: path)
        var options = try WorkspaceOptions.parse(["--limit", "haproxy2"])
        var inventory: String? = path
        var leaving = try WithoutOptions.parse([])
        #expect(throws: Failure.self) { try PlanFile.read(&inventory, for: &options, &leaving) }
        options.limit = nil
        #expect(try PlanFile.read(&inventory, for: &options, &leaving) != nil)
        #expect(options.limit == "haproxy1" && leaving.without == nil)
        #expect(inventory == folder + "/i.yml")
    }
}
