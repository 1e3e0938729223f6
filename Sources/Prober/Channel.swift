import Glibc

/// What came of an attempt to move bytes.
enum Transfer {
    case moved(Int)
    /// The kernel says when there is something to do.
    case notYet
    /// The peer has closed the connection.
    case ended
    case failed(ProbeOutcome)
}

/// The connection of one request: a socket, and TLS on it where that is asked.
struct Channel {
    private(set) var descriptor: Int32 = -1
    private var session: TLSSession?

    var isOpen: Bool { descriptor >= 0 }

    /// Begins to connect.
    ///
    /// - Returns: what the request came to, where that failed at once.
    mutating func open(to address: inout SocketAddress, by client: TLSClient?) -> ProbeOutcome? {
        descriptor = socket(
            address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if descriptor < 0 { return ProbeOutcome(errno: errno) }
        // Closing resets the connection: no TIME_WAIT here that would use up the ports within half a minute.
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        if address.connect(descriptor) != 0, errno != EINPROGRESS { return ProbeOutcome(errno: errno) }
        if let client {
            session = client.session(on: descriptor)
            if session == nil { return .unsent }
        }
        return nil
    }

    /// What the end of connecting came to: nil where it went well.
    func connectFault() -> ProbeOutcome? {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        return error == 0 ? nil : ProbeOutcome(errno: error)
    }

    /// Goes on with what comes before the first byte.
    func shakeHands() -> Transfer { session?.shakeHands() ?? .moved(0) }

    func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        if let session { return session.send(bytes) }
        return transfer(Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)))
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        if let session { return session.receive(into: buffer) }
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count == 0 { return .ended }
            if count > 0 || errno != EINTR { return transfer(count) }
        }
    }

    mutating func close() {
        session = nil
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    private func transfer(_ count: Int) -> Transfer {
        if count >= 0 { return .moved(count) }
        return errno == EAGAIN ? .notYet : .failed(ProbeOutcome(errno: errno))
    }
}
