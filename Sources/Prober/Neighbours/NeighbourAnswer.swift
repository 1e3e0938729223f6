/// A machine on the wire that answers for an address.
public struct NeighbourAnswer: Sendable, Hashable {
    /// Dotted decimal.
    public var address: String
    /// Such as `52:54:00:12:34:56`.
    public var hardware: String
    /// Whether it answers a sender that has no address too, an ARP probe (RFC 5227 section 2.1.1): who has the address must,
    /// and a router that only stands in for it (proxy ARP) does not.
    public var isOwner: Bool

    /// An answer of this kind.
    public init(address: String, hardware: String, isOwner: Bool) {
        self.address = address
        self.hardware = hardware
        self.isOwner = isOwner
    }

    /// As a line of the prober's: `answer 172.16.122.100 52:54:00:12:34:56 owner`, or `any` at its end.
    public var text: String { "answer \(address) \(hardware) \(isOwner ? "owner" : "any")" }

    /// Reads a line; nil where it is not such a one.
    public init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 4, words[0] == "answer", words[3] == "owner" || words[3] == "any" else { return nil }
        self.init(address: String(words[1]), hardware: String(words[2]), isOwner: words[3] == "owner")
    }
}
