import ProbeHistory

/// A span of a drill as a drawing: who held a VIP, and how its clients fared. Positions are shares of the span, so that the
/// drawing may be as wide as the page is.
struct DrillChart {
    /// Milliseconds from the deed.
    var start: Int
    var end: Int
    var vip: DrillRecord.VIP
    /// The balancers whose lanes are drawn, in order.
    var hosts: [String]
    /// Moments that are worth a line, milliseconds from the deed.
    var moments: [Int]

    private static let columns = 500
    private static let height = 48

    private var length: Int { max(1, end - start) }

    /// One part of a lane in which its host held the VIP, milliseconds.
    private func spans(of host: String) -> [(start: Int, end: Int)] {
        var held = host == vip.from
        var since = start
        var spans: [(start: Int, end: Int)] = []
        for change in vip.timeline ?? [] where change.host == host {
            let gained = change.change == "gained"
            if gained == held { continue }
            if held { spans.append((since, change.ms)) }
            since = change.ms
            held = gained
        }
        if held { spans.append((since, end)) }
        return spans.map { (max($0.start, start), min($0.end, end)) }.filter { $0.0 < $0.1 }
    }

    /// All of it, as HTML.
    func html(_ words: ReportWords) -> String {
        var result = "<div class=\"chart\">\n"
        for host in hosts {
            let bars = spans(of: host).map { span in
                "<rect class=\"held\" x=\"\(x(span.start))\" y=\"2\" width=\"\(width(span.end - span.start))\" height=\"12\"/>"
            }
            result += lane(Markup.escape(host), height: 16, bars.joined())
        }
        if let requests = requestBars() {
            result += lane(Markup.escape(words.requests), height: Self.height, requests)
        }
        return result + axis(words) + "</div>\n"
    }

    private func lane(_ title: String, height: Int, _ content: String) -> String {
        let lines = moments.filter { $0 > start && $0 < end }.map {
            "<line class=\"moment\" x1=\"\(x($0))\" x2=\"\(x($0))\" y1=\"0\" y2=\"\(height)\"/>"
        }
        return """
            <div class="lane"><span class="who">\(title)</span><svg viewBox="0 0 1000 \(height)" height="\(height)" \
            preserveAspectRatio="none" aria-hidden="true">\(content)\(lines.joined())</svg></div>

            """
    }

    /// Good answers below, failures above them; nil where nothing is known of requests.
    private func requestBars() -> String? {
        guard let history = vip.history, !history.requests.spans.isEmpty else { return nil }
        let factor = max(1, length / history.width / Self.columns)
        let step = factor * history.width
        let spans = history.requests.merged(by: factor)
        let highest = max(1, spans.map { $0.good + $0.failed }.max() ?? 1)
        var (good, failed) = ("", "")
        for (index, span) in spans.enumerated() {
            let time = history.start + index * step
            guard time + step > start, time < end, span.good + span.failed > 0 else { continue }
            let (left, right) = (x(max(time, start)), x(min(time + step, end)))
            let level = Self.height - span.good * Self.height / highest
            if span.good > 0 { good += "M\(left) \(Self.height)V\(level)H\(right)V\(Self.height)Z" }
            if span.failed > 0 {
                let top = level - max(1, span.failed * Self.height / highest)
                failed += "M\(left) \(level)V\(max(0, top))H\(right)V\(level)Z"
            }
        }
        return "<path class=\"good\" d=\"\(good)\"/><path class=\"failed\" d=\"\(failed)\"/>"
    }

    private func axis(_ words: ReportWords) -> String {
        let steps = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000]
        let step = steps.first { length / $0 <= 6 } ?? 300_000
        let first = (start >= 0 ? (start + step - 1) / step : start / step) * step
        let marks = stride(from: first, to: end, by: step).map { time in
            let place = Markup.percent(time - start, of: length)
            let isLate = (time - start) * 10 > length * 9
            return "<span\(isLate ? " class=\"late\"" : "") style=\"left:\(place)\">\(words.time(time))</span>"
        }
        return "<div class=\"lane\"><span class=\"who\"></span><div class=\"axis\">\(marks.joined())</div></div>\n"
    }

    /// A time's place among 1000, with a digit after the point.
    private func x(_ time: Int) -> String { tenths((time - start) * 10_000 / length) }
    private func width(_ time: Int) -> String { tenths(max(20, time * 10_000 / length)) }
    private func tenths(_ value: Int) -> String { "\(value / 10).\(abs(value % 10))" }
}

extension DrillChart {
    /// What is drawn of a VIP in a drill: the whole of it, and from close by how it moved and how it returned.
    static func all(of vip: DrillRecord.VIP, in drill: DrillRecord, words: ReportWords) -> [(
        title: String, chart: DrillChart
    )] {
        let hosts = ([vip.from] + (vip.timeline ?? []).map(\.host)).reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let moments = [0] + [drill.givenBack].compactMap { $0 }
        let begin = vip.history.map { max($0.start, -1000) } ?? -500
        func chart(_ start: Int, _ end: Int) -> DrillChart {
            DrillChart(start: start, end: max(end, start + 100), vip: vip, hosts: hosts, moments: moments)
        }
        var charts = [(words.whole, chart(begin, drill.last))]
        guard vip.history != nil || vip.to != nil else { return charts }
        let moved = max(vip.vipMoved ?? 0, vip.clientGap ?? 0)
        if moved > 0, moved < drill.last / 3 { charts.append((words.closely, chart(max(begin, -300), moved + 700))) }
        if let back = drill.givenBack, vip.to != nil {
            let changes = (vip.timeline ?? []).map(\.ms).filter { $0 >= back }
            if let last = changes.max() {
                let end = max(last, last + (vip.returnGap ?? 0)) + 700
                charts.append((words.return, chart((changes.min() ?? back) - 700, end)))
            }
        }
        return charts
    }
}
