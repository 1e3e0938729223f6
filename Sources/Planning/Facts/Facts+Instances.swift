import Inventory
import VRRP

extension Facts {
    /// Whether this host has an address of an instance.
    package func holds(_ instance: VRRPInstance) -> Bool { instance.addresses.contains { holds($0.address) } }
}

extension Cluster {
    /// The addresses of every instance.
    package var vips: [IPAddress] { instances.flatMap(\.addresses).map(\.address) }

    /// The instances that a host holds, by what is known of it.
    package func held(by facts: Facts?) -> [VRRPInstance] {
        guard let facts else { return [] }
        return instances.filter { facts.holds($0) }
    }

    /// The balancers that facts are known of, in the order in which they are changed: those first whose change moves the
    /// fewest instances, of equals those that are preferred least.
    package func rolloutOrder(_ facts: [String: Facts]) -> [Host] {
        let known = balancers.filter { facts[$0.name] != nil }.reversed()
        return (0...instances.count).flatMap { count in known.filter { held(by: facts[$0.name]).count == count } }
    }
}
