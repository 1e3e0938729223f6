/// What the ``Election`` asks of the outside, to be done in this order.
package enum Effect: Sendable, Hashable {
    /// Send an advertisement.
    case send(Transmission)
    /// Put addresses on their NICs. Those that are there already stay.
    case addAddresses([VirtualAddress])
    /// Take addresses from their NICs. Those that are gone already are no fault.
    case removeAddresses([VirtualAddress])
    /// Set routes and rules, after the addresses that they may need.
    case addRoutes(RouteSet)
    /// Take routes and rules away. Those that are gone already are no fault, nor is it one that others' are the same.
    case removeRoutes(RouteSet)
    /// Tell the neighbours who has these addresses now: gratuitous ARP (RFC 5227 section 3) or unsolicited neighbour
    /// advertisements (RFC 4861 section 7.2.6), each that many times.
    case announce([VirtualAddress], count: Int)
    /// Tell the neighbours once where the host's own address is that is sent from.
    case announceSource(IPAddress, interface: String)
    /// A router is in another state.
    case routerChanged(String, Transition)
    /// A sync group is in another state.
    case groupChanged(String, Transition)
    /// Something that an operator should know, told once and not again until it has been different.
    case notice(Notice)
}

/// An advertisement and its way.
package struct Transmission: Sendable, Hashable {
    /// The router that sends, by name.
    package var router: String
    /// The NIC to send by.
    package var interface: String
    /// The address to send from.
    package var source: IPAddress
    /// The multicast group, or each unicast peer.
    package var destinations: [IPAddress]
    /// What is sent.
    package var advertisement: Advertisement
    /// How its checksum is made.
    package var checksum: IPv4Checksum

    /// From its parts.
    package init(
        router: String, interface: String, source: IPAddress, destinations: [IPAddress], advertisement: Advertisement,
        checksum: IPv4Checksum
    ) {
        self.router = router
        self.interface = interface
        self.source = source
        self.destinations = destinations
        self.advertisement = advertisement
        self.checksum = checksum
    }
}

/// A state of a virtual router (RFC 5798 section 6.3) or of a sync group.
package enum RouterState: Sendable, Hashable {
    /// Before the start and after the shutdown.
    case initialize
    case backup
    case master
    /// Something that the router cannot be without is down: it ignores advertisements and never becomes master.
    case fault
}

/// A change of state and its cause.
package struct Transition: Sendable, Hashable {
    /// The state that ended.
    package var from: RouterState
    /// The state that began.
    package var to: RouterState
    /// Why.
    package var cause: Cause
    /// The priority from now on; 0 for a group.
    package var priority: UInt8

    /// From its parts.
    package init(from: RouterState, to: RouterState, cause: Cause, priority: UInt8) {
        self.from = from
        self.to = to
        self.cause = cause
        self.priority = priority
    }
}

/// Why a state changed.
package enum Cause: Sendable, Hashable {
    /// The daemon has begun.
    case started
    /// No advertisement for the master down interval.
    case masterSilent
    /// The master sent priority 0.
    case masterResigned(IPAddress)
    /// This router's priority is higher and it may preempt.
    case preempting(IPAddress)
    /// A higher priority, or an equal one with the higher address.
    case betterMaster(IPAddress, priority: UInt8)
    /// These are down.
    case down([TrackTarget])
    /// Nothing is down any more.
    case recovered
    /// A member of the sync group, by name.
    case group(String)
    /// It was asked to.
    case resigned
    /// Other settings.
    case reconfigured
    /// The daemon ends.
    case shutdown
}

/// Something that an operator should know. Which advertisements are dropped is keepalived's practice.
package enum Notice: Sendable, Hashable {
    /// Another router says that it is master too. Told when it is first heard, by each peer.
    case splitBrain(router: String, peer: IPAddress, priority: UInt8)
    /// Only one master is left.
    case splitBrainHealed(router: String, peer: IPAddress)
    /// A wrong password or kind of authentication: dropped.
    case wrongAuthentication(router: String, peer: IPAddress)
    /// Another interval: dropped with version 2, taken over from the master with version 3.
    case intervalMismatch(router: String, peer: IPAddress, theirs: Duration)
    /// Other addresses: accepted, as keepalived 2 does.
    case addressMismatch(router: String, peer: IPAddress, theirs: [IPAddress])
    /// Another version of VRRP: dropped.
    case versionMismatch(router: String, peer: IPAddress, theirs: ProtocolVersion)
    /// TTL or hop limit of a multicast is not 255: dropped. Of unicast it may be anything, as in keepalived, but for peers of
    /// which the settings say what it may be.
    case wrongHopLimit(router: String, peer: IPAddress, hopLimit: UInt8)
    /// Our virtual router ID, but no router of ours is meant: unicast where multicast is spoken or the other way round, or
    /// not one of the unicast peers where that is checked (dropped), or another owner with priority 255 (which counts all
    /// the same).
    case foreignRouter(router: String, peer: IPAddress)
    /// Unicast from somebody who is not one of the peers: accepted, as keepalived does. To be deaf to a master would make
    /// two of them.
    case unlistedPeer(router: String, peer: IPAddress)
    /// Not an advertisement at all.
    case malformed(interface: String, peer: IPAddress, DecodeError)
    /// Somebody else removed an address; it is put back.
    case addressRestored(router: String, IPAddress)
    /// The NIC has no address of the family, or the address that the settings name is on no NIC, so nothing can be sent.
    case noSourceAddress(router: String, interface: String, wanted: IPAddress?)
    /// Weights would have taken the priority outside 1…254.
    case priorityClamped(router: String, wanted: Int)
}
