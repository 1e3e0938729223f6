import PlanningSamples
import Testing

@testable import Planning

@Suite("A host that is to speak VRRP no more")
struct RetiringTests {
    private static func entry(_ number: Int, _ function: String, _ unit: String) -> EntryFact {
        EntryFact(
            number: "000\(number)", state: "done", function: function, subject: Subject("service", unit),
            summary: "\(function) \(unit)",
            arguments: function == "service_enable" || function == "service_disable"
                ? [unit] : [unit, "60"])
    }

    /// keepalived ran before haprov, which put haprov-vrrpd in its place and restarted HAProxy, which ran too.
    private static let entries = [
        entry(1, "service_restart", "haproxy.service"), entry(2, "service_restart", "keepalived.service"),
        entry(3, "service_disable", "keepalived.service"), entry(4, "service_stop", "keepalived.service"),
        entry(5, "service_enable", "haprov-vrrpd.service"), entry(6, "service_start", "haprov-vrrpd.service"),
    ]

    private func undos(retires: Bool) throws -> [String: Bool] {
        let facts = Samples.threeHosts { all in all["haproxy3"]?.entries = ["R1": Self.entries] }
        var planner = RollbackPlanner(
            cluster: try Samples.cluster(), facts: facts.filter { $0.key == "haproxy3" }, runs: ["R1"])
        planner.retires = retires
        let steps = planner.plan().hosts.flatMap(\.steps)
        return Dictionary(
            uniqueKeysWithValues: steps.compactMap { step in
                guard case .undo(let undo) = step else { return nil }
                return (undo.number, undo.marksOnly)
            })
    }

    @Test("What haprov started is stopped; what it stopped stays so; HAProxy is as it was")
    func nothingStarts() throws {
        #expect(
            try undos(retires: true) == [
                "0001": false, "0002": true, "0003": true, "0004": true, "0005": false, "0006": false,
            ])
        #expect(try undos(retires: false).values.allSatisfy { !$0 })
    }
}
