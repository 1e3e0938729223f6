import Errors
import Inventory
import VRRP

/// A virtual router as balancers agree on it.
package struct FoundVIP: Sendable, Equatable {
    /// Of the instance, on the balancer that is preferred most.
    package var name: String
    package var virtualRouterID: UInt8
    /// With prefix lengths.
    package var addresses: [String]
    package var interface: String
    package var version: Int
    /// Milliseconds.
    package var advertisementInterval: Int
    package var preempt: Bool
    package var unicast: Bool
    /// All of it, of which the protocol carries 8 characters.
    package var password: String?
    package var syncGroup: String?
    /// By host, in the order of the balancers.
    package var priorities: [(host: String, priority: UInt8)]
    /// NICs of hosts whose NIC is another.
    package var interfaces: [String: String]

    package static func == (one: Self, other: Self) -> Bool {
        one.name == other.name && one.virtualRouterID == other.virtualRouterID && one.addresses == other.addresses
    }
}

/// The instances of all balancers, held against each other.
struct VIPComparison {
    private(set) var vips: [FoundVIP] = []
    private(set) var remarks: [Remark] = []
    private(set) var failures: [Failure] = []

    private typealias Member = (host: String, facts: Facts, global: GlobalDefinitions, instance: InstanceDefinition)

    /// - Parameter balancers: by name, the one first that is preferred most.
    init(_ balancers: [(name: String, found: FoundBalancer)]) {
        var members: [Member] = []
        for (name, found) in balancers {
            let vrrp = found.vrrp
            members += vrrp.instances.map { (name, found.facts, vrrp.global, $0) }
        }
        var numbers: [UInt8] = []
        for number in members.compactMap(\.instance.virtualRouterID) where !numbers.contains(number) {
            numbers.append(number)
        }
        let groups = balancers.first?.found.vrrp.groups ?? []
        for number in numbers {
            let same = members.filter { $0.instance.virtualRouterID == number }
            for (name, _) in balancers where !same.contains(where: { $0.host == name }) {
                fail(
                    name, "it has no instance of the virtual router ID \(number), which \(same[0].host) has",
                    "Give it one: with haprov every balancer shares every VIP.")
            }
            add(number, same, groups)
        }
    }

    private mutating func fail(_ host: String, _ summary: String, _ remedy: String) {
        failures.append(
            Failure(.preflight, host: host, step: "keepalived.conf", summary: summary, remedy: remedy))
    }

    private mutating func add(_ number: UInt8, _ members: [Member], _ groups: [GroupDefinition]) {
        let ordered = members.enumerated().sorted {
            (Self.priority($1.element.instance), $0.offset) < (Self.priority($0.element.instance), $1.offset)
        }.map(\.element)
        let first = ordered[0]
        var vip = FoundVIP(
            name: first.instance.name, virtualRouterID: number, addresses: [],
            interface: first.instance.interface ?? "",
            version: Self.version(first), advertisementInterval: Self.interval(first.instance),
            preempt: !members.allSatisfy { $0.instance.noPreempt },
            unicast: !first.instance.unicastPeers.isEmpty, password: first.instance.authentication?.password,
            syncGroup: groups.first { $0.members.contains(first.instance.name) && $0.members.count > 1 }?.name,
            priorities: [], interfaces: [:])
        let alike = members.filter { $0.host == first.host }
        for definition in alike.flatMap(\.instance.addresses) { vip.addresses.append(text(definition, of: first)) }
        for member in members where !vip.priorities.contains(where: { $0.host == member.host }) {
            vip.priorities.append((member.host, Self.priority(member.instance)))
            if let nic = member.instance.interface, nic != vip.interface { vip.interfaces[member.host] = nic }
            compare(member, with: first)
        }
        if members.contains(where: { $0.instance.noPreempt }) != members.allSatisfy({ $0.instance.noPreempt }) {
            remarks.append(
                Remark(
                    host: nil,
                    text:
                        "\(vip.name): some balancers have nopreempt and others do not; the inventory says `preempt: true`"
                ))
        }
        vips.append(vip)
    }

    /// What has to be the same for routers to hear each other.
    private mutating func compare(_ member: Member, with first: Member) {
        func addresses(_ instance: InstanceDefinition) -> [String] {
            instance.addresses.map { "\($0.address)" }.sorted()
        }
        func differs(_ what: String, _ own: String, _ theirs: String) {
            guard own != theirs else { return }
            fail(
                member.host, "\(member.instance.name) has \(what) \(own), and that of \(first.host) \(theirs)",
                "They do not hear each other, or hold other addresses: put that right first.")
        }
        let peers = member.instance.addresses.first?.address.family == first.instance.addresses.first?.address.family
        if peers {
            differs(
                "addresses", addresses(member.instance).joined(separator: ", "),
                addresses(first.instance).joined(separator: ", "))
        }
        differs("advert_int", "\(Self.interval(member.instance)) ms", "\(Self.interval(first.instance)) ms")
        differs("version", "\(Self.version(member))", "\(Self.version(first))")
        let words = { (member: Member) in member.instance.authentication.map { VRRPPassword.carried($0.password) } }
        guard words(member) != words(first) else { return }
        fail(
            member.host, "\(member.instance.name) has another auth_pass than that of \(first.host)",
            "They do not hear each other: put that right first.")
    }

    /// With a prefix length: where none is written, that of the NIC's network, in which it lies.
    private mutating func text(_ definition: AddressDefinition, of member: Member) -> String {
        let address = definition.address
        let nic = definition.interface ?? member.instance.interface ?? ""
        let full: UInt8 = address.family == .ipv4 ? 32 : 128
        if let length = definition.prefixLength, length != full { return "\(address)/\(length)" }
        let network = member.facts.addresses.filter { $0.nic == nic }.compactMap { own -> InterfaceAddress? in
            guard let length = own.cidr.split(separator: "/").last.flatMap({ UInt8($0) }), length < full,
                let other = own.address, other != address
            else { return nil }
            return InterfaceAddress(address: other, prefixLength: length)
        }.first { $0.contains(address) }
        guard let network else { return "\(address)/\(full)" }
        remarks.append(
            Remark(
                host: nil,
                text:
                    "\(address) has no prefix length, which means /\(full); the inventory has that of \(nic)'s network, "
                    + "/\(network.prefixLength), with which haprov puts it on the NIC"))
        return "\(address)/\(network.prefixLength)"
    }

    private static func priority(_ instance: InstanceDefinition) -> UInt8 {
        instance.priority ?? (instance.startsAsMaster == true ? 255 : 100)
    }

    private static func interval(_ instance: InstanceDefinition) -> Int {
        (instance.advertisementInterval ?? .seconds(1)).wholeMilliseconds
    }

    private static func version(_ member: Member) -> Int {
        let isIPv6 = member.instance.addresses.first?.address.family == .ipv6
        return Int((member.instance.version ?? member.global.version ?? (isIPv6 ? .v3 : .v2)).rawValue)
    }
}
