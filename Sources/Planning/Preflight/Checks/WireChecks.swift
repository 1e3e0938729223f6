import Errors
import Inventory
import VRRP

/// Whether somebody else has a VIP.
struct VIPInUseCheck: PreflightCheck {
    let name = "VIP"

    func failures(_ look: HostLook) -> [Failure] {
        look.preflight.takers(look).filter { !$0.isProxy }.map { taker in
            look.failure(
                "VIP",
                "\(taker.address) is in use already: \(taker.hardware), which is none of the balancers, answers for it",
                "Find that machine (\(Self.finding(taker.address, on: taker.interface))) or choose another VIP.")
        }
    }

    func remarks(_ look: HostLook) -> [String] {
        look.preflight.takers(look).filter(\.isProxy).map { taker in
            "\(taker.hardware), which is none of the balancers, answers for \(taker.address), as for addresses that nobody has "
                + "(proxy ARP): clients that believe it reach the VIP by way of it, or not at all"
        }
    }

    func warnings(_ look: HostLook) -> [Advice] {
        look.cluster.instances.filter { look.facts.holds($0) }.compactMap { instance in
            let others = look.others.filter { $0.facts.holds(instance) }.map(\.host.name)
            guard !others.isEmpty else { return nil }
            let vips = instance.addresses.map { "\($0.address)" }.joined(separator: ", ")
            return Advice(
                "held here, and by \(others.joined(separator: " and ")) too: \(vips)",
                remedy: "They do not hear each other: see what is said of VRRP and filters.")
        }
    }

    func found(_ look: HostLook) -> String? {
        let held = look.cluster.instances.filter { look.facts.holds($0) }.flatMap(\.addresses)
        if !held.isEmpty { return "held here: \(held.map { "\($0.address)" }.joined(separator: ", "))" }
        let ours = Set(look.others.flatMap { $0.facts.nics.values }.filter { !$0.isEmpty })
        let isAnswered = look.facts.answers.contains { ours.contains($0.hardware) }
        return isAnswered ? "held by another balancer, and by nobody else" : "nobody answers for it"
    }

    private static func finding(_ vip: IPAddress, on interface: String) -> String {
        vip.family == .ipv4 ? "`arping -I \(interface) \(vip)`" : "`ping -6 -I \(interface) \(vip)`, `ip -6 neigh`"
    }
}

extension Preflight {
    /// A machine, none of the balancers, that answers for a VIP.
    struct Taker {
        var address: IPAddress
        var interface: String
        var hardware: String
        /// Whether it answers for what nobody has, too.
        var isProxy: Bool
    }

    func takers(_ look: HostLook) -> [Taker] {
        let ours = WireView(cluster: cluster, facts: facts).own
        return cluster.instances.filter { $0.priority(of: look.host.name) != nil }.flatMap { instance in
            instance.addresses.flatMap { vip in
                look.facts.answers.filter { $0.address == "\(vip.address)" && !ours.contains($0.hardware) }.map {
                    other in
                    let isProxy = look.facts.answers.contains {
                        $0.address == WireView.nobodys && $0.hardware == other.hardware
                    }
                    return Taker(
                        address: vip.address, interface: instance.interface(on: look.host), hardware: other.hardware,
                        isProxy: isProxy)
                }
            }
        }
    }
}

/// Whose VRRP arrives at a host.
struct VRRPCheck: PreflightCheck {
    let name = "VRRP"

    func warnings(_ look: HostLook) -> [Advice] {
        let unheard = look.preflight.unheard(look).map { other, instance in
            let vips = instance.addresses.map { "\($0.address)" }.joined(separator: ", ")
            return Advice(
                "no VRRP of \(other.name) arrives here, which holds \(vips): this balancer would take it for dead, and both "
                    + "would hold \(vips)",
                remedy: "See what drops IP protocol 112 between them: filters of both hosts, and switches, "
                    + (instance.unicast
                        ? "which have to carry it both ways."
                        : "which have to carry 224.0.0.18; `unicast` needs no multicast."))
        }
        let silent = look.preflight.listeningRemarks().filter { $0.host == look.host.name }
        return silent.map { Advice($0.text) } + unheard
    }

    func found(_ look: HostLook) -> String? {
        guard let listening = look.facts.listening, let means = listening.means else { return nil }
        let speakers = listening.speakers.map { speaker in
            let who = look.preflight.balancer(speaker).map { "\($0.name) (\(speaker.address))" } ?? speaker.address
            return "\(who): virtual router ID \(speaker.virtualRouterID), \(Preflight.details(speaker))"
        }
        return (speakers.isEmpty ? "nobody speaks" : "heard " + speakers.joined(separator: "; "))
            + (means == Engine.vrrpd.program ? "" : " (by \(means))")
    }
}

extension Preflight {
    /// The balancer that has a speaker's address.
    func balancer(_ speaker: Speaker) -> Host? {
        cluster.balancers.first { host in
            "\(host.address)" == speaker.address
                || facts[host.name]?.addresses.contains { $0.address.map { "\($0)" } == speaker.address } == true
        }
    }

    /// Those who hold an instance, and of whose VRRP nothing arrives at a host.
    func unheard(_ look: HostLook) -> [(host: Host, instance: VRRPInstance)] {
        guard let listening = look.facts.listening, listening.means != nil else { return [] }
        return cluster.instances.flatMap { instance -> [(host: Host, instance: VRRPInstance)] in
            guard instance.priority(of: look.host.name) != nil else { return [] }
            return look.others.filter { other in
                other.facts.holds(instance)
                    && !listening.speakers.contains { speaker in
                        speaker.virtualRouterID == Int(instance.virtualRouterID)
                            && balancer(speaker)?.name == other.host.name
                    }
            }.map { ($0.host, instance) }
        }
    }

    /// Virtual router IDs of ours with which several balancers speak as master.
    func several() -> [Advice] {
        cluster.instances.compactMap { instance in
            var priorities: [String: Int] = [:]
            for facts in facts.values {
                for speaker in facts.listening?.speakers ?? [] {
                    guard speaker.virtualRouterID == Int(instance.virtualRouterID), speaker.priority > 0,
                        IPAddress(speaker.address)?.family == instance.addresses.first?.address.family,
                        let host = balancer(speaker)
                    else { continue }
                    priorities[host.name] = speaker.priority
                }
            }
            guard priorities.count > 1 else { return nil }
            let masters = priorities.sorted { $0.key < $1.key }.map { "\($0.key) (priority \($0.value))" }
            return Advice(
                "several balancers speak as master with virtual router ID \(instance.virtualRouterID): "
                    + masters.joined(separator: " and "),
                remedy:
                    "They do not hear each other, or do not understand what they hear: see filters, the password, the "
                    + "version and the interval of each. `haprov status` says who holds the VIP.")
        }
    }
}
