import Errors
import Inventory
import VRRP

/// Whether the NICs are there, up, and in the VIPs' subnets.
struct NICCheck: PreflightCheck {
    let name = "interface"

    func failures(_ look: HostLook) -> [Failure] {
        let (cluster, facts, host) = (look.cluster, look.facts, look.host)
        var failures: [Failure] = []
        for interface in cluster.interfaces(of: host) where facts.nics[interface] == nil {
            let owner = cluster.instances.first { $0.interface(on: host) == interface } ?? cluster.instances[0]
            failures.append(
                look.failure(
                    "interface",
                    "there is no NIC \(interface); there are \(facts.nics.keys.sorted().joined(separator: ", "))",
                    "Correct `\(owner.path(of: "interface"))`, or give this host an `interface` of its own."))
        }
        for instance in cluster.instances where instance.priority(of: host.name) != nil {
            for vip in instance.addresses {
                if let failure = subnet(vip, of: instance, on: instance.interface(on: host), look) {
                    failures.append(failure)
                }
            }
        }
        return failures
    }

    /// Whether a NIC may carry a VIP.
    private func subnet(
        _ vip: InterfaceAddress, of owner: VRRPInstance, on interface: String, _ look: HostLook
    ) -> Failure? {
        let (family, name) = vip.address.family == .ipv4 ? ("inet", "IPv4") : ("inet6", "IPv6")
        let own = look.facts.addresses.filter { $0.nic == interface && $0.family == family }
        // VRRP over IPv6 is spoken from the link-local address, which needs none beside it.
        let isReady = own.contains {
            $0.address.map { vip.contains($0) || (vip.address.family == .ipv6 && $0.isLinkLocal) } ?? false
        }
        guard look.facts.nics[interface] != nil, !isReady else { return nil }
        let needed = vip.address.family == .ipv4 ? "one in the VIP's subnet \(vip)" : "a link-local one for \(vip)"
        return look.failure(
            "interface",
            own.isEmpty
                ? "\(interface) has no \(name) address; \(needed) is needed"
                : "\(interface) has \(own.map(\.cidr).joined(separator: ", ")), nothing in the VIP's subnet \(vip)",
            vip.address.family == .ipv4
                ? "Correct `\(owner.path(of: "address"))` or the NIC."
                : "Switch IPv6 on for it: `sysctl net.ipv6.conf.\(interface).disable_ipv6=0`.")
    }

    func warnings(_ look: HostLook) -> [Advice] {
        look.cluster.interfaces(of: look.host).compactMap { interface in
            guard let flags = look.facts.nicFlags[interface] else { return nil }
            if !flags.contains("UP") {
                return Advice("\(interface) is down", remedy: "Set it up: `ip link set \(interface) up`.")
            }
            guard !flags.contains("LOWER_UP") else { return nil }
            return Advice("\(interface) has no carrier", remedy: "See to its cable, or to the switch's port.")
        }
    }

    func found(_ look: HostLook) -> String? {
        look.cluster.interfaces(of: look.host).map { interface in
            // What moves is not the NIC's own.
            let own = look.facts.addresses.filter { address in
                address.nic == interface && !(address.address.map(look.cluster.vips.contains) ?? false)
                    && address.address?.isLinkLocal != true
            }
            let state = look.facts.nicFlags[interface] == nil ? "is there" : "is up"
            return "\(interface) \(state)"
                + (own.isEmpty ? "" : " with " + own.map(\.cidr).joined(separator: ", "))
        }.joined(separator: "; ")
    }
}

/// Who may take the VIP from a NIC when it sets that up anew.
struct NICManagerCheck: PreflightCheck {
    let name = "NIC manager"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] {
        preflight.cluster.interfaces(of: host).map { ProbeQuery("probe_manager", $0) }
    }

    func remarks(_ look: HostLook) -> [String] { look.preflight.managerRemarks(look.host, look.facts) }

    func found(_ look: HostLook) -> String? {
        look.facts.networkManagers.first.map { "\($0.name) leaves the VIP alone (KeepConfiguration=\($0.keeps))" }
            ?? "neither NetworkManager nor systemd-networkd"
    }
}

/// What a cloud has put there.
struct CloudCheck: PreflightCheck {
    let name = "cloud"

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] { [ProbeQuery("probe_agents")] }

    func notes(_ look: HostLook) -> [String] {
        guard !look.facts.agents.isEmpty else { return [] }
        return [
            "\(look.facts.agents.joined(separator: ", ")) runs there: many clouds carry no multicast, and no address that they did "
                + "not give out; `unicast` and an address of the cloud's own for the VIP may be needed"
        ]
    }

    func found(_ look: HostLook) -> String? { nil }
}
