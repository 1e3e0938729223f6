import ProbeHistory

/// How the requests of a drill ended, by when they were due.
package struct RequestTimeline: Sendable, Equatable, Encodable {
    /// When the first span begins, milliseconds from the deed.
    package var start: Int
    /// How long each is, milliseconds.
    package var width: Int
    package var spans: RequestHistory

    /// What comes before is of no interest, milliseconds from the deed.
    private static let earliest = -1000

    /// - Parameters:
    ///   - history: from the prober's start on.
    ///   - start: when that was, milliseconds from the deed.
    ///   - width: of one span, milliseconds.
    init(_ history: RequestHistory, start: Int, width: Int) {
        let left = max(0, (Self.earliest - start) / width)
        self.start = start + left * width
        self.width = width
        spans = RequestHistory(Array(history.spans.dropFirst(left)))
    }

    private enum CodingKeys: String, CodingKey {
        case start = "start_ms"
        case width = "width_ms"
        case spans
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(start, forKey: .start)
        try container.encode(width, forKey: .width)
        try container.encode(spans.text, forKey: .spans)
    }
}
