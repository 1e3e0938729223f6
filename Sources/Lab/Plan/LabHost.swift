/// A host of a lab: what its disk, its NIC and its place at the switch are made from.
package struct LabHost: Sendable, Equatable, Codable {
    /// As the inventory calls it, and as it calls itself.
    package var name: String
    /// Its IPv4 address.
    package var address: String
    /// Of the subnet that its NIC is in; 32 where the wire's subnet is not its own.
    package var prefixLength: Int
    /// The name of its NIC.
    package var interface: String
    /// Whether it runs HAProxy; it serves the application otherwise.
    package var isBalancer: Bool
    /// Where an application host's web server listens.
    package var ports: [Int]
    /// Addresses on the same wire that the NIC's own subnet does not cover.
    package var neighbours: [String]
    /// The switch's end of the host's cable.
    package var port: String
    /// What it is where it is not what the lab's other hosts are.
    package var flavour: LabFlavour?
}
