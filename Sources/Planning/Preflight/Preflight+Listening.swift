import Errors
import Inventory
import VRRP

/// Who else speaks VRRP on the segment.
extension Preflight {
    /// Seconds to listen: three intervals of this cluster; of the usual one, where ours is shorter.
    package var listeningTime: Int {
        let longest = cluster.instances.map(\.advertisementInterval.wholeMilliseconds).max() ?? 0
        return min(max((3 * longest + 999) / 1000, 3), 45)
    }

    /// Whether some balancer is about to speak with a virtual router ID of ours that does not do so yet.
    package var isNewOnTheSegment: Bool {
        cluster.balancers.contains { host in
            guard let facts = facts[host.name] else { return false }
            guard facts.runningEngine != nil, let content = facts.files[Engine.configuration]?.content else {
                return true
            }
            let words = String(decoding: content, as: UTF8.self).split { $0.isWhitespace }
            let numbers = zip(words, words.dropFirst()).filter { $0.0 == "virtual_router_id" }.map(\.1)
            return cluster.instances.contains { !numbers.contains("\($0.virtualRouterID)") }
        }
    }

    /// Whoever speaks with a virtual router ID of ours, or for a VIP, and is none of the balancers.
    package func rivals() -> [Failure] {
        strangers.compactMap { speaker, hearers in
            guard let instance = rivalled(by: speaker), !mayBeOurs(speaker) else { return nil }
            let number = Int(instance.virtualRouterID)
            let what =
                speaker.virtualRouterID == number
                ? "virtual router ID \(number), which is this cluster's"
                : "virtual router ID \(speaker.virtualRouterID), for this cluster's VIP"
            return Failure(
                .preflight, step: "VRRP",
                summary: "\(Self.name(speaker)), which is none of the balancers, speaks VRRP with \(what): "
                    + "\(Self.details(speaker)), heard by \(hearers.joined(separator: ", "))",
                remedy:
                    "They would take the VIP from each other. Stop what speaks there (a balancer that was taken out of the "
                    + "inventory goes on until its VRRP is stopped), or choose another `\(instance.path(of: "virtual_router_id"))`."
            )
        }
    }

    /// Where nobody could listen, and who may be one of the balancers that were not asked; by host.
    package func listeningRemarks() -> [Remark] {
        var remarks: [Remark] = []
        for host in cluster.balancers {
            guard let listening = facts[host.name]?.listening, listening.means == nil else { continue }
            remarks.append(
                Remark(
                    host: host.name,
                    text: "not looked whether somebody else speaks VRRP on \(host.interface): \(listening.reason)"))
        }
        for (speaker, _) in strangers where rivalled(by: speaker) != nil && mayBeOurs(speaker) {
            let absent = cluster.balancers.map(\.name).filter { facts[$0] == nil }
            remarks.append(
                Remark(
                    host: nil,
                    text: "\(Self.name(speaker)) speaks VRRP with virtual router ID \(speaker.virtualRouterID): "
                        + "\(Self.details(speaker)); it may be \(absent.joined(separator: " or ")), which --limit left out"
                ))
        }
        for (speaker, hearers) in strangers where rivalled(by: speaker) == nil && hasOurNumber(speaker) {
            remarks.append(
                Remark(
                    host: nil,
                    text: "\(Self.name(speaker)) speaks VRRP with virtual router ID \(speaker.virtualRouterID), "
                        + "by multicast: \(Self.details(speaker)), heard by \(hearers.joined(separator: ", ")); this cluster speaks by "
                        + "unicast and does not hear it"))
        }
        return remarks
    }

    /// Other virtual routers, with which this one gets along.
    package func bystanders() -> [String] {
        strangers.filter { rivalled(by: $0.speaker) == nil && !hasOurNumber($0.speaker) }.map { speaker, hearers in
            "\(Self.name(speaker)) speaks VRRP with virtual router ID \(speaker.virtualRouterID): "
                + "\(Self.details(speaker)), heard by \(hearers.joined(separator: ", "))"
        }
    }

    /// Speakers whose address no balancer has, each with the hosts that heard it.
    private var strangers: [(speaker: Speaker, hearers: [String])] {
        var ours = Set(cluster.balancers.map { "\($0.address)" })
        for facts in facts.values {
            ours.formUnion(facts.addresses.map { address in String(address.cidr.prefix { $0 != "/" }) })
        }
        var found: [(speaker: Speaker, hearers: [String])] = []
        for host in cluster.balancers {
            for speaker in facts[host.name]?.listening?.speakers ?? [] where !ours.contains(speaker.address) {
                let place = found.firstIndex {
                    $0.speaker.address == speaker.address && $0.speaker.virtualRouterID == speaker.virtualRouterID
                }
                if let place { found[place].hearers.append(host.name) } else { found.append((speaker, [host.name])) }
            }
        }
        return found
    }

    /// The instance that somebody may take the addresses of.
    private func rivalled(by speaker: Speaker) -> VRRPInstance? {
        cluster.instances.first { instance in
            // By unicast, balancers hear no group: its number does no harm, its virtual addresses may.
            let isUnheard = instance.unicast && speaker.isMulticast && !speaker.virtualAddresses.isEmpty
            let isOurs = instance.addresses.contains { speaker.virtualAddresses.contains("\($0.address)") }
            return hasNumber(speaker, of: instance) && !isUnheard || isFamily(speaker, of: instance) && isOurs
        }
    }

    private func hasOurNumber(_ speaker: Speaker) -> Bool {
        cluster.instances.contains { hasNumber(speaker, of: $0) }
    }

    private func hasNumber(_ speaker: Speaker, of instance: VRRPInstance) -> Bool {
        isFamily(speaker, of: instance) && speaker.virtualRouterID == Int(instance.virtualRouterID)
    }

    /// Virtual routers of IPv4 and of IPv6 do not know each other.
    private func isFamily(_ speaker: Speaker, of instance: VRRPInstance) -> Bool {
        let family = IPAddress(speaker.address)?.family
        return instance.addresses.contains { $0.address.family == family }
    }

    /// A balancer that was not asked may have other addresses than the one that the inventory knows.
    private func mayBeOurs(_ speaker: Speaker) -> Bool {
        cluster.instances.contains { instance in
            guard IPAddress(speaker.address).map(instance.reaches) == true,
                speaker.virtualAddresses.isEmpty
                    || instance.addresses.contains(where: { speaker.virtualAddresses.contains("\($0.address)") })
            else { return false }
            return cluster.balancers(of: instance).contains { facts[$0.name] == nil && !instance.reaches($0.address) }
        }
    }

    private static func name(_ speaker: Speaker) -> String {
        speaker.address + (speaker.hardwareAddress.isEmpty ? "" : " (\(speaker.hardwareAddress))")
    }

    static func details(_ speaker: Speaker) -> String {
        var words = ["priority \(speaker.priority)", "version \(speaker.version)"]
        words.append(
            speaker.authentication == "none" ? "no authentication" : "authentication \(speaker.authentication)")
        if !speaker.virtualAddresses.isEmpty {
            words.append("for \(speaker.virtualAddresses.joined(separator: " "))")
        }
        return words.joined(separator: ", ")
    }
}
