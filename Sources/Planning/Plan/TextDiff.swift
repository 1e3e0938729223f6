/// Unified diffs of small texts, for plans: what `diff -U2` prints, and `patch` takes.
package enum TextDiff {
    /// - Returns: nil where both are the same.
    package static func unified(from old: String, to new: String, path: String, context: Int = 2) -> String? {
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

    /// The lines with their ends: a last one without is another line than one with.
    ///
    /// Cut as bytes: in a string, a carriage return and the newline after it are one character.
    private static func lines(_ text: String) -> [String] {
        var rest = Array(text.utf8)[...]
        var lines: [String] = []
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: rest[...newline], as: UTF8.self))
            rest = rest[(newline + 1)...]
        }
        if !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
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
        var shown = [Bool](repeating: false, count: marks.count)
        for index in marks.indices where marks[index].0 != " " {
            for near in max(0, index - context)...min(marks.count - 1, index + context) { shown[near] = true }
        }
        var text = ""
        var (start, oldLine, newLine) = (0, 1, 1)
        while let first = shown[start...].firstIndex(of: true) {
            let end = shown[first...].firstIndex(of: false) ?? marks.endIndex
            // What is not shown is the same in both.
            (oldLine, newLine) = (oldLine + first - start, newLine + first - start)
            let hunk = marks[first..<end]
            let (oldCount, newCount) = (hunk.count { $0.0 != "+" }, hunk.count { $0.0 != "-" })
            text += "@@ -\(range(oldLine, oldCount)) +\(range(newLine, newCount)) @@\n"
            for (sign, line) in hunk {
                text += sign + line
                if line.utf8.last != UInt8(ascii: "\n") { text += "\n\\ No newline at end of file\n" }
            }
            (start, oldLine, newLine) = (end, oldLine + oldCount, newLine + newCount)
        }
        return text
    }

    /// As `diff` writes it: a count of one is left out, and an empty range stands after the line before it.
    private static func range(_ line: Int, _ count: Int) -> String {
        switch count {
        case 0: "\(line - 1),0"
        case 1: "\(line)"
        default: "\(line),\(count)"
        }
    }
}
