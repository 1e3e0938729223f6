import Errors
import Inventory
import VRRP

/// A lab worked out from a cluster: who stands where on its one wire. Pure.
package struct LabPlan: Sendable, Equatable, Codable {
    /// Which lab.
    package var name: LabName
    /// What its hosts are, and what their repositories are worth.
    package var flavour: LabFlavour
    /// In the order of the inventory.
    package var hosts: [LabHost]
    /// The controller's address on the wire.
    package var controller: String
    /// Of the wire's subnet.
    package var prefixLength: Int
    /// Hosts outside the controller's subnet.
    package var controllerNeighbours: [String]

    /// - Parameter hostFlavours: of hosts that are not as the others are, by name.
    /// - Throws: an input failure where two hosts have one address, a name does not fit, or the subnet has no address
    ///   left for the controller.
    package init(
        name: LabName, flavour: LabFlavour, hostFlavours: [String: LabFlavour] = [:], cluster: Cluster
    ) throws(Failure) {
        self.name = name
        self.flavour = flavour
        try Self.check(cluster)
        let wire = try Self.wire(of: cluster)
        let moving = cluster.instances.flatMap(\.addresses).map(\.address)
        let taken = Set(cluster.hosts.map(\.address) + moving)
        let controller = try Self.controllerAddress(on: wire, taken: taken)
        let everyone = cluster.hosts.map(\.address) + [controller]
        self.controller = controller.description
        prefixLength = Int(wire.prefixLength)
        controllerNeighbours = everyone.filter { !wire.contains($0) }.map(\.description)
        hosts = cluster.hosts.enumerated().map { index, host in
            let inside = wire.contains(host.address)
            let neighbours = (everyone + moving).filter {
                $0 != host.address && !(inside && wire.contains($0))
            }
            return LabHost(
                name: host.name, address: host.address.description, prefixLength: inside ? Int(wire.prefixLength) : 32,
                interface: host.interface, isBalancer: host.role == .balancer,
                ports: host.role == .balancer ? [] : Self.ports(of: host, in: cluster),
                neighbours: neighbours.map(\.description), port: "port\(index + 1)", flavour: hostFlavours[host.name])
        }
        for name in hostFlavours.keys.sorted() { _ = try host(name) }
    }

    /// What a host is.
    func flavour(of host: LabHost) -> LabFlavour { host.flavour ?? flavour }

    /// The host of that name.
    ///
    /// - Throws: an input failure that lists the names there are.
    package func host(_ name: String) throws(Failure) -> LabHost {
        guard let host = hosts.first(where: { $0.name == name }) else {
            throw Failure(
                .input, step: "lab \(self.name)", summary: "there is no host \"\(name)\" in this lab",
                remedy: "Its hosts are \(hosts.map(\.name).joined(separator: ", ")).")
        }
        return host
    }

    /// The subnet of a VIP, or, where the inventory gives none a real one, the smallest that holds one and every balancer.
    private static func wire(of cluster: Cluster) throws(Failure) -> InterfaceAddress {
        let vips = cluster.instances.flatMap(\.addresses).filter { $0.address.family == .ipv4 }
        if let vip = vips.first(where: { $0.prefixLength <= 29 }) { return vip }
        guard let vip = vips.first else {
            throw Failure(
                .input, step: "lab", summary: "expected a VIP of IPv4, which a lab's wire is made for, found none",
                remedy: "Give the inventory a VIP of IPv4.")
        }
        var wire = InterfaceAddress(address: vip.address, prefixLength: 29)
        while wire.prefixLength > 8, !cluster.balancers.allSatisfy({ isUsable($0.address, on: wire) }) {
            wire.prefixLength -= 1
        }
        return wire
    }

    /// Whether an address is one for hosts: in the subnet, and neither its first nor its last.
    private static func isUsable(_ address: IPAddress, on wire: InterfaceAddress) -> Bool {
        wire.contains(address) && address != wire.network && address != wire.last
    }

    /// The highest address of the subnet that nobody has.
    private static func controllerAddress(
        on wire: InterfaceAddress, taken: Set<IPAddress>
    ) throws(Failure) -> IPAddress {
        var candidate = wire.last.previous
        while let address = candidate, address > wire.network {
            if !taken.contains(address) { return address }
            candidate = address.previous
        }
        throw Failure(
            .input, step: "lab",
            summary: "the VIP's subnet /\(wire.prefixLength) has no address left for the controller",
            remedy: "Give the VIP a shorter prefix in the inventory.")
    }

    private static func ports(of host: Host, in cluster: Cluster) -> [Int] {
        let own = cluster.haproxy.own?.reading.servers.filter { IPAddress($0.address) == host.address } ?? []
        let backends = cluster.haproxy.backends.filter { $0.servers.contains(.host(host.name)) }
        return Set(backends.map(\.port) + own.compactMap(\.port)).sorted()
    }

    private static func check(_ cluster: Cluster) throws(Failure) {
        var seen: [IPAddress: String] = [:]
        for host in cluster.hosts {
            guard host.interface.utf8.count <= 15, !host.interface.isEmpty else {
                throw Failure(
                    .input, host: host.name, step: "lab",
                    summary: "expected the name of a NIC, at most 15 bytes, found \"\(host.interface)\"",
                    remedy: "Correct `interface` in the inventory.")
            }
            if let other = seen.updateValue(host.name, forKey: host.address) {
                throw Failure(
                    .input, host: host.name, step: "lab", summary: "\(other) has the address \(host.address) too",
                    remedy: "Give every host an address of its own in the inventory.")
            }
        }
    }
}
