import Errors
import Inventory
import VRRP

/// Who answers for the VIP, put together from what several hosts saw. Pure.
package struct WireView: Sendable {
    /// A machine that answers for an address.
    package struct Answer: Sendable, Hashable {
        package enum Kind: Sendable {
            /// It answers a sender without an address too, as who has the address must (RFC 5227).
            case owner
            /// It answers ordinary requests alone.
            case standIn
            /// A kernel took it for the address's; how it answers was not seen.
            case unknown
        }
        package var address: String
        package var hardware: String
        package var kind: Kind

        package init(address: String, hardware: String, kind: Kind) {
            self.address = address
            self.hardware = hardware
            self.kind = kind
        }
    }

    /// Nobody has it (RFC 5737): who answers for it answers for everything.
    package static let nobodys = "203.0.113.77"

    package var cluster: Cluster
    /// By balancer, of those that could be asked.
    package var facts: [String: Facts]
    package var former: [FormerHostState]
    /// Of those who heard everybody.
    package var heard: [Answer] = []

    package init(cluster: Cluster, facts: [String: Facts], former: [FormerHostState] = [], heard: [Answer] = []) {
        self.cluster = cluster
        self.facts = facts
        self.former = former
        self.heard = heard
    }

    /// Everything that was seen to answer.
    private var answers: [Answer] {
        heard
            + facts.values.flatMap { facts in
                (facts.answers + facts.neighbours).map {
                    Answer(address: $0.address, hardware: $0.hardware, kind: .unknown)
                }
            }
    }

    /// The hardware addresses of our balancers. Of one that could not be asked, who answers for its address.
    package var own: Set<String> {
        var own = Set(facts.values.flatMap { $0.nics.values })
        for host in cluster.balancers where facts[host.name] == nil {
            own.formUnion(answers.filter { $0.address == "\(host.address)" }.map(\.hardware))
        }
        own.remove("")
        return own
    }

    /// Whoever answers for the VIP, has it, and is none of the balancers.
    package var strangers: [Failure] {
        foreign.filter { !isProxy($0, for: $1) && !isUncertain($0, for: $1) }.map { hardware, vip in
            let name = machine(hardware)
            let known = former.first { isOf($0, hardware) }
            return Failure(
                .verification, step: "who answers for the VIP",
                summary: "expected nobody but the balancers to answer for \(vip), found \(hardware)"
                    + (name.map { ", which is \($0)" } ?? ", which is none of them"),
                remedy: known.map {
                    "On \($0.host.name): `systemctl stop \(cluster.engine.program); systemctl disable"
                        + " \(cluster.engine.program)`; then see that it has given \(vip) up."
                }
                    ?? "Find that machine (a switch knows the port of \(hardware)) and take \(vip) from it: clients may"
                    + " be served by it.")
        }
    }

    /// What is worth knowing and no fault.
    package var notes: [String] {
        foreign.filter { isProxy($0, for: $1) }.map { hardware, vip in
            "\(hardware)\(machine(hardware).map { ", which is \($0)," } ?? "") answers for \(vip) too, as for addresses that it"
                + " stands in for (proxy ARP): clients that believe it reach the VIP by way of it"
        }
            + foreign.filter { !isProxy($0, for: $1) && isUncertain($0, for: $1) }.map { hardware, vip in
                "\(hardware)\(machine(hardware).map { ", which is \($0)," } ?? "") answers for \(vip) too, as a kernel saw it:"
                    + " whether it has the address or only stands in for it (proxy ARP) is not known, since haprov-prober"
                    + " did not hear it"
            }
            + former.compactMap { $0.holdsVIP ? nil : $0.note(in: cluster) }
    }

    /// Whether a former balancer holds the VIP.
    package var isHeldByFormer: Bool { former.contains(where: \.holdsVIP) }

    /// Those of former balancers that go on taking part.
    package func takingPart(_ kind: Failure.Kind) -> [Failure] { former.compactMap { $0.failure(kind, in: cluster) } }

    /// Hardware addresses that answer for a VIP and are none of our balancers', each with the VIP.
    private var foreign: [(hardware: String, vip: IPAddress)] {
        let own = own
        return cluster.vips.flatMap { vip in
            Set(answers.filter { $0.address == "\(vip)" && !own.contains($0.hardware) }.map(\.hardware)).sorted()
                .map { ($0, vip) }
        }
    }

    private func isOf(_ state: FormerHostState, _ hardware: String) -> Bool {
        state.facts?.nics.values.contains(hardware) ?? false
            || answers.contains { $0.hardware == hardware && $0.address == "\(state.host.address)" }
    }

    /// Whether a machine answers for what it does not have.
    private func isProxy(_ hardware: String, for vip: IPAddress) -> Bool {
        if former.contains(where: { isOf($0, hardware) }) { return false }
        let its = answers.filter { $0.hardware == hardware }
        let balancers = Set(cluster.balancers.filter { facts[$0.name] != nil }.map { "\($0.address)" })
        if its.contains(where: { $0.address == Self.nobodys || balancers.contains($0.address) }) { return true }
        let kinds = its.filter { $0.address == "\(vip)" }.map(\.kind)
        return kinds.contains(.standIn) && !kinds.contains(.owner)
    }

    /// Whether a machine may stand in for the VIP, or be a balancer that was not asked, for all that was seen: kernels alone
    /// were asked.
    private func isUncertain(_ hardware: String, for vip: IPAddress) -> Bool {
        !former.contains { isOf($0, hardware) }
            && !answers.contains { $0.hardware == hardware && $0.address == "\(vip)" && $0.kind != .unknown }
    }

    /// Which machine that is: by other addresses that it answers for.
    private func machine(_ hardware: String) -> String? {
        if let state = former.first(where: { isOf($0, hardware) }) {
            return "\(state.host.title), a balancer in run \(state.host.run) and no longer one in the inventory"
        }
        let addresses = Set(answers.filter { $0.hardware == hardware }.map(\.address))
        if let host = cluster.hosts.first(where: { addresses.contains("\($0.address)") }) {
            return "\(host.name) (\(host.address))"
        }
        let others = addresses.subtracting(cluster.vips.map(\.description) + [Self.nobodys]).sorted()
        return others.isEmpty ? nil : "the machine at \(others.joined(separator: ", "))"
    }
}
