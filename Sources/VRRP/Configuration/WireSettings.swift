/// What other routers see of a virtual router: those that disagree on it do not hear each other, and each takes the addresses.
///
/// It says nothing of what a router keeps to itself: its priority, its own address, what it tracks, which NIC's address has
/// which prefix length, what its instance is called.
package struct WireSettings: Sendable, Hashable {
    /// The NIC that VRRP is spoken on.
    package var interface: String
    /// Virtual routers of IPv4 and of IPv6 do not know each other.
    package var family: AddressFamily
    /// 1…255.
    package var virtualRouterID: UInt8
    /// 2 or 3.
    package var version: ProtocolVersion
    /// A router drops what comes at another one with version 2; with version 3 it may be impatient with a slower master until
    /// it has heard it.
    package var advertisementInterval: Duration
    /// The octets that are carried; none with version 3.
    package var authentication: Authentication
    /// How version 3's checksums over IPv4 are made.
    package var checksum: IPv4Checksum
    /// What advertisements carry, without prefix lengths, in any order.
    package var addresses: Set<IPAddress>
    /// The group that is spoken to; nil with unicast.
    package var multicastGroup: IPAddress?
    /// In any order.
    package var unicastPeers: Set<IPAddress>
    /// Whether unicast from others is dropped.
    package var checksUnicastSource: Bool
    /// The hop limits that unicast may have, of peers that may not have every one.
    package var peerHopLimits: [IPAddress: ClosedRange<UInt8>]

    /// Whether others take one for the other.
    func isSameRouter(as other: WireSettings) -> Bool {
        interface == other.interface && family == other.family && virtualRouterID == other.virtualRouterID
    }

    /// Those of a router.
    package init(_ router: RouterSettings) {
        let isUnicast = !router.unicastPeers.isEmpty
        interface = router.interface
        family = router.family
        virtualRouterID = router.virtualRouterID
        version = router.version
        advertisementInterval = router.advertisementInterval
        authentication = router.authentication
        checksum = router.version == .v3 && router.family == .ipv4 ? router.checksum : .messageOnly
        addresses = Set(router.addresses.map { $0.address })
        multicastGroup = isUnicast ? nil : router.group
        unicastPeers = Set(router.unicastPeers)
        checksUnicastSource = isUnicast && router.checksUnicastSource
        peerHopLimits = isUnicast ? router.peerHopLimits : [:]
    }
}

extension KeepalivedConfiguration {
    /// What others see of its routers. Only for a configuration that was read without an error.
    package var wireSettings: Set<WireSettings> { Set(electionSettings.routers.map { WireSettings($0) }) }

    /// Whether a router that goes by this one and a router that goes by another may both take an address, since they do not hear
    /// each other: one of them differs in both, or an address is with another router. One that only one of the configurations
    /// has, with addresses of its own, is in nobody's way.
    package func disagrees(with other: KeepalivedConfiguration) -> Bool {
        let (own, others) = (wireSettings, other.wireSettings)
        let rest = others.subtracting(own)
        return own.subtracting(others).contains { router in
            rest.contains { $0.isSameRouter(as: router) || !$0.addresses.isDisjoint(with: router.addresses) }
        }
    }

    /// Whether going from another configuration of the same host to this one can change who holds the addresses, when they
    /// move, or what comes with them. The host's own name does not, nor does one more peer beside those there were.
    package func mattersToFailover(comparedWith other: KeepalivedConfiguration) -> Bool {
        var (old, new) = (other, self)
        old.global.routerID = nil
        new.global.routerID = nil
        guard old.instances.count == new.instances.count else { return true }
        for index in new.instances.indices {
            let before = old.instances[index].unicastPeers
            // With no peer it spoke by multicast.
            guard !before.isEmpty, Set(before).isSubset(of: new.instances[index].unicastPeers) else { continue }
            new.instances[index].unicastPeers = before
        }
        return old != new
    }
}
