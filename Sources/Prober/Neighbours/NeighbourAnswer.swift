/// A machine on the wire that answers for an address.
package struct NeighbourAnswer: Sendable, Hashable {
    /// Dotted decimal.
    package var address: String
    /// Such as `52:54:00:12:34:56`.
    package var hardware: String
    /// Whether it answers a sender that has no address too, an ARP probe (RFC 5227 section 2.1.1): who has the address must,
    /// and a router that only stands in for it (proxy ARP) does not.
    package var isOwner: Bool

    /// An answer of this kind.
    package init(address: String, hardware: String, isOwner: Bool) {
        self.address = address
        self.hardware = hardware
        self.isOwner = isOwner
    }

    /// As a line of the prober's: `answer 172.16.122.100 52:54:00:12:34:56 owner`, or `any` at its end.
    package var text: String { "answer \(address) \(hardware) \(isOwner ? "owner" : "any")" }

    /// Reads a line; nil where it is not such a one.
    package init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 4, words[0] == "answer", words[3] == "owner" || words[3] == "any" else { return nil }
        self.init(address: String(words[1]), hardware: String(words[2]), isOwner: words[3] == "owner")
    }
}
