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
}
