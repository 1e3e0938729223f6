import Foundation
import Inventory
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

@Suite("Plan, apply, plan again, roll back")
struct RoundTripTests {
    /// Random things at random places, some there already, some in another way.
    private struct Wish {
        var kind: String
        var fields: [String: String]

        static func random(_ random: inout SplitMix, root: String) -> [Wish] {
            let names = ["a", "b c", "-d", "é", "$(f)", "g/h", "g/i", "g/j k/l"]
            return names.compactMap { name in
                let path = "\(root)/etc/\(name)"
                let owner = ["owner": Changes.user, "group": Changes.group]
                let mode = ["0644", "0600", "0755"].randomElement(using: &random) ?? "0644"
                let content = ["", "x\n", "x", "long\nlines\r\nhere"].randomElement(using: &random) ?? ""
                switch Int.random(in: 0..<5, using: &random) {
                case 0, 1:
                    return Wish(
                        kind: "file",
                        fields: ["path": path, "content": content, "mode": mode].merging(owner) { $1 })
                case 2:
                    return Wish(
                        kind: "link", fields: ["path": path, "target": content.isEmpty ? "/none" : "../\(name)"])
                case 3: return Wish(kind: "directory", fields: ["path": path, "mode": "0755"].merging(owner) { $1 })
                default: return nil
                }
            }
        }
    }

    @Test(arguments: 0..<6)
    func roundTrip(seed: Int) async throws {
        var random = SplitMix(state: UInt64(seed))
        let host = try ScratchHost(ScratchHost.shells[seed % 2])
        let cluster = try Samples.cluster()
        let inventoryHost = try Samples.host(in: cluster)
        func wishes() throws -> [any Resource] {
            // Where files live in a folder, the folder comes first.
            let folders = ["g", "g/j k"].map {
                Wish(
                    kind: "directory",
                    fields: [
                        "path": "\(host.root)/etc/\($0)", "owner": Changes.user, "group": Changes.group, "mode": "0755",
                    ])
            }
            return try (folders + Wish.random(&random, root: host.root)).map {
                try Samples.resource($0.kind, $0.fields, cluster: cluster, host: inventoryHost)
            }
        }
        func plan(_ resources: [any Resource], runs: [String] = []) async throws -> (Plan?, Facts) {
            let facts = try await host.facts(
                resources.flatMap(\.queries) + runs.map { ProbeQuery("probe_run", $0) })
            let planner = Planner(
                cluster: cluster, resources: ["haproxy1": HostResources(rollout: resources)],
                facts: ["haproxy1": facts], products: [], transactions: [:], secrets: [])
            // A directory where a file should be is refused, which is right.
            do { return (try planner.plan(), facts) } catch { return (nil, facts) }
        }
        var states = [try host.snapshot()]
        var runs: [String] = []
        for number in 1...4 {
            let resources = try wishes()
            guard let wanted = try await plan(resources).0 else { continue }
            if wanted.isEmpty { continue }
            runs.append("R\(number)")
            let outcome = try await host.perform(wanted.hosts.flatMap(\.rollout), run: "R\(number)")
            #expect(outcome.failure == nil, "seed \(seed), run \(number)")
            #expect(try await plan(resources).0?.isEmpty == true, "seed \(seed), run \(number): \(resources)")
            states.append(try host.snapshot())
        }
        #expect(!runs.isEmpty)
        // One run back, then all the others at once.
        let last = try #require(runs.last)
        let steps = try await undoing([last], host, cluster)
        #expect(try await host.perform(steps, run: "U1").failure == nil)
        #expect(try host.snapshot() == states[states.count - 2], "seed \(seed)")
        let rest = try await undoing(runs.dropLast().reversed(), host, cluster)
        let outcome = try await host.perform(rest, run: "U2")
        #expect(outcome.failure == nil && !outcome.events.contains { $0.hasPrefix("note") }, "\(outcome.events)")
        #expect(try host.snapshot() == states[0], "seed \(seed)")
    }

    private func undoing(_ runs: [String], _ host: ScratchHost, _ cluster: Cluster) async throws -> [Step] {
        let facts = try await host.facts(runs.map { ProbeQuery("probe_run", $0) })
        return RollbackPlanner(cluster: cluster, facts: ["haproxy1": facts], runs: runs).plan().hosts.flatMap(\.rollout)
    }
}
