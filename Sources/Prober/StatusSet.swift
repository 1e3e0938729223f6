/// Statuses of HTTP, such as `200,300-399`.
package struct StatusSet: Sendable, Equatable {
    /// In the order in which they were given.
    package var ranges: [ClosedRange<Int>]

    /// Of these.
    package init(_ ranges: [ClosedRange<Int>]) { self.ranges = ranges }

    /// From its text; nil where that is none.
    package init?(_ text: some StringProtocol) {
        ranges = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2, first <= last,
                (100...599).contains(first), (100...599).contains(last)
            else { return nil }
            ranges.append(first...last)
        }
    }

    /// As ``init(_:)`` reads it.
    package var text: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    package func contains(_ status: Int) -> Bool { ranges.contains { $0.contains(status) } }

    /// What the service has, or says where it is.
    package static let usual = StatusSet([200...399])
}
