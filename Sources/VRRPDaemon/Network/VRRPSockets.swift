import VRRP

/// The sockets of all routers: one for each NIC and family.
final class VRRPSockets {
    private struct Key: Hashable {
        var interface: String
        var family: AddressFamily
    }

    private struct Entry {
        var socket: VRRPSocket
        var token: EventLoop.Token
        /// Of its family on that NIC.
        var generation: Int
    }

    private let loop: EventLoop
    private let log: Log
    private let incoming = IncomingMessages()
    private var entries: [Key: Entry] = [:]
    private var failures: [Key: Int32] = [:]
    /// Routers whose messages are being refused, and why.
    private var refused: [String: Int32] = [:]

    /// What has come in.
    var onEvent: ((Event) -> Void)?

    init(loop: EventLoop, log: Log) {
        self.loop = loop
        self.log = log
    }

    /// Opens what these routers need where it is not open yet, also anew for a NIC that was made anew or whose family was
    /// switched off meanwhile, which ends all memberships; and closes the rest.
    func serve(_ routers: [RouterSettings], on interfaces: Interfaces) {
        let wanted = Dictionary(grouping: routers) { Key(interface: $0.interface, family: $0.family) }
        for (key, entry) in entries
        where wanted[key] == nil || interfaces.index(key.interface) != entry.socket.index
            || interfaces.generation(key.interface, key.family) != entry.generation
        {
            loop.cancel(entry.token)
            entries[key] = nil
        }
        for (key, routers) in wanted {
            guard let index = interfaces.index(key.interface) else { continue }
            do throws(SystemError) {
                try open(key, index, interfaces.generation(key.interface, key.family)).accept(
                    virtualRouterIDs: Set(routers.map { $0.virtualRouterID }), groups: Set(routers.map { $0.group }))
                failures[key] = nil
            } catch {
                if failures.updateValue(error.number, forKey: key) != error.number { log(.error, "\(error)") }
            }
        }
    }

    private func open(_ key: Key, _ index: UInt32, _ generation: Int) throws(SystemError) -> VRRPSocket {
        if let entry = entries[key] { return entry.socket }
        let socket = try VRRPSocket(interface: key.interface, index: index, family: key.family)
        let token = loop.watch(socket.descriptor) { [self] _ in
            socket.receive(with: incoming) { onEvent?($0) }
        }
        entries[key] = Entry(socket: socket, token: token, generation: generation)
        return socket
    }

    /// Gathers a message; ``flush()`` sends it.
    func send(_ message: EncodedTransmission) {
        let key = Key(interface: message.transmission.interface, family: message.transmission.source.family)
        guard let socket = entries[key]?.socket else { return }
        for (destination, octets) in zip(message.transmission.destinations, message.octets) {
            socket.send(
                octets, from: message.transmission.source, to: destination, sender: message.transmission.router)
        }
    }

    /// Sends what has gathered. A refusal is named once, until there is another one or none.
    func flush() {
        for entry in entries.values {
            entry.socket.flush { sender, number in
                guard refused.updateValue(number, forKey: sender) != number else { return }
                log(
                    .warning,
                    "\(SystemError("\(sender): sending an advertisement by \(entry.socket.interface)", errno: number))")
            }
        }
    }
}
