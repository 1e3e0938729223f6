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
    /// The cluster that it speaks for, where there are several.
    private let cluster: String?
    /// Whether other clusters are worked on at the same time: then nothing moves, and nobody is asked.
    let isOneOfSeveral: Bool
    private let terminal = Terminal()
    private let writer: ConsoleWriter
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    private struct State {
        var board = ProgressBoard()
        var page = PageDrawing()
        var clock: (any DispatchSourceTimer)?
    }

    init(json: Bool, verbose: Bool, noColour: Bool) {
        isJSON = json
        isVerbose = verbose
        hasColour = terminal.isThere && !noColour && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        (cluster, isOneOfSeveral) = (nil, false)
        writer = ConsoleWriter()
    }

    /// For one cluster among several: each of its lines begins with the cluster's name, each JSON object has it.
    ///
    /// - Parameters:
    ///   - cluster: nil where it has no name, since its inventory is faulty: what is said of that names the file.
    ///   - console: of the command.
    ///   - isAlone: whether no other cluster is worked on meanwhile.
    init(of cluster: String?, among console: Console, isAlone: Bool) {
        isJSON = console.isJSON
        isVerbose = console.isVerbose
        hasColour = console.hasColour
        self.cluster = cluster
        isOneOfSeveral = !isAlone
        writer = console.writer
    }

    /// Seconds since the command began, to a tenth.
    var seconds: Double { start.secondsSince }

    /// How many columns text has; nil where it goes anywhere but to a terminal.
    var width: Int? { terminal.isThere ? max(terminal.size.width - label.count, 1) : nil }

    /// What stands in front of each line.
    private var label: String { cluster.map { "\($0) | " } ?? "" }

    private func labelled(_ text: String) -> String {
        guard cluster != nil else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { dim(label) + $0 }
            .joined(separator: "\n")
    }

    /// Text for people; nothing with `--json`.
    func say(_ text: String = "") {
        guard !isJSON else { return }
        state.withLock { state in
            state.board.endPassing()
            writer.write(state.board.erase() + labelled(text) + "\n" + draw(&state), to: STDOUT_FILENO)
        }
    }

    /// A page in the place of the one before; where nothing can move, after it. Nothing with `--json`.
    func show(page lines: [String]) {
        guard !isJSON else { return }
        guard isMoving else {
            for line in lines + [""] { say(line) }
            return
        }
        state.withLock { state in
            state.board.clear()
            let erased = state.board.erase()
            writer.write(erased + state.page.draw(lines, height: terminal.size.height), to: STDOUT_FILENO)
        }
    }

    /// Gives the terminal back as it was before the first page.
    func endPages() { state.withLock { state in writer.write(state.page.leave(), to: STDOUT_FILENO) } }

    /// Does work that has the terminal to itself, such as asking for a password: meanwhile nothing moves, and what is said waits.
    func pausing<T>(_ work: () -> T) -> T {
        state.withLock { state in
            writer.write(state.board.erase(), to: STDOUT_FILENO)
            writer.pause()
        }
        defer {
            state.withLock { state in
                writer.resume()
                writer.write(draw(&state), to: STDOUT_FILENO)
            }
        }
        return work()
    }

    /// A question, with the cursor behind it; nothing moves until the next line is said.
    func ask(_ question: String) {
        state.withLock { state in
            state.board.clear()
            writer.write(state.board.erase() + labelled(question), to: STDOUT_FILENO)
        }
    }

    /// One JSON object; nothing without `--json`.
    func emit(_ object: [String: JSONValue]) {
        guard isJSON else { return }
        let named = cluster.map { object.merging(["cluster": .text($0)]) { own, _ in own } } ?? object
        writer.write(JSONValue.object(named).line + "\n", to: STDOUT_FILENO)
    }

    /// Text on standard error, always.
    func complain(_ text: String) {
        state.withLock { state in
            writer.write(state.board.erase(), to: STDOUT_FILENO)
            // What is urgent does not wait for an answer: Ctrl-C's among it.
            writer.write(labelled(text) + "\n", to: STDERR_FILENO, isUrgent: true)
            writer.write(draw(&state), to: STDOUT_FILENO)
        }
    }

    /// Whether lines move at the bottom of the terminal.
    var isMoving: Bool { terminal.canMove && !isJSON && !isOneOfSeveral }

    /// Changes what moves at the bottom of the terminal. Times are those since the command began. Where nothing moves, steps
    /// that take long are told of every minute.
    func progress(_ change: (inout ProgressBoard, Duration) -> Void) {
        guard !isJSON else { return }
        state.withLock { state in
            change(&state.board, ContinuousClock.now - start)
            writer.write(draw(&state), to: STDOUT_FILENO)
            if state.clock == nil, !state.board.isEmpty { state.clock = clock() }
        }
    }

    /// Nothing moves any more.
    func endProgress() {
        state.withLock { state in
            state.clock?.cancel()
            state.clock = nil
            state.board.clear()
            writer.write(state.board.erase(), to: STDOUT_FILENO)
        }
    }

    private func draw(_ state: inout State) -> String {
        guard isMoving, !writer.isPaused else { return "" }
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
                    : state.board.lasting(.seconds(60), at: now).map {
                        self.labelled("  \(self.dim("…")) \($0)") + "\n"
                    }.joined()
                self.writer.write(text, to: STDOUT_FILENO)
            }
        }
        timer.resume()
        return timer
    }

    func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func green(_ text: String) -> String { hasColour ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
    func red(_ text: String) -> String { hasColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
    func yellow(_ text: String) -> String { hasColour ? "\u{1B}[33m\(text)\u{1B}[0m" : text }
    func dim(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
