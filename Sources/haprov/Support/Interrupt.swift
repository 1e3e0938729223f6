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

    /// One of the signals has come.
    func press(_ console: Console, signal: Int32) {
        let cancel: (@Sendable () -> Void)? = state.withLock { state in
            // A terminal that closes says so twice, by the shell and by the kernel: nobody is impatient.
            if signal == SIGHUP, state.count > 0 { return {} }
            state.count += 1
            return state.isCritical && state.count == 1 ? nil : state.cancel
        }
        if let cancel {
            cancel()
        } else {
            console.complain(
                "Stopping once the host being changed is in a known state; press Ctrl-C again to stop now.")
        }
    }
}
