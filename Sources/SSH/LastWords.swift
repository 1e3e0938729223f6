import Glibc
import Synchronization

/// What a program complains of: read as it comes, so that it never has to wait for that, and the end of it kept.
final class LastWords: Sendable {
    private struct Heard {
        var bytes: [UInt8] = []
        var isOver = false
    }

    private static let most = 4096
    private let heard = Mutex(Heard())
    private let descriptor: Int32
    private let stop: Waker

    /// - Parameter descriptor: what to read; closed in the end.
    /// - Throws: `.localFile` where the process has no descriptors or threads left; the descriptor is closed then, too.
    static func listening(to descriptor: Int32) throws(SSHError) -> LastWords {
        let stop: Waker
        do throws(SSHError) { stop = try Waker() } catch {
            Glibc.close(descriptor)
            throw error
        }
        let words = LastWords(descriptor, stop)
        guard DetachedThread.start({ words.listen() }) else { throw .noDescriptors(EAGAIN) }
        return words
    }

    private init(_ descriptor: Int32, _ stop: Waker) {
        self.descriptor = descriptor
        self.stop = stop
    }

    deinit { Glibc.close(descriptor) }

    /// Listens no longer.
    func end() { stop.wake() }

    /// Whether nobody can say anything any more.
    var isOver: Bool { heard.withLock { $0.isOver } }

    /// The last line that says something, shortened.
    var line: String? {
        let bytes = heard.withLock { $0.bytes }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.last { $0.contains { !$0.isWhitespace } }.map { String($0.prefix(200)) }
    }

    private func listen() {
        var buffer = [UInt8](repeating: 0, count: Self.most)
        while true {
            var descriptors = [descriptor, stop.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&descriptors, 2, -1) > 0 else { continue }
            guard descriptors[1].revents == 0 else { return }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return heard.withLock { $0.isOver = true } }
            heard.withLock { $0.bytes = ($0.bytes + buffer.prefix(count)).suffix(Self.most) }
        }
    }
}
