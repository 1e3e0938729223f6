import Errors
import Inventory
import VRRP

/// How balancers send each other advertisements of a virtual router that nobody has, so that it is seen whether VRRP passes.
package struct VRRPTrial: Sendable, Equatable {
    /// A balancer as it takes part.
    package struct Member: Sendable, Equatable {
        package var host: String
        package var interface: String
        /// What it sends from.
        package var source: IPAddress
    }

    /// The NICs and the family that instances speak by.
    package struct Way: Sendable, Equatable {
        package var virtualRouterID: UInt8
        /// Whether each is spoken to by its address.
        package var isUnicast: Bool
        package var members: [Member]

        /// The options of haprov-vrrpd's `trial`.
        package func arguments(of member: Member) -> [String] {
            let peers = members.filter { $0.host != member.host }.map { "\($0.source)" }
            return [
                "--interface", member.interface, "--virtual-router-id", "\(virtualRouterID)", "--source",
                "\(member.source)",
            ] + (isUnicast ? ["--to", peers.joined(separator: ",")] : [])
        }
    }

    package var ways: [Way]

    /// How many are sent by each balancer, and by which priority, as haprov-vrrpd does it.
    package static let text = "three advertisements of priority 1"

    /// The numbers of its virtual routers, for people.
    package var numbers: String {
        let numbers = Set(ways.map(\.virtualRouterID)).sorted().map { "\($0)" }
        return "virtual router ID \(numbers.joined(separator: " and "))"
    }
}

/// What became of one.
package struct TrialOutcome: Sendable, Equatable {
    package var way: VRRPTrial.Way
    /// The addresses that each balancer heard; nil where it could not hear.
    package var heard: [String: [IPAddress]]
    /// Why what a balancer sent did not leave it.
    package var refused: [String: String]
    /// Why a balancer could not take part.
    package var absent: [String: String]

    package init(
        _ way: VRRPTrial.Way, heard: [String: [IPAddress]] = [:], refused: [String: String] = [:],
        absent: [String: String] = [:]
    ) {
        self.way = way
        self.heard = heard
        self.refused = refused
        self.absent = absent
    }
}

/// Why nothing is sent.
package struct TrialObstacle: Error, Equatable {
    package var text: String
}

extension Preflight {
    /// How it is to be tried whether VRRP passes between the balancers.
    ///
    /// - Throws: where nothing may be sent: who speaks was not heard, or this cluster's own VRRP runs.
    package func trial() throws(TrialObstacle) -> VRRPTrial {
        let hosts = cluster.balancers.filter { facts[$0.name] != nil }
        guard hosts.count > 1 else { throw TrialObstacle(text: "it takes two balancers") }
        let running = hosts.filter { facts[$0.name]?.speakers.contains { !$0.isApart } == true }.map(\.name)
        guard running.isEmpty else {
            throw TrialObstacle(
                text:
                    "VRRP of this cluster runs on \(running.joined(separator: ", ")), and is not disturbed: who hears whom is "
                    + "seen by what they send themselves")
        }
        let deaf = hosts.filter { facts[$0.name]?.listening?.means == nil }.map(\.name)
        guard deaf.isEmpty else {
            throw TrialObstacle(
                text:
                    "nobody could listen on \(deaf.joined(separator: ", ")), so no virtual router ID is known to be silent"
            )
        }
        let taken = Set(facts.values.flatMap { $0.listening?.speakers ?? [] }.map(\.virtualRouterID))
            .union(cluster.instances.map { Int($0.virtualRouterID) })
        guard let number = (1...255 as ClosedRange<UInt8>).last(where: { !taken.contains(Int($0)) }) else {
            throw TrialObstacle(text: "every virtual router ID is in use")
        }
        var ways: [VRRPTrial.Way] = []
        for instance in cluster.instances {
            let members = hosts.compactMap { member(of: instance, $0) }
            let way = VRRPTrial.Way(virtualRouterID: number, isUnicast: instance.unicast, members: members)
            if members.count > 1, !ways.contains(way) { ways.append(way) }
        }
        guard !ways.isEmpty else { throw TrialObstacle(text: "no two balancers have addresses to send from") }
        return VRRPTrial(ways: ways)
    }

    /// Nil where a host has no address to send from, which other checks tell.
    private func member(of instance: VRRPInstance, _ host: Host) -> VRRPTrial.Member? {
        guard instance.priority(of: host.name) != nil, let family = instance.addresses.first?.address.family else {
            return nil
        }
        let nic = instance.interface(on: host)
        let own = (facts[host.name]?.addresses ?? []).filter { $0.nic == nic }.compactMap(\.address)
            .filter { $0.family == family && !cluster.vips.contains($0) }
        // RFC 5798 section 5.1.2.1: of IPv6 the link-local one.
        let source =
            family == .ipv6 ? own.first(where: \.isLinkLocal) : own.first { $0 == host.address } ?? own.first
        return source.map { VRRPTrial.Member(host: host.name, interface: nic, source: $0) }
    }

    /// What a trial showed.
    package func findings(_ outcome: TrialOutcome) -> [PreflightFinding] {
        let members = outcome.way.members
        let absent = outcome.absent.sorted { $0.key < $1.key }.map { host, reason in
            PreflightFinding(host: host, check: "VRRP", .warn, "it was not tried whether VRRP passes: \(reason)")
        }
        var misses: [PreflightFinding] = []
        for to in members where outcome.absent[to.host] == nil {
            for from in members where from.host != to.host && outcome.absent[from.host] == nil {
                guard outcome.heard[to.host]?.contains(from.source) != true else { continue }
                misses.append(miss(from, to, outcome))
            }
        }
        guard absent.isEmpty, misses.isEmpty else { return absent + misses }
        let names = members.map(\.host)
        let family = members[0].source.family == .ipv6 ? ", over IPv6" : ""
        return [
            PreflightFinding(
                host: nil, check: "VRRP", .pass,
                "VRRP passes between \(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1]), each way\(family) "
                    + "(\(VRRPTrial.text) each, virtual router ID \(outcome.way.virtualRouterID))")
        ]
    }

    private func miss(_ from: VRRPTrial.Member, _ to: VRRPTrial.Member, _ outcome: TrialOutcome) -> PreflightFinding {
        let what = "VRRP from \(from.host) does not reach \(to.host)"
        if let reason = outcome.refused[from.host] {
            return PreflightFinding(
                host: to.host, check: "VRRP", .fail, "\(what): it does not leave \(from.host) (\(reason))",
                remedy:
                    "See what drops IP protocol 112 that leaves \(from.host): `nft list ruleset`, `iptables -S OUTPUT`."
            )
        }
        if let keeper = keeper(of: to.host) {
            return PreflightFinding(
                host: to.host, check: "VRRP", .warn, "\(what), where \(keeper) runs",
                remedy: "`apply` lets it in there; what lies between them is seen once that is done.")
        }
        let carries =
            outcome.way.isUnicast
            ? "which have to carry it both ways"
            : "which have to carry \(to.source.family.multicastGroup); `unicast` needs no multicast"
        return PreflightFinding(
            host: to.host, check: "VRRP", .fail, what,
            remedy: "See what drops IP protocol 112 between them: filters of both hosts, and switches, \(carries).")
    }

    /// The firewall of a host that `apply` opens.
    private func keeper(of host: String) -> String? {
        guard let facts = facts[host] else { return nil }
        return facts.firewall.isActive ? "firewalld" : facts.ufw.isActive ? "ufw" : nil
    }
}
