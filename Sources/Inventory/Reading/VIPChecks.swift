import VRRP
import YAMLReading

/// Faults of VIPs that show only when they are held against one another and against the hosts.
struct VIPChecks {
    let draft: Draft
    let faults: Faults

    func run() {
        for (index, vip) in draft.vips.enumerated() {
            for address in vip.addresses ?? [] { check(address, of: vip) }
            checkFamilies(vip)
            checkPreference(vip)
            for other in draft.vips[..<index] { check(vip, against: other) }
        }
        checkGroups()
    }

    /// Reports at the place of a path.
    private func error(_ path: String, _ message: String, _ remedy: String) {
        faults.error(faults.place(path), message, remedy)
    }

    private func check(_ vip: InterfaceAddress, of owner: Draft.VIPDraft) {
        let path = "\(owner.path).\(owner.addressKey)"
        if !vip.address.canBeAHosts {
            error(
                path, "`\(path)` is \(vip.address), which no host can have",
                "Choose a free address of the subnet.")
            return
        }
        if let host = draft.hosts.first(where: { $0.address == vip.address }) {
            error(
                path, "the VIP \(vip.address) is the address of \(host.name)",
                "Choose a free address of the subnet: the VIP moves, a host's own address has to stay.")
        }
        if vip.prefixLength < vip.address.family.addressLength * 8 - 1 {
            for (network, what) in ends(of: vip) {
                if vip.address == network {
                    error(
                        path,
                        "the VIP \(vip.address) is the \(what) address of \(vip.network)/\(vip.prefixLength)",
                        "Choose a free host address of the subnet.")
                }
                for host in draft.balancers where host.address == network {
                    error(
                        "hosts.\(host.name).address",
                        "\(host.name) has the \(what) address of \(vip.network)/\(vip.prefixLength)",
                        "Correct the address, or the prefix length of `\(path)`.")
                }
            }
        }
        // Hosts are known by IPv4, and by that of their usual NIC: the rest is looked at on the hosts.
        if vip.address.family == .ipv4, owner.interface == draft.vips[0].interface { checkSubnet(vip, path) }
    }

    /// Those that no host may have: IPv6 has no broadcasts.
    private func ends(of vip: InterfaceAddress) -> [(IPAddress, String)] {
        vip.address.family == .ipv4 ? [(vip.network, "network"), (vip.last, "broadcast")] : [(vip.network, "network")]
    }

    /// Where every balancer is outside, the VIP is at fault; where only some are, these.
    private func checkSubnet(_ vip: InterfaceAddress, _ path: String) {
        let balancers = draft.balancers.filter { $0.address != nil }
        let outside = balancers.filter { $0.address.map(vip.contains) == false }
        guard let first = outside.first, let address = first.address else { return }
        if outside.count == balancers.count {
            error(
                path, "the VIP \(vip) is outside the subnet of the balancers (\(first.name) has \(address))",
                "Choose an address, and a prefix length, whose subnet holds every balancer.")
            return
        }
        for host in outside {
            error(
                "hosts.\(host.name).address",
                "\(host.name) has \(host.address?.description ?? ""), outside the subnet of the VIP \(vip)",
                "Correct the address, or the prefix length of `\(path)`: the VIP moves within one subnet.")
        }
    }

    /// IPv6 came with version 3, and hosts are known by IPv4 alone.
    private func checkFamilies(_ vip: Draft.VIPDraft) {
        guard let address = vip.addresses?.first(where: { $0.address.family == .ipv6 }) else { return }
        if vip.version == .v2 {
            let path = faults.places["\(vip.path).version"] != nil ? "\(vip.path).version" : "vrrp.version"
            error(
                path, "`\(path)` is 2, which has no IPv6, and \(vip.name) has \(address.address)",
                "Write `version: 3`, once for all below `vrrp`; it has no password.")
        }
        if vip.unicast {
            error(
                "\(vip.path).unicast",
                "\(vip.name) has \(address.address) and speaks by unicast, and the inventory knows its hosts by IPv4 alone",
                "Leave `unicast` out here, or give the IPv6 address an entry of its own by multicast.")
        }
    }

