import CLinux
import CSSH2
import Glibc
import Synchronization

/// Moves bytes between the channels of a bastion's session and the sockets of those who speak through them.
///
/// libssh2's sessions are not thread-safe: the thread that has the session runs ``run(_:)``, and hands one end of a socket
/// pair to whoever wants a connection.
final class Forwarder: Sendable {
    /// A connection that is wanted, and what comes of it.
    private final class Request: Sendable {
        let address: String
        let port: Int
        let waker: Waker
        private let state = Mutex<(result: Result<Int32, SSHError>?, isAbandoned: Bool)>((nil, false))

        init(_ address: String, _ port: Int) throws(SSHError) {
            self.address = address
            self.port = port
            waker = try Waker()
        }

        func settle(_ result: Result<Int32, SSHError>) {
            let isAbandoned = state.withLock {
                if !$0.isAbandoned { $0.result = result }
                return $0.isAbandoned
            }
            if isAbandoned, case .success(let descriptor) = result { Glibc.close(descriptor) }
            waker.wake()
        }

        /// Waits for the descriptor; it is the caller's then.
        func wait(_ watch: Watch) throws(SSHError) -> Int32 {
            do throws(SSHError) { try watch.wait(waker.descriptor, POLLIN) } catch {
                let late = state.withLock {
                    $0.isAbandoned = true
                    return $0.result
                }
                if case .success(let descriptor)? = late { Glibc.close(descriptor) }
                throw error
            }
            return try state.withLock { $0.result ?? .failure(.closed()) }.get()
        }
    }

    private let name: String
    private let waker: Waker
    private let state = Mutex<(requests: [Request], failure: SSHError?, isEnded: Bool)>(([], nil, false))

    init(name: String) throws(SSHError) {
        self.name = name
        waker = try Waker()
    }

    var isAlive: Bool { state.withLock { $0.failure == nil && !$0.isEnded } }

    /// Lets ``run(_:)`` return.
    func end() {
        state.withLock { $0.isEnded = true }
        waker.wake()
    }

    /// A connected, non-blocking socket that leads to a host; from any thread.
    func connect(to address: String, port: Int, _ watch: Watch) throws(SSHError) -> Int32 {
        let request = try Request(address, port)
        let failure = state.withLock { state -> SSHError? in
            if state.failure == nil { state.requests.append(request) }
            return state.failure
        }
        if let failure { throw failure }
        waker.wake()
        return try request.wait(watch)
    }

    /// Serves until ``end()`` or until the session is lost.
    func run(_ session: Session) {
        var tunnels: [Tunnel] = []
        var waiting: [Request] = []
        while true {
            let isEnded = state.withLock { state in
                waiting += state.requests
                state.requests = []
                return state.isEnded
            }
            if isEnded || session.isLost { break }
            let received = session.context.received
            var moved = false
            if let request = waiting.first {
                let opened = open(request, session)
                if opened == nil, session.mustSend {
                    // Nothing but the same call may follow a part of a packet.
                    wait(session, [])
                    continue
                }
                if let opened {
                    waiting.removeFirst()
                    moved = true
                    if case .success(let (tunnel, _)) = opened { tunnels.append(tunnel) }
                    request.settle(opened.map { $0.1 })
                }
            }
            for tunnel in tunnels { moved = tunnel.move() || moved }
            tunnels.removeAll(where: \.isClosed)
            // Each of these calls may have taken off the socket what one before it looked for.
            if !moved, session.context.received == received { wait(session, tunnels) }
        }
        let lost = SSHError.connectionLost(.tcp, "that of the bastion \(name), by which this host is reached")
        let left = state.withLock { state in
            state.failure = lost
            return state.requests
        }
        for request in waiting + left { request.settle(.failure(lost)) }
    }

    /// Waits for whichever side has something to move.
    private func wait(_ session: Session, _ tunnels: [Tunnel]) {
        var descriptors = [
            pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: session.descriptor, events: Int16(POLLIN | (session.mustSend ? POLLOUT : 0)), revents: 0),
        ]
        descriptors += tunnels.compactMap(\.interest)
        let ready = poll(&descriptors, nfds_t(descriptors.count), 10_000)
        if ready == 0 { session.sendKeepAlive() }
        if descriptors[0].revents != 0 { waker.drain() }
    }

    /// Nil while the bastion has not answered: libssh2 then has to be asked again for the same before it opens another,
    /// also where nobody waits for it any more.
    private func open(_ request: Request, _ session: Session) -> Result<(Tunnel, Int32), SSHError>? {
        guard
            let channel = libssh2_channel_direct_tcpip_ex(
                session.handle, request.address, Int32(request.port), "127.0.0.1", 0)
        else {
            if libssh2_session_last_errno(session.handle) == LIBSSH2_ERROR_EAGAIN { return nil }
            return .failure(.notForwarded(request.address, request.port, bastion: name, said: session.lastError))
        }
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            let error = SSHError.noDescriptors(errno)
            _ = libssh2_channel_free(channel)
            return .failure(error)
        }
        return .success((Tunnel(session, channel, ends[0]), ends[1]))
    }
}
