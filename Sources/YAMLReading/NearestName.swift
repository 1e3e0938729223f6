/// Finds the known word that a mistyped one was meant to be.
package enum NearestName {
    /// The nearest candidate, or nil where none is near enough to be worth naming.
    package static func of(_ word: String, among candidates: [String]) -> String? {
        let plain = normalised(word)
        if let same = candidates.first(where: { normalised($0) == plain }) { return same }
        let allowed = word.count < 4 ? 1 : word.count < 8 ? 2 : 3
        let measured = candidates.map { ($0, distance(plain, normalised($0))) }
        if let best = measured.min(by: { $0.1 < $1.1 }), best.1 <= allowed, best.1 < min(word.count, best.0.count) {
            return best.0
        }
        // `router_id` for `virtual_router_id`, `check` for `health_check`.
        guard word.count >= 3 else { return nil }
        let holding = candidates.filter { normalised($0).contains(plain) || plain.contains(normalised($0)) }
        return holding.count == 1 ? holding.first : nil
    }

    private static func normalised(_ word: String) -> String {
        String(word.lowercased().map { $0 == "-" ? "_" : $0 })
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var rows = [Array(0...right.count)]
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var cost = min(
                    rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, rows[i - 1][j - 1] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
