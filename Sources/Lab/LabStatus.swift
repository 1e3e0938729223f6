/// A lab as it is now; what the summaries of `haprov lab` commands hold.
public struct LabStatus: Sendable, Equatable, Codable {
    /// One host.
    public struct Host: Sendable, Equatable, Codable {
        /// As the inventory calls it.
        public var name: String
        /// Its IPv4 address.
        public var address: String
        /// The name of its NIC.
        public var interface: String
        /// `balancer` or `application`.
        public var role: String
        /// Whether its systemd runs.
        public var up: Bool
        /// Whether its power was taken away by `lab power HOST off`.
        public var off: Bool
        /// Whether its cable is cut.
        public var cut: Bool
        /// The machine's process ID of the host's PID 1.
        public var leader: Int?
        /// What it wrote to its console.
        public var console: String
    }

    /// Whether every host is as it was told to be.
    public var ok: Bool
    /// The lab's name.
    public var lab: String
    /// What its repositories are worth.
    public var flavour: LabFlavour
    /// The path of the lab's own inventory.
    public var inventory: String
    /// The folder of its tarballs, which need not be there yet.
    public var assets: String
    /// The controller's address.
    public var controller: String
    /// The network namespace in which `lab run` runs.
    public var namespace: String
    /// A folder of RPMs for `packages: { rpms: DIR }`.
    public var rpms: String
    /// In the order of the inventory.
    public var hosts: [Host]
}
