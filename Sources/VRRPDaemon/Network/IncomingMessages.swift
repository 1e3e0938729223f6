import CLinux
import VRRP

/// Room for messages that recvmmsg(2) fetches at once. One serves all sockets of a thread.
final class IncomingMessages {
    /// What one call fetches at most.
    static let most = 32
    /// The longest advertisement (255 addresses of IPv6), or an IPv4 header and one of IPv4.
    private static let payloadSize = 4096
    private static let nameSize = 32
    private static let controlSize = 128

    private let memory: UnsafeMutableRawBufferPointer
    private let headers: UnsafeMutableBufferPointer<linux_message>
    private let vectors: UnsafeMutableBufferPointer<iovec>

    init() {
        memory = .allocate(byteCount: Self.most * (Self.payloadSize + Self.nameSize + Self.controlSize), alignment: 16)
        headers = .allocate(capacity: Self.most)
        vectors = .allocate(capacity: Self.most)
        headers.initialize(repeating: linux_message())
        vectors.initialize(repeating: iovec())
    }

    deinit {
        memory.deallocate()
        headers.deallocate()
        vectors.deallocate()
    }

    /// A message as it came.
    struct Message {
        var payload: UnsafeRawBufferPointer
        var name: UnsafeRawBufferPointer
        var control: UnsafeRawBufferPointer

        /// The data of a control message.
        func control(level: Int32, type: Int32) -> UnsafeRawBufferPointer? {
            var offset = 0
            while let length = control.host(Int.self, at: offset), length >= 16, length <= control.count - offset {
                if control.host(Int32.self, at: offset + 8) == level, control.host(Int32.self, at: offset + 12) == type
                {
                    return UnsafeRawBufferPointer(rebasing: control[(offset + 16)..<(offset + length)])
                }
                offset += (length + 7) & ~7
            }
            return nil
        }
    }

    /// Fetches what is there and hands over one after the other; each is valid only during its call.
    ///
    /// - Returns: whether there may be more.
    func receive(from descriptor: Int32, _ body: (Message) -> Void) -> Bool {
        guard let base = memory.baseAddress else { return false }
        let names = base + Self.most * Self.payloadSize
        let controls = names + Self.most * Self.nameSize
        for index in 0..<Self.most {
            vectors[index] = iovec(iov_base: base + index * Self.payloadSize, iov_len: Self.payloadSize)
            headers[index].header.msg_name = names + index * Self.nameSize
            headers[index].header.msg_namelen = socklen_t(Self.nameSize)
            headers[index].header.msg_control = controls + index * Self.controlSize
            headers[index].header.msg_controllen = Self.controlSize
            headers[index].header.msg_iov = vectors.baseAddress.map { $0 + index }
            headers[index].header.msg_iovlen = 1
        }
        let count = Int(linux_receive_messages(descriptor, headers.baseAddress, UInt32(Self.most)))
        for index in 0..<max(count, 0) {
            let header = headers[index].header
            body(
                Message(
                    payload: .init(start: vectors[index].iov_base, count: Int(headers[index].length)),
                    name: .init(start: header.msg_name, count: Int(header.msg_namelen)),
                    control: .init(start: header.msg_control, count: header.msg_controllen)))
        }
        return count == Self.most
    }
}
