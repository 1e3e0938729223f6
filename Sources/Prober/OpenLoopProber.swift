import CLinux
import Glibc

/// Sends a request at every tick whatever became of the earlier ones, on a thread of its own.
///
/// A closed loop would wait for the service that it measures, and so not see what clients see while it is away.
package final class OpenLoopProber: Sendable {
    struct Shared {
        var progress = ProbeProgress()
        var marks: [String] = []
        var stopping = false
        var summary: ProbeSummary?
        var records: [ProbeRecord] = []
    }

    private let shared = Locked(Shared())
    private let loop: TickLoop

    /// Checks the configuration and starts asking.
    package init(_ configuration: ProbeConfiguration) throws(ProbeError) {
        loop = try TickLoop(configuration, shared: shared)
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<TickLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(loop).toOpaque())
        guard result == 0 else { throw ProbeError(errno: result, doing: "starting the prober's thread") }
        pthread_detach(thread)
    }

    deinit {
        shared.withLock { $0.stopping = true }
        loop.wake()
    }

    /// Where the run stands.
    package var progress: ProbeProgress { shared.withLock(\.progress) }

    /// The summary of a run that has ended, by ``stop()`` or at its maximum time.
    package var summary: ProbeSummary? { shared.withLock(\.summary) }

    /// Every request of a run that has ended, in the order in which their outcomes became known.
    package var records: [ProbeRecord] { shared.withLock(\.records) }

    /// Begins a new phase of the summary; what becomes known after this returns belongs to it.
    package func mark(_ name: String) {
        shared.withLock { $0.marks.append(name) }
        loop.wake()
        while shared.withLock({ !$0.marks.isEmpty && $0.summary == nil }) { usleep(200) }
    }

    /// Ends the run; requests still open are not counted. May be called more than once.
    package func stop() -> ProbeSummary {
        shared.withLock { $0.stopping = true }
        loop.wake()
        loop.waitForEnd()
        return shared.withLock { $0.summary ?? ProbeSummary(phases: []) }
    }
}
