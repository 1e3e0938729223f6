extension Console {
    /// What became of several clusters, as a table and in a sentence.
    func show(_ results: [ClusterResult]) {
        let rows = results.map { result in
            [
                result.cluster ?? result.inventory, result.verdict.rawValue, "\(result.outcome?.changes ?? 0)",
                result.drills, result.outcome == nil ? "-" : "\(result.seconds) s",
            ]
        }
        let table = Layout.table([["cluster", "result", "changes", "drill", "time"]] + rows)
        say()
        say(bold(table[0]))
        for (result, line) in zip(results, table.dropFirst()) { say(result.isFailure ? red(line) : line) }
        var counts: [ClusterResult.Verdict: Int] = [:]
        for result in results { counts[result.verdict, default: 0] += 1 }
        let words = ClusterResult.Verdict.allCases.compactMap { verdict in
            counts[verdict].map { "\($0) \(verdict.rawValue)" }
        }
        say("\(Layout.count(results.count, "cluster")): \(words.joined(separator: ", ")).")
    }
}

extension ClusterResult {
    /// How the failover drills ended.
    fileprivate var drills: String {
        guard case .list(let drills)? = outcome?.fields["drills"], !drills.isEmpty else { return "-" }
        let passed = drills.count { if case .flag(true) = $0.fields["ok"] { true } else { false } }
        return passed == drills.count ? "passed" : "failed"
    }
}
