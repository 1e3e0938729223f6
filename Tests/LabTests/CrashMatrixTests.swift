import Foundation
import Testing

/// Every moment of a run may be its last: haprov, its script on a host or the host's power ends there, and the next apply or
/// rollback puts things right.
///
/// $HAPROV_CRASH_POINTS is how many points are tried, spread over all: `all` for the whole. Each point's outcome is a line of
/// $HAPROV_CRASH_RECORD; those that have one are not tried again. $HAPROV_CRASH_SHARD, `2/4`, picks every fourth from the second
/// on.
@Suite(
    .serialized,
    .enabled(if: EndToEndTrait.areCrashesAsked, "set HAPROV_CRASH_POINTS and HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.crash], isAsked: EndToEndTrait.areCrashesAsked))
struct CrashMatrixTests {
    private static let environment = ProcessInfo.processInfo.environment

    private let lab = EndToEndLab.crash
    private let record = Self.environment["HAPROV_CRASH_RECORD"]

    @Test func anyMomentMayBeTheLast() throws {
        lab.borrowBuilds(of: .main)
        var trial = try ready()
        var points: [CrashPoint] = []
        var traces: [String: [CrashPoint.Run: [String: JournalTrace]]] = [:]
        for engine in ["keepalived", "vrrpd"] {
            let found = try trial.traces(engine: engine)
            traces[engine] = found
            for run in CrashPoint.Run.allCases {
                points += CrashPoint.all(engine: engine, run: run, traces: found[run] ?? [:])
            }
        }
        let known = tried()
        let chosen = try chosen(of: points).filter { known["\($0)"] == nil }
        say("\(points.count) points, \(chosen.count) of them to try, \(known.count) tried before")
        #expect(points.count > 500)
        for (index, point) in chosen.enumerated() {
            let start = Date()
            let opens = traces[point.engine]?[point.run]?[point.host]?.opens[point.number] ?? 0
            let faults = Result { try trial.faults(at: point, opens: opens) }
            let found: [String]
            switch faults {
            case .success(let faults): found = faults
            case .failure(let error): found = ["\(error)"]
            }
            let seconds = Int(Date().timeIntervalSince(start))
            let word = found.isEmpty ? "ok" : "FAILED"
            note("\(word) \(point)")
            say("\(index + 1) of \(chosen.count): \(word) \(point), \(seconds) s")
            guard !found.isEmpty else { continue }
            Issue.record("\(point): \(found.joined(separator: "\n"))")
            // What a fault leaves would be found in everything after it.
            try lab.down()
            trial = try ready()
        }
    }

    /// A lab of bare hosts that have been booted before, as those have whose power failed.
    private func ready() throws -> CrashTrial {
        try lab.up()
        for host in EndToEndLab.balancers {
            for power in ["off", "on"] {
                let told = try lab.lab("power", host, power)
                guard told.status == 0 else { throw Trouble("\(told)") }
            }
            try lab.on(host, "firewall-cmd --state")
        }
        return CrashTrial(
            lab: lab, inventories: ["keepalived": lab.inventory, "vrrpd": try lab.vrrpdInventory()],
            bare: try lab.snapshots())
    }

    private func chosen(of points: [CrashPoint]) throws -> [CrashPoint] {
        let words = (Self.environment["HAPROV_CRASH_SHARD"] ?? "1/1", Self.environment["HAPROV_CRASH_POINTS"] ?? "all")
        let shard = words.0.split(separator: "/").compactMap { Int($0) }
        guard shard.count == 2, shard[0] >= 1, shard[0] <= shard[1] else {
            throw Trouble("SHARD is \(words.0), not such as 2/4")
        }
        guard words.1 == "all" || (Int(words.1) ?? 0) > 0 else {
            throw Trouble("POINTS is \(words.1), neither a number nor all")
        }
        let mine = points.enumerated().filter { $0.offset % shard[1] == shard[0] - 1 }.map(\.element)
        guard let count = Int(words.1), count < mine.count else { return mine }
        // By the golden section, so that of changes, moments, victims and sequels each gets its share.
        let section = 0.618_033_988_749_895
        let places = (0..<mine.count).map { Double($0) * section }.map { $0 - $0.rounded(.down) }
        return mine.indices.sorted { places[$0] < places[$1] }.prefix(count).map { mine[$0] }
    }

    /// The outcomes on record, by point.
    private func tried() -> [String: String] {
        let lines = record.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }?.split(separator: "\n") ?? []
        return Dictionary(
            lines.compactMap { line in
                let words = line.split(separator: " ", maxSplits: 1).map(String.init)
                return words.count == 2 ? (words[1], words[0]) : nil
            }
        ) { $1 }
    }

    private func note(_ line: String) {
        guard let record else { return }
        if !FileManager.default.fileExists(atPath: record) { try? Data().write(to: URL(fileURLWithPath: record)) }
        guard let file = FileHandle(forWritingAtPath: record) else { return }
        file.seekToEndOfFile()
        file.write(Data("\(line)\n".utf8))
        try? file.close()
    }

    private func say(_ what: String) { FileHandle.standardOutput.write(Data("crashes: \(what)\n".utf8)) }
}
