import CLinux
import CSSH2
import Glibc

/// One channel of a bastion and the socket that it is joined to. Belongs to the session's thread.
final class Tunnel {
    private let session: Session
    private let channel: OpaquePointer
    private let socket: Int32
    /// On its way to the host, and from it.
    private var up: ArraySlice<UInt8> = []
    private var down: ArraySlice<UInt8> = []
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    /// Whether the side here has hung up; whether the host's has; whether nothing can be moved any more.
    private var isLeft = false
    private var isOver = false
    private var isBroken = false
    private(set) var isClosed = false

    init(_ session: Session, _ channel: OpaquePointer, _ socket: Int32) {
        self.session = session
        self.channel = channel
        self.socket = socket
    }

    deinit { Glibc.close(socket) }

    /// What to wait for on the socket; nil where nothing there matters, not even that it was hung up.
    var interest: pollfd? {
        let events = (up.isEmpty && !isLeft ? POLLIN : 0) | (down.isEmpty ? 0 : POLLOUT)
        return events == 0 ? nil : pollfd(fd: socket, events: Int16(events), revents: 0)
    }

    /// Moves what there is to move in both directions; true where something went.
    func move() -> Bool {
        if isBroken || (isLeft && up.isEmpty) || (isOver && down.isEmpty) { return close() }
        var moved = false
        if down.isEmpty, !isOver { moved = receive() }
        if !down.isEmpty { moved = deliver() || moved }
        if up.isEmpty, !isLeft { moved = take() || moved }
        if !up.isEmpty { moved = transmit() || moved }
        return moved
    }

    private func receive() -> Bool {
        let count = repeated {
            buffer.withUnsafeMutableBytes {
                libssh2_channel_read_ex(channel, 0, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
            }
        }
        if count > 0 {
            down = buffer[..<count]
        } else if count == 0 {
            isOver = libssh2_channel_eof(channel) == 1
        } else if count != Int(LIBSSH2_ERROR_EAGAIN) {
            isBroken = true
        }
        return count > 0 || isOver || isBroken
    }

    private func deliver() -> Bool {
        let count = down.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count > 0 { down = down.dropFirst(count) }
        if count < 0, errno != EAGAIN, errno != EINTR { isBroken = true }
        return count > 0 || isBroken
    }

    private func take() -> Bool {
        let count = recv(socket, &buffer, buffer.count, 0)
        if count > 0 { up = buffer[..<count] }
        isLeft = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
        return count > 0 || isLeft
    }

    private func transmit() -> Bool {
        let count = repeated {
            up.withUnsafeBytes {
                libssh2_channel_write_ex(channel, 0, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
            }
        }
        if count > 0 { up = up.dropFirst(count) }
        if count < 0, count != Int(LIBSSH2_ERROR_EAGAIN) { isBroken = true }
        return count > 0 || isBroken
    }

    /// To be repeated until the bastion has agreed; whoever speaks through this learns of the end at once.
    private func close() -> Bool {
        _ = shutdown(socket, Int32(SHUT_RDWR))
        (isLeft, isOver, up, down, isBroken) = (true, true, [], [], true)
        isClosed = repeated { Int(libssh2_channel_free(channel)) } != Int(LIBSSH2_ERROR_EAGAIN)
        return isClosed
    }

    /// Makes a call again as long as a part of its packet has not left: any other call would corrupt the stream.
    private func repeated(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            guard result == Int(LIBSSH2_ERROR_EAGAIN), session.mustSend, !session.isLost else { return result }
            var descriptor = pollfd(fd: session.descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&descriptor, 1, 1000)
        }
    }
}
