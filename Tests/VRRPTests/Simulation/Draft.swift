import VRRP

/// What the hosts of a scenario have in common, and how each of them comes about.
struct Draft {
    /// How priorities are spread.
    private enum Spread: CaseIterable { case distinct, equal, tied, owner }

    let version: ProtocolVersion
    let family: AddressFamily
    let hosts: Int
    private let spread: Spread
    private let order: [UInt32]
    private let routers: Int
    private let isGrouped: Bool
    private let hasSecondNIC: Bool
    private let isUnicast: Bool
    private let intervalsDiffer: Bool
    private let preempts: Int
    private let password: Authentication
    private let checksum: IPv4Checksum
    private var priorities: [UInt8]

    init(version: ProtocolVersion, family: AddressFamily, hosts: Int, using generator: inout SplitMix) {
        self.version = version
        self.family = family
        self.hosts = hosts
        spread = generator.pick(Spread.allCases)
        order = Array(1...20).shuffled(using: &generator)
        routers = generator.pick([1, 1, 1, 2])
        isGrouped = routers == 2 && generator.chance(60)
        hasSecondNIC = generator.chance(50)
        isUnicast = generator.chance(25)
        intervalsDiffer = version == .v3 && !isGrouped && generator.chance(30)
        preempts = generator.pick([0, 50, 100, 100])
        password = version == .v2 && generator.chance(50) ? .simple(Password("secret")) : .none
        checksum = generator.chance(20) ? .messageOnly : .withPseudoHeader
        let owner = Int.random(in: 0..<hosts, using: &generator)
        var pool = Array(UInt8(1)...254).shuffled(using: &generator)
        if generator.chance(30) { pool = [254, 253, 252, 251, 250].shuffled(using: &generator) }
        let few: [UInt8] = [100, 100, 101, 150]
        priorities = []
        for host in 0..<hosts {
            switch spread {
            case .distinct: priorities.append(pool[host])
            case .equal: priorities.append(pool[0])
            case .tied: priorities.append(generator.pick(few))
            case .owner: priorities.append(host == owner ? 255 : pool[host])
            }
        }
    }

    /// The host of that number.
    mutating func member(_ host: Int, interval: Int64, using generator: inout SplitMix) -> Scenario.Member {
        let nics = hasSecondNIC ? ["eth0", "eth1"] : ["eth0"]
        var settings = ElectionSettings(routers: [])
        let preempt = generator.chance(preempts)
        let delay = preempt && generator.chance(30) ? interval * generator.number(1...8) : 0
        let startsAsMaster = generator.chance(20)
        let items = items(using: &generator)
        for number in 0..<routers {
            var router = RouterSettings(
                name: "r\(number)", interface: nics[number % nics.count], virtualRouterID: UInt8(51 + number),
                addresses: [address(number, on: nics[number % nics.count])])
            router.version = version
            router.family = family
            router.priority = isGrouped || number == 0 ? priorities[host] : priorities[hosts - 1 - host]
            router.advertisementInterval = .nanoseconds(
                intervalsDiffer ? interval * generator.pick([1, 1, 2, 10]) : interval)
            router.preempt = preempt
            router.preemptDelay = .nanoseconds(delay)
            router.startsAsMaster = startsAsMaster
            router.authentication = password
            router.checksum = checksum
            if generator.chance(20) { router.excludedAddresses = [address(number + 10, on: nics[0])] }
            if isUnicast {
                router.unicastPeers = (0..<hosts).filter { $0 != host }.map { own($0, on: router.interface) }
                router.sourceAddress = own(host, on: router.interface)
            }
            router.tracked = isGrouped ? [] : items
            settings.routers.append(router)
        }
        if isGrouped {
            settings.groups = [SyncGroupSettings(name: "g", routers: ["r0", "r1"], tracked: items)]
        }
        return Scenario.Member(
            settings: settings, interfaces: nics.map { ($0, [own(host, on: $0)]) }, scripts: items.map(\.target))
    }

    private func items(using generator: inout SplitMix) -> [TrackedItem] {
        var items: [TrackedItem] = []
        if generator.chance(60) {
            items.append(TrackedItem(target: .script("check"), isReversed: generator.chance(10)))
        }
        if generator.chance(40) {
            let weight = Int(generator.number(1...120)) * (generator.chance(50) ? -1 : 1)
            items.append(TrackedItem(target: .script("heavy"), weight: weight, isReversed: generator.chance(10)))
        }
        return items
    }

    /// A host's own address.
    private func own(_ host: Int, on nic: String) -> IPAddress {
        let number = nic == "eth0" ? 0 : 1
        return family == .ipv4
            ? .v4(0x0A00_0000 + UInt32(number) << 16 + order[host])
            : .v6(0xFE80_0000_0000_0000, UInt64(number) << 16 + UInt64(order[host]))
    }

    /// An address that moves.
    private func address(_ number: Int, on nic: String) -> VirtualAddress {
        let address: IPAddress =
            family == .ipv4 ? .v4(0x0A00_0064 + UInt32(number)) : .v6(0x2001_0DB8_0000_0000, 0x64 + UInt64(number))
        return VirtualAddress(address: address, prefixLength: family == .ipv4 ? 24 : 64, interface: nic)
    }
}
