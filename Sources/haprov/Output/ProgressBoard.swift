import Texts

/// The moving lines at the bottom of a terminal: one a host at work, with the seconds that its step has taken.
///
/// A value: it says what to write and writes nothing. Between two calls of ``draw(width:height:at:)`` and ``erase()``
/// nobody else may write to the terminal.
struct ProgressBoard {
    private struct Row {
        var host: String
        /// The innermost last: a build installs packages in its midst.
        var steps: [(text: String, start: Duration)]
        /// What the step itself said last.
        var detail = ""
    }

    private var rows: [Row] = []
    private var passing: (text: String, start: Duration)?
    /// The lines that are on the terminal now.
    private var drawn: [String] = []

    /// Whether there is nothing to show.
    var isEmpty: Bool { rows.isEmpty && passing == nil }

    /// A step begins on a host. Times count from any fixed moment.
    mutating func start(_ text: String, on host: String, at time: Duration) {
        let step = (text: text.printable, start: time)
        if let index = rows.firstIndex(where: { $0.host == host }) {
            rows[index].steps.append(step)
            rows[index].detail = ""
        } else {
            rows.append(Row(host: host, steps: [step]))
        }
    }

    /// What the host's step says while it runs; the next detail replaces it, and an empty one takes it away.
    mutating func detail(_ text: String, on host: String) {
        if let index = rows.firstIndex(where: { $0.host == host }) {
            rows[index].detail = text.printable
            if text.isEmpty, rows[index].steps.isEmpty { rows.remove(at: index) }
        } else if !text.isEmpty {
            rows.append(Row(host: host, steps: [], detail: text.printable))
        }
    }

    /// A step has ended, well or not.
    mutating func end(_ text: String, on host: String) {
        guard let index = rows.firstIndex(where: { $0.host == host }) else { return }
        let ended = text.printable
        if let step = rows[index].steps.lastIndex(where: { $0.text == ended }) {
            rows[index].steps.removeSubrange(step...)
        } else {
            rows[index].steps = []
        }
        rows[index].detail = ""
        if rows[index].steps.isEmpty { rows.remove(at: index) }
    }

    /// What goes on where no host is at work; the next one replaces it.
    mutating func pass(_ text: String, at time: Duration) { passing = (text.printable, time) }

    /// Nothing goes on beside the hosts.
    mutating func endPassing() { passing = nil }

    /// Forgets everything but what is on the terminal.
    mutating func clear() {
        rows = []
        passing = nil
    }

    /// Plain lines about the steps that have taken so long, for where nothing can move.
    func lasting(_ duration: Duration, at time: Duration) -> [String] {
        rows.compactMap { row in
            guard let step = row.steps.last, time - step.start >= duration else { return nil }
            return "\(row.host): \(step.text) …\(Self.elapsed(since: step.start, at: time))"
        }
    }

    /// What brings the terminal up to date; empty where it is.
    mutating func draw(width: Int, height: Int, at time: Duration) -> String {
        let lines = lines(width: width, height: height, at: time)
        guard lines != drawn else { return "" }
        guard !lines.isEmpty else { return erase() }
        let text = Self.home(drawn.count) + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J"
        drawn = lines
        return text
    }

    /// What takes the lines off the terminal, with the cursor where they began.
    mutating func erase() -> String {
        guard !drawn.isEmpty else { return "" }
        defer { drawn = [] }
        return Self.home(drawn.count) + "\u{1B}[J"
    }

    /// From the end of the last of so many lines to the beginning of the first.
    private static func home(_ count: Int) -> String { count > 1 ? "\r\u{1B}[\(count - 1)A" : "\r" }

    private func lines(width: Int, height: Int, at time: Duration) -> [String] {
        // The last column stays free: some terminals go to the next line after it.
        let room = max(width - 1, 1)
        if rows.isEmpty {
            guard let passing else { return [] }
            return [Self.fit("  \(passing.text) …\(Self.elapsed(since: passing.start, at: time))", room)]
        }
        let column = rows.map(\.host.count).max() ?? 0
        return rows.prefix(max(height - 1, 1)).map { row in
            let name = row.host + String(repeating: " ", count: column - row.host.count)
            guard let step = row.steps.last else { return Self.fit("  \(name)  \(row.detail)", room) }
            // However long the step's name is, its seconds are in sight.
            let tail = " …" + Self.elapsed(since: step.start, at: time)
            let line = Self.fit(Self.fit("  \(name)  \(step.text)", max(room - tail.count, 1)) + tail, room)
            let left = room - line.count - 2
            return row.detail.isEmpty || left < 8 ? line : "\(line)  \(Self.fit(row.detail, left))"
        }
    }

    private static func elapsed(since start: Duration, at time: Duration) -> String {
        let seconds = (time - start).components.seconds
        switch seconds {
        case ..<1: return ""
        case ..<60: return " \(seconds) s"
        default: return " \(seconds / 60) min \(seconds % 60) s"
        }
    }

    private static func fit(_ text: String, _ room: Int) -> String {
        text.count <= room ? text : text.prefix(room - 1) + "…"
    }
}
