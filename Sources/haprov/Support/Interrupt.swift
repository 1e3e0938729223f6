import Dispatch
import Foundation
import Processes
import Synchronization

/// Ctrl-C, SIGTERM or a closed terminal: the first stops at the next safe place, the second at once.
final class Interrupt: Sendable {
    private struct State {
        var count = 0
        var isCritical = false
        var cancel: (@Sendable () -> Void)?
        /// Those that are pressed with this one, with their consoles.
        var others: [(interrupt: Interrupt, console: Console)] = []
    }

    private let state = Mutex(State())
    /// Written once, by ``watch(console:cancel:)``; held so that the sources live.
    private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

    /// Whether haprov was asked to end.
    var isPressed: Bool { state.withLock { $0.count > 0 } }

    /// While critical, the first Ctrl-C only sets ``isPressed``.
    func setCritical(_ critical: Bool) { state.withLock { $0.isCritical = critical } }

    /// - Parameter console: told what the first Ctrl-C does while hosts are being changed.
    func watch(console: Console, cancel: @escaping @Sendable () -> Void) {
        setCancel(cancel)
        sources = EndingSignals.watched.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable [self] in press(console, signal: number) }
            source.resume()
            return source
        }
    }

    /// What stops the work at once.
    func setCancel(_ cancel: @escaping @Sendable () -> Void) { state.withLock { $0.cancel = cancel } }

    /// Lets one that is of its own mind know of every signal, those that have come already too: of a cluster among several.
    func passOn(to other: Interrupt, by console: Console) {
        let count = state.withLock { state in
            state.others.append((other, console))
            return state.count
        }
        for _ in 0..<count { other.press(console, signal: SIGINT) }
    }

    /// One of the signals has come.
    func press(_ console: Console, signal: Int32) {
        let (cancel, others): ((@Sendable () -> Void)?, [(interrupt: Interrupt, console: Console)]) =
            state.withLock { state in
                // A terminal that closes says so twice, by the shell and by the kernel: nobody is impatient.
                if signal == SIGHUP, state.count > 0 { return ({}, []) }
                state.count += 1
                return (state.isCritical && state.count == 1 ? nil : state.cancel, state.others)
            }
        for other in others { other.interrupt.press(other.console, signal: signal) }
        if let cancel {
            cancel()
        } else {
            console.complain(
                "Stopping once the host being changed is in a known state; press Ctrl-C again to stop now.")
        }
    }
}
