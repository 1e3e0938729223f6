import Glibc

/// A pipe whose reading end stands beside a socket in poll(2), so that another thread can end the wait.
final class Waker: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    /// Fails with `.localFile` where the process has no descriptors left.
    init() throws(SSHError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .noDescriptors(errno) }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        Glibc.close(readEnd)
        Glibc.close(writeEnd)
    }

    func wake() {
        var byte: UInt8 = 0
        // A full pipe wakes just as well.
        _ = write(writeEnd, &byte, 1)
    }

    /// Forgets earlier calls of ``wake()``.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &bytes, bytes.count) > 0 {}
    }
}
