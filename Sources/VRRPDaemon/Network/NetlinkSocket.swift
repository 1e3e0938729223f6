import CLinux
import VRRP

/// A socket of rtnetlink(7): one for requests, another one for what the kernel says by itself.
final class NetlinkSocket {
    let descriptor: Int32
    /// The number that the kernel knows it by.
    let port: UInt32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 << 10, alignment: 8)
    /// More than this is not written at once: half of what a socket may hold by default.
    private static let mostAtOnce = 64 << 10

    /// - Parameter groups: of `RTMGRP_…`; 0 for requests.
    init(groups: UInt32 = 0) throws(SystemError) {
        descriptor = socket(
            AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | O_NONBLOCK, NETLINK_ROUTE)
        guard descriptor >= 0 else { throw SystemError("opening a netlink socket") }
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        address.nl_groups = groups
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard result else {
            close(descriptor)
            throw SystemError("binding a netlink socket")
        }
        // A write's answers wait until it is done: 1 KB each at most.
        var room: Int32 = 4 << 20
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, 4)
        port = address.nl_pid
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    /// Writes requests for addresses and says what they have led to.
    ///
    /// The kernel takes more away than it was asked for: without `promote_secondaries` all other addresses of a subnet go
    /// with the one that was there first.
    ///
    /// - Parameter refused: told `errno` and the sequence number of a request.
    /// - Returns: the addresses that are gone though nobody asked for that; nil where the kernel had more to say than the
    ///   socket could hold.
    func carryOut(
        _ requests: NetlinkRequests, refused: (Int32, UInt32) -> Void = { _, _ in }
    ) throws(SystemError) -> [NetlinkMessage.Address]? {
        try write(requests)
        var gone: [NetlinkMessage.Address] = []
        // The kernel has answered already, every request.
        let isWhole = read(atMost: .max) { message in
            switch message {
            case .refusal(let number, let sequence) where number != 0: refused(number, sequence)
            case .address(let address, isGone: true): gone.append(address)
            default: break
            }
        }
        guard isWhole else {
            // One such answer stands for what is lost; the rest is still there.
            _ = read(atMost: .max) { _ in }
            return nil
        }
        if gone.isEmpty { return [] }
        let asked = requests.removals
        return gone.filter { !asked.contains($0.identity) }
    }

    /// Leaves out what the kernel says because of that socket's requests: refreshing 255 addresses a second would be told
    /// 255 times.
    func ignoreChanges(by port: UInt32) throws(SystemError) {
        try attach(
            [
                // The port of whoever asked stands at offset 12, in the host's byte order.
                .init(UInt16(BPF_LD | BPF_W | BPF_ABS), 12),
                .init(UInt16(BPF_JMP | BPF_JEQ | BPF_K), port.bigEndian, then: 0, else: 1),
                .init(UInt16(BPF_RET | BPF_K), 0),
                .init(UInt16(BPF_RET | BPF_K), .max),
            ], to: descriptor)
    }

    /// Writes requests, as many at once as will do. The kernel has dealt with them when this returns; what it refused
    /// is there to be read.
    func write(_ requests: NetlinkRequests) throws(SystemError) {
        var start = 0
        var next = 0
        while start < requests.octets.count {
            var end = start
            repeat {
                next += 1
                end = next < requests.offsets.count ? requests.offsets[next] : requests.octets.count
            } while end - start < Self.mostAtOnce && next < requests.offsets.count
            let descriptor = descriptor
            let range = start..<end
            let sent = requests.octets.withUnsafeBytes {
                send(descriptor, $0.baseAddress.map { $0 + range.lowerBound }, range.count, 0)
            }
            guard sent >= 0 else { throw SystemError("asking the kernel about addresses") }
            start = end
        }
    }

    /// Reads what is there, up to that many datagrams.
    ///
    /// - Returns: whether it is whole: false where the kernel had more to say than the socket could hold.
    func read(atMost datagrams: Int = 64, _ body: (NetlinkMessage) -> Void) -> Bool {
        for _ in 0..<datagrams {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count >= 0 else {
                if linux_errno() == EINTR { continue }
                return linux_errno() != ENOBUFS
            }
            NetlinkMessage.read(UnsafeRawBufferPointer(rebasing: buffer[..<count]), body)
        }
        return true
    }

    /// Asks for all links, then for all addresses. The kernel answers at once, so this does not wait.
    static func dump(_ body: (NetlinkMessage) -> Void) throws(SystemError) {
        let socket = try NetlinkSocket()
        for type in [UInt16(RTM_GETLINK), UInt16(RTM_GETADDR)] {
            var request = NetlinkRequests()
            request.dump(type, sequence: 0)
            try socket.write(request)
            var isDone = false
            while !isDone {
                var entry = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&entry, 1, 1000) > 0 else {
                    throw SystemError("listing links and addresses", errno: ETIMEDOUT)
                }
                _ = socket.read { message in
                    switch message {
                    case .done, .refusal: isDone = true
                    default: body(message)
                    }
                }
            }
        }
    }
}
