/// An ARP message for Ethernet and IPv4 (RFC 826).
///
///     | Ethernet (1) | IPv4 (0x0800) | 6 | 4 | operation |
///     | sender's hardware address (6) | sender's address (4) | target's hardware address (6) | target's address (4) |
struct ARPMessage: Equatable {
    enum Operation: UInt16 { case request = 1, reply = 2 }

    private static let head: [UInt8] = [0, 1, 8, 0, 6, 4]

    var operation: Operation
    /// Six octets.
    var senderHardware: [UInt8]
    /// In host byte order, as are all addresses here; 0 where the sender says none.
    var sender: UInt32
    /// Six octets.
    var targetHardware = [UInt8](repeating: 0, count: 6)
    var target: UInt32

    init(_ operation: Operation, senderHardware: [UInt8], sender: UInt32, target: UInt32) {
        self.operation = operation
        self.senderHardware = senderHardware
        self.sender = sender
        self.target = target
    }

    /// Reads a message; frames may be padded.
    init?(_ octets: some Collection<UInt8>) {
        let octets = Array(octets)
        guard octets.count >= 28, octets.starts(with: Self.head),
            let operation = Operation(rawValue: UInt16(octets[6]) << 8 | UInt16(octets[7]))
        else { return nil }
        func address(at offset: Int) -> UInt32 {
            octets[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        self.operation = operation
        senderHardware = Array(octets[8..<14])
        sender = address(at: 14)
        targetHardware = Array(octets[18..<24])
        target = address(at: 24)
    }

    /// As it goes over the wire.
    var octets: [UInt8] {
        func octets(of address: UInt32) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: address >> $0) }
        }
        return Self.head + [UInt8(operation.rawValue >> 8), UInt8(operation.rawValue & 0xFF)] + senderHardware
            + octets(of: sender) + targetHardware + octets(of: target)
    }
}
