import Glibc

/// Which hardware address a kernel takes for whose, of IPv4: what its own packets go by (proc_net(5), `arp`).
package struct NeighbourTable: Sendable, Equatable {
    /// Where a kernel shows it.
    package static let file = "/proc/net/arp"

    private var entries: [String: String] = [:]

    /// From the kernel's text: a line of titles, then address, type, flags, hardware address, mask and NIC.
    package init(_ text: String) {
        for line in text.split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ")
            // ATF_COM: an entry that is complete, however old it is.
            guard words.count >= 4, words[2].hasPrefix("0x"), let flags = Int(words[2].dropFirst(2), radix: 16),
                flags & 2 != 0
            else { continue }
            entries[String(words[0])] = words[3].lowercased()
        }
    }

    /// This machine's; nil where it cannot be read.
    package static var here: NeighbourTable? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return NeighbourTable(String(decoding: bytes, as: UTF8.self))
    }

    /// What is known of an address.
    package subscript(address address: String) -> String? { entries[address] }
}
