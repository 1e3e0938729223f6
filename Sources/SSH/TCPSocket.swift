import CLinux
import Glibc

/// A connected, non-blocking TCP socket, or one that stands for it; closed when nobody holds it.
final class TCPSocket {
    let descriptor: Int32
    /// The program at the other end, where there is one; it ends with the socket.
    let proxy: ProxyProcess?

    private init(_ descriptor: Int32, proxy: ProxyProcess? = nil) {
        self.descriptor = descriptor
        self.proxy = proxy
    }

    /// Takes over a connected, non-blocking socket.
    convenience init(adopting descriptor: Int32, of proxy: ProxyProcess? = nil) {
        self.init(descriptor, proxy: proxy)
    }

    deinit { Glibc.close(descriptor) }

    /// Connects to the first of a host's addresses that answers.
    ///
    /// A host name is resolved within the resolver's own time limits; numeric addresses need no resolver.
    static func connect(to address: String, port: Int, watch: Watch) throws(SSHError) -> TCPSocket {
        let addresses = try resolve(address, port: port)
        var last = unreachable("the name \(address) has no address")
        for candidate in addresses {
            do throws(SSHError) {
                return try connect(to: candidate, port: port, watch: watch)
            } catch {
                if error.code == .cancelled || error.code == .timedOut { throw error }
                last = error
            }
        }
        throw last
    }

    private static func connect(to address: [UInt8], port: Int, watch: Watch) throws(SSHError) -> TCPSocket {
        let family = address.withUnsafeBytes { Int32($0.loadUnaligned(as: sa_family_t.self)) }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, kind, 0)
        guard descriptor >= 0 else { throw .noDescriptors(errno) }
        let socket = TCPSocket(descriptor)
        // Nagle's algorithm costs a delayed acknowledgement at several places of the protocol.
        socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)

        let code = address.withUnsafeBytes { bytes -> Int32 in
            guard let base = bytes.baseAddress else { return EINVAL }
            let result = Glibc.connect(
                descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            return result == 0 ? 0 : errno
        }
        if code != 0, code != EINPROGRESS { throw refusal(code, port: port) }
        try watch.wait(descriptor, POLLOUT)
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
        if failure != 0 { throw refusal(failure, port: port) }

        // A host that loses power in the middle of a silent command is noticed within half a minute.
        socket.set(SOL_SOCKET, SO_KEEPALIVE, 1)
        socket.set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 15)
        socket.set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 5)
        socket.set(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
        socket.set(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 30_000)
        return socket
    }

    /// Ends both directions, so that nothing that still uses the descriptor waits on it.
    func shutDown() { _ = Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The raw `sockaddr` structures of a host.
    private static func resolve(_ address: String, port: Int) throws(SSHError) -> [[UInt8]] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address, String(port), &hints, &list)
        guard code == 0 else {
            throw unreachable("the name \(address) cannot be resolved: \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(list) }
        var found: [[UInt8]] = []
        var next = list
        while let entry = next {
            found.append(
                Array(UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))))
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func unreachable(_ message: String) -> SSHError {
        SSHError(
            code: .unreachable, stage: .tcp, message: message,
            remedy: "write the host's numeric address into the inventory, or mend the resolver")
    }

    private static func refusal(_ code: Int32, port: Int) -> SSHError {
        switch code {
        case ECONNREFUSED:
            SSHError(
                code: .refused, stage: .tcp, message: "nobody listens on port \(port): connection refused",
                remedy: "start sshd on the host (systemctl start sshd), or set the right ssh port in the inventory")
        case ETIMEDOUT:
            SSHError(
                code: .timedOut, stage: .tcp, message: "no answer to the TCP connection: \(SSHError.reason(code))",
                remedy: "check that the host is up and that no firewall drops the SSH port")
        default:
            SSHError(
                code: .unreachable, stage: .tcp, message: "port \(port) cannot be reached: \(SSHError.reason(code))",
                remedy: "check the address, the route to the host and that it is up")
        }
    }
}