    private func check(_ vip: Draft.VIPDraft, against other: Draft.VIPDraft) {
        for address in vip.addresses ?? [] {
            guard other.addresses?.contains(where: { $0.address == address.address }) == true else { continue }
            error(
                "\(vip.path).addresses", "\(other.name) and \(vip.name) both have \(address.address)",
                "Give it to one of them.")
        }
        if let number = vip.virtualRouterID, number == other.virtualRouterID {
            error(
                "\(vip.path).virtual_router_id", "\(other.name) and \(vip.name) have the virtual router ID \(number)",
                "Give each its own, which no other VRRP router on this network uses.")
        }
        if let version = vip.version, let before = other.version, version != before, other.name == draft.vips[0].name {
            error(
                "\(vip.path).version",
                "\(vip.name) speaks VRRP \(version.rawValue), and \(other.name) VRRP \(before.rawValue)",
                "Give all VIPs one version: write it once, below `vrrp`.")
        }
        if vip.name == "\(other.name)_6" || other.name == "\(vip.name)_6" {
            let short = vip.name.count < other.name.count ? vip.name : other.name
            error(
                vip.path, "`\(short)_6` is what the IPv6 addresses of \(short) are called in keepalived.conf",
                "Choose another name.")
        }
    }

    private func checkPreference(_ vip: Draft.VIPDraft) {
        switch vip.preference {
        case nil, .faulty: return
        case .order(let hosts): checkMembers(hosts, of: vip, "prefer")
        case .numbers(let numbers):
            checkMembers(numbers.map(\.host), of: vip, "priorities")
            for (index, number) in numbers.enumerated() {
                guard let other = numbers[..<index].first(where: { $0.priority == number.priority }) else { continue }
                faults.error(
                    number.host.place,
                    "\(number.host.value) has the priority of \(other.host.value), \(number.priority), for \(vip.name)",
                    "Give each balancer its own; of equals, the one with the higher address would win.")
            }
        }
    }

    private func checkMembers(_ hosts: [YAMLSection.Located<String>], of vip: Draft.VIPDraft, _ key: String) {
        let balancers = draft.balancers.map(\.name)
        // One that was a balancer may be named still.
        let others = draft.hosts.filter { $0.isBalancer == false && !$0.isRetired }.map(\.name)
        for (index, host) in hosts.enumerated() {
            if hosts[..<index].contains(where: { $0.value == host.value }) {
                faults.error(host.place, "`\(vip.path).\(key)` names \(host.value) twice", "Keep one of the two.")
            } else if others.contains(host.value) {
                faults.error(
                    host.place, "`\(vip.path).\(key)` names \(host.value), which is no balancer",
                    "Name balancers\(balancers.isEmpty ? "" : ": \(balancers.enumeration)").")
            } else if faults.places["hosts.\(host.value)"] == nil {
                let meant = NearestName.of(host.value, among: balancers).map { "Did you mean `\($0)`?" }
                faults.error(
                    host.place, "`\(vip.path).\(key)` names `\(host.value)`, which is not among the hosts",
                    meant ?? "Name balancers\(balancers.isEmpty ? "" : ": \(balancers.enumeration)").")
            }
        }
        let missing = balancers.filter { name in !hosts.contains { $0.value == name } }
        guard !missing.isEmpty, draft.hostsAreComplete else { return }
        error(
            "\(vip.path).\(key)", "`\(vip.path).\(key)` lacks \(missing.joined(separator: ", "))",
            "Name every balancer: each shares every VIP.")
    }

    /// VIPs that one balancer is to hold have to agree which.
    private func checkGroups() {
        for (index, vip) in draft.vips.enumerated() {
            guard let group = vip.group, let other = draft.vips[..<index].first(where: { $0.group == group }) else {
                continue
            }
            let path = "\(vip.path).sync_group"
            guard vip.syncGroup != nil, other.syncGroup != nil else {
                error(
                    path,
                    "`\(group)` is the name of a group and of a VIP of both families, whose addresses are a group of that name",
                    "Choose another name for the group, or name it in both.")
                continue
            }
            let orders = [other, vip].map { vip in
                draft.priorities(of: vip).sorted { $0.priority > $1.priority }.map(\.host)
            }
            if orders[0] != orders[1] {
                error(
                    path,
                    "\(other.name) and \(vip.name) move together as `\(group)`, and do not prefer the same balancers: "
                        + "\(orders[0].joined(separator: ", ")) and \(orders[1].joined(separator: ", "))",
                    "Give both one order, or leave `sync_group` out.")
            } else if vip.preempt != other.preempt {
                error(
                    path, "\(other.name) and \(vip.name) move together as `\(group)`, and only one of them preempts",
                    "Give both one `preempt`, or leave `sync_group` out.")
            }
        }
    }
}
