import VRRP
import YAMLReading

extension Draft {
    /// A VIP as far as it could be read.
    struct VIPDraft {
        /// As keepalived.conf has it.
        var name: String
        /// Where it is in the inventory, such as `vips.web`.
        var path: String
        /// Nil where any could not be read.
        var addresses: [InterfaceAddress]?
        var interface: String?
        var virtualRouterID: UInt8?
        var version: ProtocolVersion?
        var interval: Duration?
        var preempt = true
        var unicast = false
        var password: Secret?
        /// Where the password stands.
        var passwordPath: String
        /// Who is preferred, as the VIP itself says it; nil where the hosts do.
        var preference: Preference?
        var syncGroup: String?

        /// What an entry of `vips` says of its balancers.
        enum Preference {
            /// It could not be read.
            case faulty
            /// First the one that is to hold it.
            case order([YAMLSection.Located<String>])
            case numbers([(host: YAMLSection.Located<String>, priority: UInt8)])
        }

        /// Whether it is an entry of `vips`.
        var isEntry: Bool { preference != nil }

        /// The key of its addresses.
        var addressKey: String { isEntry ? "addresses" : "address" }

        /// In the order of its addresses.
        var families: [AddressFamily] {
            (addresses ?? []).reduce(into: []) { if !$0.contains($1.address.family) { $0.append($1.address.family) } }
        }

        /// Who is always held by the balancer that holds this one: the name of a group.
        var group: String? { syncGroup ?? (families.count > 1 ? name : nil) }

        /// Numbers for hosts in the order in which they are preferred. They are far enough apart for others between, and do not
        /// change where a host is added at the end.
        static func priorities(of hosts: [String]) -> [(host: String, priority: UInt8)] {
            let step = hosts.count <= 12 ? 20 : max(1, 240 / hosts.count)
            return hosts.enumerated().map { ($1, UInt8(clamping: max(1, 240 - step * $0))) }
        }
    }

    /// Who shares a VIP, as far as that could be read: in the order of the hosts.
    func priorities(of vip: VIPDraft) -> [(host: String, priority: UInt8)] {
        let said: [(host: String, priority: UInt8)]
        switch vip.preference {
        case nil: said = balancers.compactMap { host in host.priority.map { (host.name, $0) } }
        case .faulty: said = []
        case .order(let hosts): said = VIPDraft.priorities(of: hosts.map(\.value))
        case .numbers(let numbers): said = numbers.map { ($0.host.value, $0.priority) }
        }
        return balancers.compactMap { host in said.first { $0.host == host.name } }
    }

    /// The NIC that carries VIPs on a host, unless one of them has another.
    func interface(of host: HostDraft) -> String? { host.interface ?? vips.first?.interface }

    /// The instances of a VIP, one for each family.
    func instances(of vip: VIPDraft) -> [VRRPInstance]? {
        guard let addresses = vip.addresses, let interface = vip.interface, let number = vip.virtualRouterID,
            let version = vip.version, let interval = vip.interval
        else { return nil }
        let members = priorities(of: vip).map { host, priority in
            let own = hosts.first { $0.name == host }
            let nic = own?.interface ?? interface
            return VRRPInstance.Member(
                host: host, priority: priority, interface: nic == own.flatMap(self.interface) ? nil : nic)
        }
        guard members.count == balancers.count else { return nil }
        return vip.families.map { family in
            VRRPInstance(
                vip: vip.name, syncGroup: vip.group, addresses: addresses.filter { $0.address.family == family },
                interface: interface, virtualRouterID: number, version: version, advertisementInterval: interval,
                preempt: vip.preempt, unicast: vip.unicast, password: vip.password, members: members)
        }
    }
}
