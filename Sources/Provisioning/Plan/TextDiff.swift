/// Unified diffs of small texts, for plans.
enum TextDiff {
    /// - Returns: nil where both are the same.
    static func unified(from old: String, to new: String, path: String, context: Int = 2) -> String? {
        guard old != new else { return nil }
        let (before, after) = (lines(old), lines(new))
        var marks = before.map { (" ", $0) }
        let difference = after.difference(from: before)
        // Removals carry offsets into the old text; they are marked in place so that insertions can count past them.
        for case .remove(let offset, _, _) in difference { marks[offset].0 = "-" }
        for case .insert(let offset, let line, _) in difference {
            marks.insert(("+", line), at: position(of: offset, in: marks))
        }
        return "--- \(path)\n+++ \(path)\n" + hunks(marks, context: context)
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Where the line with this index of the new text stands among the marked lines.
    private static func position(of offset: Int, in marks: [(String, String)]) -> Int {
        var seen = 0
        for (index, mark) in marks.enumerated() where mark.0 != "-" {
            if seen == offset { return index }
            seen += 1
        }
        return marks.count
    }

    private static func hunks(_ marks: [(String, String)], context: Int) -> String {
        let changed = marks.indices.filter { marks[$0].0 != " " }
        var text = ""
        var last = -1
        for index in marks.indices where changed.contains(where: { abs($0 - index) <= context }) {
            if index != last + 1 || last == -1 {
                let oldLine = marks[..<index].count { $0.0 != "+" } + 1
                let newLine = marks[..<index].count { $0.0 != "-" } + 1
                text += "@@ -\(oldLine) +\(newLine) @@\n"
            }
            text += marks[index].0 + marks[index].1 + "\n"
            last = index
        }
        return text
    }
}
