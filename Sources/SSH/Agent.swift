import CLinux
import Glibc
import SSHWire

/// A client of ssh-agent(1) (draft-ietf-sshm-ssh-agent).
///
/// libssh2 1.10 has its own, but that one cannot ask an agent for the RSA signatures that today's sshd accepts.
final class Agent {
    struct Key {
        var blob: [UInt8]
        var comment: String
        var type: String { HostKey(blob: blob).type }
        /// Where it is not a key by itself.
        var certificate: Certificate? { Certificate(blob) }
    }

    /// How an agent failed; never fatal by itself, other keys may do.
    struct Failure: Error {
        var reason: String
    }

    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor) }

    /// Connects to the agent at `$SSH_AUTH_SOCK`; nil where the variable is not set.
    static func connect() throws(Failure) -> Agent? {
        guard let value = getenv("SSH_AUTH_SOCK"), value.pointee != 0 else { return nil }
        let path = String(cString: value)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Failure(reason: "$SSH_AUTH_SOCK is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(reason: SSHError.reason(errno)) }
        let agent = Agent(descriptor)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw Failure(reason: "no agent answers at \(path): \(SSHError.reason(errno))") }
        return agent
    }

    /// The keys that the agent holds.
    func keys(_ watch: Watch) throws(SSHError) -> Result<[Key], Failure> {
        var reader: WireReader
        switch try request([11], expecting: 12, watch) {
        case .success(let answer): reader = answer
        case .failure(let failure): return .failure(failure)
        }
        guard let count = reader.uint32() else { return .failure(Failure(reason: "the agent's list ends too early")) }
        var keys: [Key] = []
        for _ in 0..<count {
            guard let blob = reader.string(), let comment = reader.text() else {
                return .failure(Failure(reason: "the agent's list ends too early"))
            }
            keys.append(Key(blob: blob, comment: comment))
        }
        return .success(keys)
    }

    /// The signature alone, without its algorithm's name.
    func sign(
        _ data: [UInt8], with key: [UInt8], algorithm: String, _ watch: Watch
    ) throws(SSHError) -> Result<[UInt8], Failure> {
        let flags = ["rsa-sha2-256": 2, "rsa-sha2-512": 4][algorithm] ?? 0
        var message = WireWriter()
        message.byte(13)
        message.string(key)
        message.string(data)
        message.uint32(flags)
        return try request(message.bytes, expecting: 14, watch).flatMap { answer in
            var reader = answer
            guard let blob = reader.string() else { return .failure(Failure(reason: "the agent's answer is empty")) }
            var signature = WireReader(blob)
            guard let made = signature.text(), let bytes = signature.string() else {
                return .failure(Failure(reason: "the agent's signature is damaged"))
            }
            guard made == algorithm else {
                return .failure(Failure(reason: "the agent signs by \(made) where \(algorithm) was asked for"))
            }
            return .success(bytes)
        }
    }

    /// Sends a message, and returns the answer behind its type.
    private func request(
        _ message: [UInt8], expecting type: UInt8, _ watch: Watch
    ) throws(SSHError) -> Result<WireReader, Failure> {
        var framed = WireWriter()
        framed.string(message)
        var rest = framed.bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                try watch.wait(descriptor, POLLOUT)
            } else if errno != EINTR {
                return .failure(Failure(reason: SSHError.reason(errno)))
            }
        }
        guard let head = try receive(4, watch), let size = head.uint32Value, size > 0, size < 1 << 20,
            let body = try receive(size, watch)
        else { return .failure(Failure(reason: "the agent hung up")) }
        guard body.first == type else { return .failure(Failure(reason: "the agent refused")) }
        return .success(WireReader(body.dropFirst()))
    }

    private func receive(_ count: Int, _ watch: Watch) throws(SSHError) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: count)
        while result.count < count {
            let got = recv(descriptor, &buffer, count - result.count, 0)
            if got > 0 {
                result.append(contentsOf: buffer.prefix(got))
            } else if got == 0 {
                return nil
            } else if errno == EAGAIN {
                try watch.wait(descriptor, POLLIN)
            } else if errno != EINTR {
                return nil
            }
        }
        return result
    }
}

extension [UInt8] {
    /// Four bytes, most significant first.
    fileprivate var uint32Value: Int? {
        var reader = WireReader(self)
        return reader.uint32().map(Int.init)
    }
}
