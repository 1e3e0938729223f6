import CLinux
import VRRP

/// One question to HAProxy, over HTTP or on its stats socket, that waits for nothing: does it answer?
final class NetworkCheck {
    /// Whom to ask.
    enum Target: Hashable {
        case http(address: IPAddress, port: UInt16, host: String, path: String)
        case statsSocket(String)
    }

    /// What is read of an answer at most.
    private static let most = 4096

    private let target: Target
    private let loop: EventLoop
    private let onEnd: (Bool) -> Void
    private var descriptor: Int32 = -1
    private var token: EventLoop.Token?
    private var deadline: EventLoop.Token?
    private var question: [UInt8] = []
    private var answer: [UInt8] = []

    /// Begins to ask. The answer comes later, at the latest after the timeout.
    init(_ target: Target, timeout: Duration, loop: EventLoop, onEnd: @escaping (Bool) -> Void) {
        self.target = target
        self.loop = loop
        self.onEnd = onEnd
        deadline = loop.schedule(after: timeout) { [self] in end(false) }
        begin()
    }

    /// Asks no more and says nothing.
    func cancel() {
        if let token { loop.cancel(token) }
        if let deadline { loop.cancel(deadline) }
        token = nil
        deadline = nil
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func end(_ isGood: Bool) {
        cancel()
        onEnd(isGood)
    }

    private func begin() {
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let outcome: Int32
        switch target {
        case .http(let address, let port, let host, let path):
            question = Array(
                "GET \(path) HTTP/1.0\r\nHost: \(host)\r\nUser-Agent: haprov-vrrpd\r\nConnection: close\r\n\r\n".utf8)
            descriptor = socket(address.family == .ipv4 ? AF_INET : AF_INET6, flags, 0)
            outcome = SocketName.internet(address, port: port).withPointer { connect(descriptor, $0, $1) }
        case .statsSocket(let path):
            question = Array("show info\n".utf8)
            descriptor = socket(AF_UNIX, flags, 0)
            outcome = SocketName.local(path).withPointer { connect(descriptor, $0, $1) }
        }
        guard descriptor >= 0, outcome == 0 || linux_errno() == EINPROGRESS else {
            // Not from within the initializer: whoever asked does not know this object yet.
            loop.schedule(after: .zero) { [self] in if deadline != nil { end(false) } }
            return
        }
        token = loop.watch(descriptor, for: EPOLLOUT.rawValue) { [self] _ in ready() }
    }

    private func ready() {
        if !question.isEmpty {
            let count = send(descriptor, question, question.count, Int32(MSG_NOSIGNAL))
            if count < 0 { return linux_errno() == EAGAIN ? () : end(false) }
            question.removeFirst(count)
            if question.isEmpty, let token { loop.change(token, to: EPOLLIN.rawValue) }
            return
        }
        var part = [UInt8](repeating: 0, count: Self.most)
        let count = recv(descriptor, &part, part.count, 0)
        if count < 0 { return linux_errno() == EAGAIN ? () : end(false) }
        answer += part.prefix(count)
        if let verdict = verdict(isWhole: count == 0 || answer.count >= Self.most) { end(verdict) }
    }

    /// Nil while more is needed.
    private func verdict(isWhole: Bool) -> Bool? {
        switch target {
        case .http:
            // `HTTP/1.1 200`: 2xx and 3xx are what a working service says.
            guard answer.count >= 12 else { return isWhole ? false : nil }
            let line = String(decoding: answer.prefix(12), as: UTF8.self)
            return line.hasPrefix("HTTP/1.") && ["2", "3"].contains(line.dropFirst(9).prefix(1))
        case .statsSocket:
            // The first lines of `show info`.
            let hasInformation = answer.split(separator: UInt8(ascii: "\n"))
                .contains { $0.starts(with: Array("Uptime".utf8)) }
            return hasInformation ? true : (isWhole ? false : nil)
        }
    }
}

/// A socket's name: ip(7), ipv6(7), unix(7).
struct SocketName {
    private var octets: [UInt8]

    static func internet(_ address: IPAddress, port: UInt16) -> SocketName {
        switch address {
        case .v4(let value):
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            name.sin_addr.s_addr = value.bigEndian
            return SocketName(octets: withUnsafeBytes(of: name) { Array($0) })
        case .v6(let high, let low):
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &name.sin6_addr) {
                $0.storeBytes(of: high.bigEndian, as: UInt64.self)
                $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return SocketName(octets: withUnsafeBytes(of: name) { Array($0) })
        }
    }

    /// A path, or with `@` first an abstract name. Longer ones than 107 octets are cut, and then not found.
    static func local(_ path: String) -> SocketName {
        var octets = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) }
        octets += Array(path.utf8.prefix(107))
        if path.hasPrefix("@") { octets[2] = 0 } else { octets.append(0) }
        return SocketName(octets: octets)
    }

    func withPointer<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        // In a structure that is aligned as the kernel's own.
        var storage = sockaddr_storage()
        let octets = octets
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: octets) }
        return withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(octets.count)) }
        }
    }
}
