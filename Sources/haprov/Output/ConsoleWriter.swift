import Foundation
import Synchronization

/// The way to the two streams, which the consoles of several clusters share: while somebody has the terminal to himself,
/// what all of them say waits.
final class ConsoleWriter: Sendable {
    private struct State {
        /// How many have the terminal to themselves now, and what waits for them.
        var pauses = 0
        var waiting: [(text: String, descriptor: Int32)] = []
    }

    private let state = Mutex(State())

    var isPaused: Bool { state.withLock { $0.pauses > 0 } }

    func pause() { state.withLock { $0.pauses += 1 } }

    func resume() {
        state.withLock { state in
            state.pauses -= 1
            guard state.pauses == 0 else { return }
            for (text, descriptor) in state.waiting { Self.write(text, to: descriptor) }
            state.waiting = []
        }
    }

    /// Writes text in one piece, or keeps it until nobody has the terminal to himself any more.
    ///
    /// - Parameter isUrgent: whether it does not wait.
    func write(_ text: String, to descriptor: Int32, isUrgent: Bool = false) {
        guard !text.isEmpty else { return }
        state.withLock { state in
            if state.pauses > 0, !isUrgent {
                state.waiting.append((text, descriptor))
            } else {
                Self.write(text, to: descriptor)
            }
        }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
