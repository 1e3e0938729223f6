import Foundation
import Synchronization

/// Follows a run by the files that a host opens, and says when a moment has come.
final class JournalWatch: Sendable {
    private struct State {
        /// How many states of a change were written or are about to be.
        var states: [String: Int] = [:]
        var opens: [String: Int] = [:]
        /// The change that is being made or undone.
        var current: String?
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
    func isMoment(_ path: String) -> Bool {
        let number = Self.change(of: path)
        return state.withLock { state in
            guard !state.hasCome else { return false }
            if let number { state.states[number, default: 0] += 1 }
            let last = run == .apply ? 3 : 2
            if let number, let count = state.states[number] {
                state.current = count == last - 1 ? number : nil
            } else if let current = state.current {
                state.opens[current, default: 0] += 1
            }
            guard let point else { return false }
            let count = state.states[point.number, default: 0]
            switch point.moment {
            case .during: state.hasCome = number == nil && state.current == point.number && reached(state)
            case .finished: state.hasCome = count >= last && number != point.number
            default: state.hasCome = number == point.number && count == point.moment.state(of: run)
            }
            return state.hasCome
        }
    }

    private func reached(_ state: State) -> Bool { state.opens[point?.number ?? "", default: 0] >= midst }

    /// The number of the change whose state is about to be written: …/runs/RUN/NUMBER/state.new.
    private static func change(of path: String) -> String? {
        guard path.hasSuffix("/state.new"), path.contains("/var/lib/haprov/runs/") else { return nil }
        return path.split(separator: "/").dropLast().last.map(String.init)
    }
}
