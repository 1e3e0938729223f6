import CLinux
import VRRP

/// The kernel's proc connector (Documentation/driver-api/connector.rst): a netlink multicast of every fork, exec and exit.
final class ProcessConnector {
    private static let protocolNumber: Int32 = 11
    private static let group: UInt32 = 1
    /// nlmsghdr, then cn_msg.
    private static let headerLength = 16 + 20
    private static let listen: UInt32 = 1
    /// `PROC_EVENT_…` of linux/cn_proc.h.
    private static let (fork, exec, comm, exit): (UInt32, UInt32, UInt32, UInt32) = (1, 2, 0x200, 0x8000_0000)

    let descriptor: Int32

    /// Nil where the kernel refuses it, or says nothing: in another network namespace it refuses, in another process
    /// namespace it is silent, which only a test can tell.
    init?() {
        descriptor = socket(
            AF_NETLINK, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | O_NONBLOCK, Self.protocolNumber)
        guard descriptor >= 0 else { return nil }
        guard subscribe(), hearsOfADeath() else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    private func subscribe() -> Bool {
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        address.nl_groups = Self.group
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_nl>.size)) == 0
            }
        }
        guard bound else { return false }
        var message = [UInt8](repeating: 0, count: Self.headerLength + 4)
        func put(_ value: UInt32, at offset: Int) {
            withUnsafeBytes(of: value) { octets in
                for (index, octet) in octets.enumerated() { message[offset + index] = octet }
            }
        }
        put(UInt32(message.count), at: 0)
        put(3, at: 4)  // NLMSG_DONE, no flags
        put(1, at: 16)  // CN_IDX_PROC
        put(1, at: 20)  // CN_VAL_PROC
        put(4, at: 32)  // the length of what follows, no flags
        put(Self.listen, at: 36)
        return send(descriptor, message, message.count, 0) == message.count
    }

    /// Lets a child die and waits for the word of it.
    private func hearsOfADeath() -> Bool {
        let child = linux_fork()
        if child == 0 { _exit(0) }
        guard child > 0 else { return false }
        var status: Int32 = 0
        defer { waitpid(child, &status, 0) }
        let deadline = EventLoop.read().advanced(by: .milliseconds(500))
        while true {
            let left = EventLoop.read().duration(to: deadline).wholeNanoseconds / 1_000_000
            guard left > 0 else { return false }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, Int32(left)) > 0 else { return false }
            while let event = next() {
                if event.what == Self.exit, event.process == UInt32(child) { return true }
            }
            if isBroken { return false }
        }
    }

    private var isBroken = false

    /// Reads all that waits.
    ///
    /// - Parameters:
    ///   - watched: processes whose death, or whose children, matter.
    ///   - isInteresting: asked of every process that takes another name.
    /// - Returns: whether any of that has happened, or may have been missed.
    func drain(watched: Set<pid_t>, isInteresting: (pid_t) -> Bool) -> Bool {
        var isHint = false
        while let event = next() {
            let process = pid_t(bitPattern: event.process)
            switch event.what {
            case Self.exit, Self.fork: isHint = isHint || watched.contains(process)
            case Self.exec, Self.comm: isHint = isHint || isInteresting(process)
            default: break
            }
        }
        return isHint || linux_errno() == ENOBUFS
    }

    private func next() -> (what: UInt32, process: UInt32)? {
        var buffer = [UInt8](repeating: 0, count: 256)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else {
                isBroken = linux_errno() != EAGAIN && linux_errno() != EINTR && linux_errno() != ENOBUFS
                return nil
            }
            // The event: what, processor, time, then the process and its thread group.
            guard count >= Self.headerLength + 24 else { continue }
            return buffer.withUnsafeBytes {
                (
                    $0.loadUnaligned(fromByteOffset: Self.headerLength, as: UInt32.self),
                    $0.loadUnaligned(fromByteOffset: Self.headerLength + 16, as: UInt32.self)
                )
            }
        }
    }
}
