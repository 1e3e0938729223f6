import Foundation
import Testing

/// Six clusters of two balancers by one command.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.clusters]))
struct ClustersTests {
    private let lab = EndToEndLab.clusters
    private static let numbers = 1...6
    private static let names = numbers.map { "web-\($0)" }

    private func path(_ number: Int) -> String { "\(lab.folder)/clusters/\(number).yml" }
    private var paths: [String] { Self.numbers.map(path) }

    /// Writes an inventory for each cluster.
    private func writeInventories(_ changes: (String, String)...) throws {
        try lab.up()
        let lines = try String(contentsOfFile: lab.inventory, encoding: .utf8).split(separator: "\n").map(String.init)
        let ssh = try #require(lines.first { $0.hasPrefix("ssh:") })
        // Three probers at a time, and one application for all: no test here judges how fast a machine is.
        let limits = "limits: { vip_moved: 60s, client_gap: 60s }"
        try FileManager.default.createDirectory(atPath: "\(lab.folder)/clusters", withIntermediateDirectories: true)
        for number in Self.numbers {
            var text = EndToEndLab.inventory(
                cluster: "web-\(number)", vip: 100 + number, balancers: [2 * number - 1, 2 * number], ssh: ssh,
                limits: limits)
            for (old, new) in changes { text = text.replacingOccurrences(of: old, with: new) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: path(number)))
        }
    }

    private func results(_ told: Told) -> [String] {
        told.summary["clusters"].list.map { "\($0["cluster"].text ?? "?") \($0["result"].text ?? "?")" }
    }

    /// A result for each cluster, where they are not all alike.
    private func all(_ result: String, but others: [Int: String] = [:]) -> [String] {
        Self.numbers.map { "web-\($0) \(others[$0] ?? result)" }
    }

    @Test(.long) func oneIsBrokenAndTheOthersEndWell() throws {
        try writeInventories()
        try lab.lab("cut", "haproxy6")

        var planned: [String] = []
        for index in 1...4 {
            let told = try lab.haprov(["plan", "--keep-going", "--shard", "\(index)/4"] + paths)
            // The third has the one that is broken.
            #expect(told.status == (index == 3 ? 4 : 2), "\(told)")
            #expect(told.summary["shard"].text == "\(index)/4")
            planned += told.summary["clusters"].list.compactMap { $0["inventory"].text }
        }
        #expect(planned.sorted() == paths, "each is in one shard")
        let none = try lab.haprov(["plan", "--shard", "7/7"] + paths)
        #expect(none.status == 0 && none.summary["clusters"] == .list([]), "\(none)")

        let told = try lab.haprov(["apply", "--yes", "--parallel", "3", "--keep-going"] + paths)
        #expect(told.status == 4 && told.summary["ok"].flag == false, "\(told)")
        #expect(results(told) == all("changed", but: [3: "failed"]), "\(told)")
        for cluster in told.summary["clusters"].list where cluster["cluster"].text != "web-3" {
            #expect(cluster["exit"].number == 0 && cluster["ok"].flag == true, "\(cluster)")
            #expect(cluster["drills"][0]["ok"].flag == true, "\(cluster)")
            #expect(cluster["run"].text != nil)
        }
        #expect(told.summary["clusters"][2]["exit"].number == 4)
        #expect(told.failures.contains { $0.hasPrefix("unreachable | haproxy6") }, "\(told.failures)")
        // Every line says whose it is, and three were at work when the first of them ended.
        #expect(told.events.dropLast().allSatisfy { Self.names.contains($0["cluster"].text ?? "") })
        let end = try #require(told.events.firstIndex { $0["type"].text == "cluster" })
        let begun = told.events[..<end].filter { $0["type"].text == "stage" }
        #expect(Set(begun.compactMap { $0["cluster"].text }) == ["web-1", "web-2", "web-3"])
        for number in Self.numbers where number != 3 {
            #expect(try ["app1"].contains(lab.get("http://172.16.122.\(100 + number)/")))
        }

        let again = try lab.haprov(["apply", "--yes"] + paths)
        #expect(again.status == 4, "\(again)")
        #expect(
            results(again)
                == all("unchanged", but: [3: "failed", 4: "not begun", 5: "not begun", 6: "not begun"]), "\(again)")

        try lab.lab("join", "haproxy6")
        try "cluster: web-5\nengine: steam\n".write(toFile: path(5), atomically: true, encoding: .utf8)
        let faulty = try lab.haprov(["apply", "--yes"] + paths)
        #expect(faulty.status == 1, "\(faulty)")
        #expect(
            faulty.summary["clusters"].list.map { $0["result"].text }
                == (1...6).map { $0 == 5 ? "failed" : "not begun" })
        let rest = try lab.haprov(["apply", "--yes", "--keep-going", "--parallel", "6"] + paths)
        #expect(rest.status == 1, "\(rest)")
        #expect(
            rest.summary["clusters"].list.map { $0["result"].text }
                == ["unchanged", "unchanged", "changed", "unchanged", "failed", "unchanged"], "\(rest)")
    }

    /// Those at work come to a known state, no further one is begun, and the same command goes on.
    @Test(.long) func CtrlCEndsThoseAtWorkAndBeginsNoOther() throws {
        try writeInventories()
        let before = try lab.haprov(["apply", "--yes", "--no-verify", "--parallel", "3"] + paths)
        #expect(before.status == 0, "\(before)")
        try writeInventories(("health_check: process", "health_check: restart-first"))
        var isPressed = false
        let told = try lab.haprov(["apply", "--yes", "--no-verify", "--parallel", "2"] + paths) { event, process in
            guard !isPressed, event["type"].text == "stage", event["name"].text?.hasPrefix("Roll ") == true else {
                return
            }
            isPressed = true
            kill(process, SIGINT)
        }
        #expect(told.status == 130, "\(told)")
        let results = told.summary["clusters"].list.map { $0["result"].text }
        #expect(results.suffix(4) == Array(repeating: "not begun", count: 4), "\(told)")
        let after = try lab.haprov(["apply", "--yes", "--no-verify", "--parallel", "3"] + paths)
        #expect(after.status == 0, "\(after)")
        let unchanged = try lab.haprov(["plan", "--parallel", "6"] + paths)
        #expect(unchanged.status == 0 && self.results(unchanged) == all("unchanged"), "\(unchanged)")
    }
}
