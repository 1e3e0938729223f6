import Synchronization

/// Says of one call that its task was cancelled, and wakes the thread that waits for the host meanwhile.
final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)
    private let waker: Waker

    init(_ waker: Waker) { self.waker = waker }

    var isCancelled: Bool { flag.load(ordering: .acquiring) }

    func cancel() {
        flag.store(true, ordering: .releasing)
        waker.wake()
    }

    /// Does work of the task's, and says so where that is cancelled meanwhile.
    static func watching<T: Sendable>(
        _ waker: Waker, isolation: isolated (any Actor)? = #isolation,
        _ work: (Cancellation) async -> Result<T, SSHError>
    ) async throws(SSHError) -> T {
        let cancellation = Cancellation(waker)
        let outcome = await withTaskCancellationHandler {
            await work(cancellation)
        } onCancel: {
            cancellation.cancel()
        }
        do throws(SSHError) { return try outcome.get() } catch {
            // Who waited for a person, or for another's answer, has another reason for ending.
            throw cancellation.isCancelled ? .cancelled(error.stage) : error
        }
    }
}
