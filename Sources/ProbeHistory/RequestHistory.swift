/// How requests ended, counted in short spans of time; what a chart of them is drawn from. One line of text:
///
///     10*35 9/1 0/10*4
///
/// is 35 spans of ten good answers each, one of nine and a failure, and four of ten failures.
package struct RequestHistory: Sendable, Equatable {
    /// What came to an end in one span.
    package struct Span: Sendable, Equatable {
        package var good: Int
        package var failed: Int

        package init(good: Int = 0, failed: Int = 0) {
            self.good = good
            self.failed = failed
        }
    }

    package var spans: [Span]

    package init(_ spans: [Span] = []) { self.spans = spans }

    /// Nil where the text is not one.
    package init?(text: some StringProtocol) {
        spans = []
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "*", omittingEmptySubsequences: false)
            let counts = parts[0].split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count <= 2, counts.count <= 2, let good = counts[0], good >= 0,
                let failed = counts.count == 2 ? counts[1] : 0, failed >= 0,
                let times = parts.count == 2 ? Int(parts[1]) : 1, (1...Self.longest).contains(times),
                spans.count + times <= Self.longest
            else { return nil }
            spans += Array(repeating: Span(good: good, failed: failed), count: times)
        }
    }

    /// More spans than a prober may run for.
    private static let longest = 1_000_000

    /// The line.
    package var text: String {
        var words: [String] = []
        var index = spans.startIndex
        while index < spans.endIndex {
            let span = spans[index]
            let end = spans[index...].firstIndex { $0 != span } ?? spans.endIndex
            let count = end - index
            words.append(
                "\(span.good)\(span.failed > 0 ? "/\(span.failed)" : "")\(count > 1 ? "*\(count)" : "")")
            index = end
        }
        return words.joined(separator: " ")
    }

    /// Counts one more request.
    ///
    /// - Parameter index: of its span; those before it that nothing ended in come into being.
    package mutating func count(good: Bool, in index: Int) {
        guard (0..<Self.longest).contains(index) else { return }
        if index >= spans.count { spans += Array(repeating: Span(), count: index + 1 - spans.count) }
        if good { spans[index].good += 1 } else { spans[index].failed += 1 }
    }

    /// The same in spans that are as many times as long.
    package func merged(by factor: Int) -> [Span] {
        guard factor > 1 else { return spans }
        return stride(from: 0, to: spans.count, by: factor).map { start in
            spans[start..<min(start + factor, spans.count)].reduce(into: Span()) {
                $0.good += $1.good
                $0.failed += $1.failed
            }
        }
    }
}
