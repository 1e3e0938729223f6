/// A host of a lab: what its disk, its NIC and its place at the switch are made from.
public struct LabHost: Sendable, Equatable, Codable {
    /// As the inventory calls it, and as it calls itself.
    public var name: String
    /// Its IPv4 address.
    public var address: String
    /// Of the subnet that its NIC is in; 32 where the wire's subnet is not its own.
    public var prefixLength: Int
    /// The name of its NIC.
    public var interface: String
    /// Whether it runs HAProxy; it serves the application otherwise.
    public var isBalancer: Bool
    /// Where an application host's web server listens.
    public var ports: [Int]
    /// Addresses on the same wire that the NIC's own subnet does not cover.
    public var neighbours: [String]
    /// The switch's end of the host's cable.
    public var port: String
}
