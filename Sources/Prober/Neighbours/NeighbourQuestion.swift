import CLinux
import Glibc

/// Asks the wire who answers for addresses, and hears everybody that does: a kernel's own table keeps one answer alone.
package final class NeighbourQuestion {
    /// Milliseconds until all have had time to answer; a proxy may take 800 (`proxy_delay`, arp(7)).
    package static let duration = 2000
    /// Milliseconds between two questions, which are ARP probes and ordinary requests in turn.
    private static let pause = 150
    private static let questions = 6
    private static let protocolNumber = UInt16(0x0806).bigEndian

    private let descriptor: Int32
    private let interface: NeighbourInterface
    private let addresses: [UInt32]
    private var asked = 0
    private var heard: [Key: Bool] = [:]

    private struct Key: Hashable {
        var address: UInt32
        var hardware: [UInt8]
    }

    /// - Parameter addresses: the first decides by which NIC.
    /// - Returns: nil where the first is this host's own or not on one of its links, and where a packet socket is not allowed.
    package init?(_ addresses: [String]) {
        let values = addresses.compactMap(NeighbourInterface.address)
        guard values.count == addresses.count, let first = values.first,
            let interface = NeighbourInterface.towards(first)
        else { return nil }
        let flags = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_PACKET, flags, Int32(Self.protocolNumber))
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        self.interface = interface
        self.addresses = values
        let isBound = withLinkAddress { Glibc.bind(descriptor, $0, $1) == 0 }
        guard isBound else { return nil }
    }

    deinit { close(descriptor) }

    /// Sends what is due and takes what has come.
    ///
    /// - Parameter time: milliseconds since the question began.
    package func step(at time: Int) {
        while asked < Self.questions, time >= asked * Self.pause {
            // Those without a sender's address are ARP probes.
            let sender = asked.isMultiple(of: 2) ? 0 : interface.address
            for address in addresses { send(sender: sender, target: address) }
            asked += 1
        }
        var buffer = [UInt8](repeating: 0, count: 256)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            if let message = ARPMessage(buffer[..<count]) { take(message) }
        }
    }

    /// Asks and waits for the answers.
    package func ask() -> [NeighbourAnswer] {
        for time in stride(from: 0, through: Self.duration, by: 10) {
            step(at: time)
            usleep(10_000)
        }
        return answers
    }

    /// Everybody that has answered so far.
    package var answers: [NeighbourAnswer] {
        heard.map { key, isOwner in
            NeighbourAnswer(
                address: NeighbourInterface.text(key.address),
                hardware: key.hardware.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":"),
                isOwner: isOwner)
        }.sorted { ($0.address, $0.hardware) < ($1.address, $1.hardware) }
    }

    private func take(_ message: ARPMessage) {
        guard message.operation == .reply, addresses.contains(message.sender),
            message.target == 0 || message.target == interface.address
        else { return }
        heard[Key(address: message.sender, hardware: message.senderHardware), default: false] =
            message.target == 0 || heard[Key(address: message.sender, hardware: message.senderHardware)] == true
    }

    private func send(sender: UInt32, target: UInt32) {
        let octets = ARPMessage(.request, senderHardware: interface.hardware, sender: sender, target: target).octets
        // What is refused is lost, as it may be on the wire; that is why questions are repeated.
        _ = withLinkAddress { name, length in sendto(descriptor, octets, octets.count, 0, name, length) }
    }

    /// `struct sockaddr_ll`: this NIC, everybody on it.
    private func withLinkAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var name = sockaddr_ll()
        name.sll_family = UInt16(AF_PACKET)
        name.sll_protocol = Self.protocolNumber
        name.sll_ifindex = Int32(interface.index)
        name.sll_halen = 6
        name.sll_addr = (0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0)
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_ll>.size))
            }
        }
    }
}
