import Foundation
import Inventory
import Provisioning
import Synchronization

/// All that a command says: plain lines, or with `--json` one object a line on standard output and nothing else.
///
/// Colour and the moving progress line appear only on a terminal.
final class Console: Sendable {
    let isJSON: Bool
    let isVerbose: Bool
    let hasColour: Bool
    private let isTerminal: Bool
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    private struct State {
        var progress = ""
        var run: String?
    }

    /// The run that this command has begun: a summary names it, however the run ends.
    var run: String? { state.withLock { $0.run } }

    func begin(run: String) { state.withLock { $0.run = run } }

    init(json: Bool, verbose: Bool, noColour: Bool) {
        isJSON = json
        isVerbose = verbose
        isTerminal = isatty(STDOUT_FILENO) == 1
        hasColour = isTerminal && !noColour && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }

    /// Seconds since the command began, to a tenth.
    var seconds: Double {
        let elapsed = (ContinuousClock.now - start).components
        let tenths = Double(elapsed.seconds * 10 + elapsed.attoseconds / 100_000_000_000_000_000)
        return tenths / 10
    }

    /// Text for people; nothing with `--json`.
    func say(_ text: String = "") {
        guard !isJSON else { return }
        state.withLock { state in
            clear(&state)
            write(text + "\n", to: STDOUT_FILENO)
        }
    }

    /// One JSON object; nothing without `--json`.
    func emit(_ object: [String: JSONValue]) {
        guard isJSON else { return }
        state.withLock { _ in write(JSONValue.object(object).line + "\n", to: STDOUT_FILENO) }
    }

    /// Text on standard error, always.
    func complain(_ text: String) {
        state.withLock { state in
            clear(&state)
            write(text + "\n", to: STDERR_FILENO)
        }
    }

    /// A line that the next one replaces; on a terminal only.
    func progress(_ text: String) {
        guard isTerminal, !isJSON else { return }
        state.withLock { state in
            clear(&state)
            state.progress = String(text.prefix(118))
            write(state.progress, to: STDOUT_FILENO)
        }
    }

    private func clear(_ state: inout State) {
        guard !state.progress.isEmpty else { return }
        write("\r\u{1B}[K", to: STDOUT_FILENO)
        state.progress = ""
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
