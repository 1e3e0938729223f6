import CLinux
import Glibc

/// What stands beside a socket in poll(2), so that another thread can end the wait: an eventfd(2).
final class Waker: Sendable {
    let descriptor: Int32

    /// Fails with `.localFile` where the process has no descriptors left.
    init() throws(SSHError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw .noDescriptors(errno) }
    }

    deinit { Glibc.close(descriptor) }

    func wake() { eventfd_write(descriptor, 1) }

    /// Forgets earlier calls of ``wake()``.
    func drain() {
        var count: UInt64 = 0
        eventfd_read(descriptor, &count)
    }
}
