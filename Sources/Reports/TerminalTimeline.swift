import ProbeHistory

/// A drill at a glance, in lines of text: who held a VIP, and how its clients fared.
package struct TerminalTimeline {
    private let vip: DrillRecord.VIP
    private let start: Int
    private let end: Int
    private let givenBack: Int?

    /// Nil where nothing is known of it.
    package init?(_ vip: DrillRecord.VIP, in drill: DrillRecord) {
        guard let timeline = vip.timeline, !timeline.isEmpty else { return nil }
        self.vip = vip
        givenBack = drill.givenBack
        start = max(vip.history?.start ?? -500, -1000)
        end = max(drill.last, start + 100)
    }

    /// The lines, none of them wider than so many columns.
    package func lines(width: Int) -> [String] {
        let hosts = ([vip.from] + (vip.timeline ?? []).map(\.host)).reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let titles = hosts + ["clients"]
        let indent = (titles.map(\.count).max() ?? 0) + 2
        let columns = max(10, min(72, width - indent))
        func padded(_ title: String) -> String { title + String(repeating: " ", count: indent - title.count) }
        var lines = hosts.map { host in padded(host) + lane(of: host, columns: columns) }
        if let requests = requests(columns: columns) { lines.append(padded("clients") + requests) }
        lines.append(padded("") + axis(columns: columns))
        return lines
    }

    private func time(at column: Int, of columns: Int) -> Int { start + (end - start) * column / columns }

    private func lane(of host: String, columns: Int) -> String {
        var held = host == vip.from
        var changes = (vip.timeline ?? []).filter { $0.host == host }[...]
        var text = ""
        for column in 0..<columns {
            let until = time(at: column + 1, of: columns)
            var wasHeld = held
            while let next = changes.first, next.ms < until {
                held = next.change == "gained"
                wasHeld = wasHeld || held
                changes.removeFirst()
            }
            text += held ? "█" : wasHeld ? "▌" : "·"
        }
        return text
    }

    /// `✗` where any request failed, else how many were answered well, by the height of a bar.
    private func requests(columns: Int) -> String? {
        guard let history = vip.history, !history.requests.spans.isEmpty else { return nil }
        var columnsOf = Array(repeating: RequestHistory.Span(), count: columns)
        for (index, span) in history.requests.spans.enumerated() {
            let time = history.start + index * history.width
            guard time >= start, time < end else { continue }
            let column = min(columns - 1, (time - start) * columns / (end - start))
            columnsOf[column].good += span.good
            columnsOf[column].failed += span.failed
        }
        let highest = max(1, columnsOf.map(\.good).max() ?? 1)
        let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇"]
        return String(
            columnsOf.map { column in
                if column.failed > 0 { return "✗" }
                return column.good == 0 ? " " : bars[min(bars.count - 1, column.good * bars.count / (highest + 1))]
            })
    }

    /// A mark at the deed, one where what was broken was given back, with their times.
    private func axis(columns: Int) -> String {
        var text = ""
        for (time, label) in [(0, "0"), (givenBack ?? -1, "\(givenBack ?? 0) ms")] where time >= 0 {
            let column = (time - start) * columns / (end - start)
            guard column >= text.count, column + label.count + 1 <= columns else { continue }
            text += String(repeating: " ", count: column - text.count) + "▲" + label
        }
        return text
    }
}
