import CLinux
import VRRP

/// Keeps an eye on the host's NICs and addresses.
final class HostWatch {
    private(set) var interfaces = Interfaces()
    private let loop: EventLoop
    private let log: Log
    private let socket: NetlinkSocket

    /// Something about these NICs may be different.
    var onChange: ((Set<String>) -> Void)?
    /// Somebody took an address from the NIC of that name.
    var onLoss: ((NetlinkMessage.Address, String) -> Void)?

    init(loop: EventLoop, log: Log) throws(SystemError) {
        self.loop = loop
        self.log = log
        socket = try NetlinkSocket(groups: UInt32(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR))
    }

    /// Does not listen to what the kernel says because of that socket's requests.
    func ignoreChanges(by other: NetlinkSocket) throws(SystemError) { try socket.ignoreChanges(by: other.port) }

    /// Looks at everything, then listens.
    func start() throws(SystemError) {
        try survey()
        loop.watch(socket.descriptor) { [self] _ in read() }
    }

    /// Takes in what came of a request by a socket that is not listened to.
    func note(_ message: NetlinkMessage) { onChange?(Set(interfaces.apply(message))) }

    private func survey() throws(SystemError) {
        var fresh = Interfaces(after: interfaces)
        try NetlinkSocket.dump { message in _ = fresh.apply(message) }
        interfaces = fresh
    }

    private func read() {
        var changed: Set<String> = []
        var lost: [NetlinkMessage.Address] = []
        let isWhole = socket.read { message in
            if case .address(let address, isGone: true) = message { lost.append(address) }
            changed.formUnion(interfaces.apply(message))
        }
        if !isWhole {
            log(.notice, "the kernel told more about its links and addresses than there was room for: looking anew")
            changed.formUnion(interfaces.names)
            do throws(SystemError) { try survey() } catch { log(.error, "\(error)") }
            changed.formUnion(interfaces.names)
        }
        onChange?(changed)
        for address in lost {
            if let name = interfaces.name(address.index) { onLoss?(address, name) }
        }
    }
}
