/// What has happened, for reading after something has gone wrong: how it began, and the latest of it.
final class Trace {
    private(set) var lines: [String] = []
    private let isKept: Bool

    init(isKept: Bool) { self.isKept = isKept }

    func note(_ time: Int64, _ line: () -> String) {
        guard isKept else { return }
        lines.append("\(seconds(time)) \(line())")
        if lines.count > 150 { lines.removeSubrange(1..<31) }
    }
}
