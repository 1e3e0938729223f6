import Foundation
import Synchronization

/// Follows a run by the files that a host opens, and says when a moment has come.
final class JournalWatch: Sendable {
    private struct State {
        var opens: [String: Int] = [:]
        /// The change that is being made or undone.
        var current: String?
        /// Whether the end of the point's change was seen.
        var isThrough = false
        var hasCome = false
    }
    private let state = Mutex(State())
    private let run: CrashPoint.Run
    private let point: CrashPoint?
    /// How many opens after a change's start the midst of it is.
    private let midst: Int

    /// - Parameters:
    ///   - point: nil where nothing is to happen.
    ///   - opens: how often files are opened while its change is made.
    init(_ run: CrashPoint.Run, until point: CrashPoint? = nil, opens: Int = 0) {
        self.run = run
        self.point = point
        midst = max(1, opens / 2)
    }

    /// How often files were opened while each change was made or undone, by its number.
    var opens: [String: Int] { state.withLock(\.opens) }

    var hasCome: Bool { state.withLock(\.hasCome) }

    /// Whether this is the moment; true once.
    func isMoment(_ opening: Opening) -> Bool {
        let number = Self.change(of: opening.path)
        let word = number == nil ? nil : Self.lastWord(of: opening.content)
        return state.withLock { state in
            guard !state.hasCome else { return false }
            if let number {
                if word == CrashPoint.Moment.starting.word(in: run) { state.current = number }
                if word == CrashPoint.Moment.finishing.word(in: run) {
                    state.current = nil
                    if number == point?.number { state.isThrough = true }
                }
            } else if let current = state.current {
                state.opens[current, default: 0] += 1
            }
            guard let point else { return false }
            switch point.moment {
            case .during:
                state.hasCome =
                    number == nil && state.current == point.number && state.opens[point.number, default: 0] >= midst
            case .finished: state.hasCome = state.isThrough && number != point.number
            default: state.hasCome = number == point.number && word == point.moment.word(in: run)
            }
            return state.hasCome
        }
    }

    /// The number of the change whose state is opened: …/runs/RUN/NUMBER/state.
    private static func change(of path: String) -> String? {
        guard path.hasSuffix("/state"), path.contains("/var/lib/haprov/runs/") else { return nil }
        return path.split(separator: "/").dropLast().last.map(String.init)
    }

    private static func lastWord(of state: String) -> String {
        state.split(separator: "\n").last?.split(separator: " ").first.map(String.init) ?? ""
    }
}
