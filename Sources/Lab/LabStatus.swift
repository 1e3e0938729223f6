/// A lab as it is now; what the summaries of `haprov lab` commands hold.
package struct LabStatus: Sendable, Equatable, Codable {
    /// One host.
    package struct Host: Sendable, Equatable, Codable {
        /// As the inventory calls it.
        package var name: String
        /// Its IPv4 address.
        package var address: String
        /// The name of its NIC.
        package var interface: String
        /// `balancer` or `application`.
        package var role: String
        /// What it is.
        package var flavour: LabFlavour
        /// Whether its systemd runs.
        package var up: Bool
        /// Whether its power was taken away by `lab power HOST off`.
        package var off: Bool
        /// Whether its cable is cut.
        package var cut: Bool
        /// The machine's process ID of the host's PID 1.
        package var leader: Int?
        /// What it wrote to its console.
        package var console: String
    }

    /// Whether every host is as it was told to be.
    package var ok: Bool
    /// The lab's name.
    package var lab: String
    /// What its hosts are, and what their repositories are worth.
    package var flavour: LabFlavour
    /// The path of the lab's own inventory.
    package var inventory: String
    /// The folder of its tarballs, which need not be there yet.
    package var assets: String
    /// The controller's address.
    package var controller: String
    /// The network namespace in which `lab run` runs.
    package var namespace: String
    /// A folder of RPMs for `packages: { rpms: DIR }`; nil where its hosts install none.
    package var rpms: String?
    /// A folder of Debian packages; nil likewise.
    package var debs: String?
    /// In the order of the inventory.
    package var hosts: [Host]
}
