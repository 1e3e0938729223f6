/// A host of a lab: what its disk, its NIC and its place at the switch are made from.
public struct LabHost: Sendable, Equatable, Codable {
    public var name: String
    public var address: String
    public var prefixLength: Int
    public var interface: String
    public var isBalancer: Bool
    /// Where an application host's web server listens.
    public var ports: [Int]
    /// Addresses on the same wire that the NIC's own subnet does not cover.
    public var neighbours: [String]
    /// The switch's end of the host's cable.
    public var port: String
}
