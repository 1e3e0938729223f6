import Dispatch
import Foundation
import Synchronization

/// All that a command says: plain lines, or with `--json` one object a line on standard output and nothing else.
///
/// Colour and moving progress appear only on a terminal.
final class Console: Sendable {
    let isJSON: Bool
    let isVerbose: Bool
    let hasColour: Bool
    private let terminal = Terminal()
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    private struct State {
        var board = ProgressBoard()
        var clock: (any DispatchSourceTimer)?
        /// How many others have the terminal now, and what waits for them.
        var pauses = 0
        var waiting: [(text: String, descriptor: Int32)] = []
    }

    init(json: Bool, verbose: Bool, noColour: Bool) {
        isJSON = json
        isVerbose = verbose
        hasColour = terminal.isThere && !noColour && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Seconds since the command began, to a tenth.
    var seconds: Double {
        let elapsed = (ContinuousClock.now - start).components
        let tenths = Double(elapsed.seconds * 10 + elapsed.attoseconds / 100_000_000_000_000_000)
        return tenths / 10
    }

    /// How many columns text has; nil where it goes anywhere but to a terminal.
    var width: Int? { terminal.isThere ? terminal.size.width : nil }

    /// Text for people; nothing with `--json`.
    func say(_ text: String = "") {
        guard !isJSON else { return }
        state.withLock { state in
            state.board.endPassing()
            write(state.board.erase() + text + "\n" + draw(&state), to: STDOUT_FILENO, &state)
        }
    }

    /// Does work that has the terminal to itself, such as asking for a password: meanwhile nothing moves, and what is said waits.
    func pausing<T>(_ work: () -> T) -> T {
        state.withLock { state in
            write(state.board.erase(), to: STDOUT_FILENO, &state)
            state.pauses += 1
        }
        defer {
            state.withLock { state in
                state.pauses -= 1
                guard state.pauses == 0 else { return }
                let waiting = state.waiting
                state.waiting = []
                for (text, descriptor) in waiting { write(text, to: descriptor, &state) }
                write(draw(&state), to: STDOUT_FILENO, &state)
            }
        }
        return work()
    }

    /// A question, with the cursor behind it; nothing moves until the next line is said.
    func ask(_ question: String) {
        state.withLock { state in
            state.board.clear()
            write(state.board.erase() + question, to: STDOUT_FILENO, &state)
        }
    }

    /// One JSON object; nothing without `--json`.
    func emit(_ object: [String: JSONValue]) {
        guard isJSON else { return }
        state.withLock { write(JSONValue.object(object).line + "\n", to: STDOUT_FILENO, &$0) }
    }

    /// Text on standard error, always.
    func complain(_ text: String) {
        state.withLock { state in
            write(state.board.erase(), to: STDOUT_FILENO, &state)
            // What is urgent does not wait for an answer: Ctrl-C's among it.
            write(text + "\n", to: STDERR_FILENO)
            write(draw(&state), to: STDOUT_FILENO, &state)
        }
    }

    /// Whether lines move at the bottom of the terminal.
    var isMoving: Bool { terminal.canMove && !isJSON }

    /// Changes what moves at the bottom of the terminal. Times are those since the command began. Where nothing moves, steps
    /// that take long are told of every minute.
    func progress(_ change: (inout ProgressBoard, Duration) -> Void) {
        guard !isJSON else { return }
        state.withLock { state in
            change(&state.board, ContinuousClock.now - start)
            write(draw(&state), to: STDOUT_FILENO, &state)
            if state.clock == nil, !state.board.isEmpty { state.clock = clock() }
        }
    }

    /// Nothing moves any more.
    func endProgress() {
        state.withLock { state in
            state.clock?.cancel()
            state.clock = nil
            state.board.clear()
            write(state.board.erase(), to: STDOUT_FILENO, &state)
        }
    }

    private func draw(_ state: inout State) -> String {
        guard isMoving, state.pauses == 0 else { return "" }
        let size = terminal.size
        return state.board.draw(width: size.width, height: size.height, at: ContinuousClock.now - start)
    }

    /// Lets the seconds run.
    private func clock() -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: .global())
        if isMoving {
            timer.schedule(deadline: .now() + 1, repeating: .milliseconds(250))
        } else {
            timer.schedule(deadline: .now() + 60, repeating: .seconds(60))
        }
        timer.setEventHandler { @Sendable [weak self] in
            self?.state.withLock { state in
                guard let self else { return }
                let now = ContinuousClock.now - self.start
                let text =
                    self.isMoving
                    ? self.draw(&state)
                    : state.board.lasting(.seconds(60), at: now).map { "  \(self.dim("…")) \($0)\n" }.joined()
                self.write(text, to: STDOUT_FILENO, &state)
            }
        }
        timer.resume()
        return timer
    }

    private func write(_ text: String, to descriptor: Int32, _ state: inout State) {
        guard state.pauses == 0 else {
            if !text.isEmpty { state.waiting.append((text, descriptor)) }
            return
        }
        write(text, to: descriptor)
    }

    private func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func green(_ text: String) -> String { hasColour ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
    func red(_ text: String) -> String { hasColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
    func yellow(_ text: String) -> String { hasColour ? "\u{1B}[33m\(text)\u{1B}[0m" : text }
    func dim(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
