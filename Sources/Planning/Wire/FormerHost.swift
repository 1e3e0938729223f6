import Errors
import HostShell
import Inventory
import VRRP

/// A host that was a balancer when a run was made and is none in the inventory any more.
package struct FormerHost: Sendable, Equatable {
    package var name: String
    package var address: IPAddress
    package var port: Int
    package var user: String
    /// The newest run that lists it.
    package var run: String
    /// Whether no newer run has come to a good end without it.
    package var isRecent: Bool

    /// The name with the address.
    package var title: String { "\(name) (\(address))" }

    /// Those that the balancers' journals know: by their addresses, since a machine may have been replaced under its name.
    /// A balancer that the inventory has by another of its addresses is none.
    package static func known(to facts: [String: Facts], cluster: Cluster) -> [FormerHost] {
        let listed = Set(cluster.balancers.map(\.address)).union(
            facts.values.flatMap(\.addresses).compactMap(\.address))
        var former: [IPAddress: FormerHost] = [:]
        var newest = ""
        for facts in facts.values {
            let runs = Dictionary(
                facts.runs.filter { $0.cluster == cluster.name }.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
            for member in facts.members {
                guard let run = runs[member.run], let address = IPAddress(member.address) else { continue }
                if run.result == "ok" { newest = max(newest, run.id) }
                guard !listed.contains(address), former[address].map({ $0.run < run.id }) ?? true else { continue }
                former[address] = FormerHost(
                    name: member.name, address: address, port: member.port, user: member.user, run: run.id,
                    isRecent: true)
            }
        }
        return former.values.map { host in
            var host = host
            host.isRecent = host.run >= newest
            return host
        }.sorted { $0.address < $1.address }
    }

    /// How to log in: as to the balancers of today, another than the machine that haprov runs on where there is one. By its
    /// address, since two may have had one name.
    package func host(in cluster: Cluster) -> Host? {
        guard var host = cluster.balancers.first(where: { $0.connection == .ssh }) ?? cluster.balancers.first else {
            return nil
        }
        host.connection = .ssh
        // It leads to that balancer.
        host.ssh.proxyCommand = nil
        host.name = "\(address)"
        host.address = address
        host.ssh.port = port
        host.ssh.user = user
        return host
    }
}

/// A host that is no balancer any more, as it was found.
package struct FormerHostState: Sendable, Equatable {
    package var host: FormerHost
    /// Nil where it could not be looked at.
    package var facts: Facts?
    /// Why not.
    package var failure: Failure?

    package init(host: FormerHost, facts: Facts? = nil, failure: Failure? = nil) {
        self.host = host
        self.facts = facts
        self.failure = failure
    }

    /// What speaks VRRP there; nothing where that is about another cluster's VIP.
    package var speakers: [ProcessFact] { facts?.speakers.filter { !$0.isApart || holdsVIP } ?? [] }
    /// The cluster's addresses that it has.
    package var held: [IPAddress] = []
    package var holdsVIP: Bool { !held.isEmpty }
    /// Whether nothing answered at its address.
    package var isSilent = false

    /// Whether it turned out to be a balancer of today, which the inventory has by another address.
    package func isBalancer(of cluster: Cluster) -> Bool {
        cluster.balancers.contains { facts?.holds($0.address) == true }
    }

    /// That it still takes part; nil where it does not.
    ///
    /// - Parameter cluster: whose addresses it may take.
    package func failure(_ kind: Failure.Kind, in cluster: Cluster) -> Failure? {
        let speaker = speakers.first
        guard speaker != nil || holdsVIP else { return nil }
        let vips = (holdsVIP ? held : cluster.vips).map(\.description).joined(separator: " and ")
        let summary =
            speaker.map {
                "\(host.title) is no longer a balancer, and \($0.name) still runs there"
                    + ($0.service == nil ? ", outside any unit" : "")
                    + (holdsVIP
                        ? " and holds \(vips)" : ": it takes part in VRRP as it was told last, and may take \(vips)")
            } ?? "\(host.title) is no longer a balancer, and it has \(vips)"
        return Failure(
            kind, host: host.name, step: "former balancer", summary: summary,
            remedy: "Stop it: `\(stopping())`. Or make \(host.name) a balancer in the inventory again.")
    }

    /// What a user should know who is about to change something.
    package func note(in cluster: Cluster) -> String? {
        if let failure = failure(.preflight, in: cluster) { return "\(failure.summary). \(failure.remedy)" }
        guard let failure else { return nil }
        // A host that is gone for good is no news after a run without it.
        guard !isSilent || host.isRecent else { return nil }
        return
            "\(host.title), a balancer in run \(host.run), is no longer one in the inventory, and could not be looked at "
            + "(\(failure.summary)): see to it that no VRRP runs there"
    }

    /// The command that ends its part.
    private func stopping() -> String {
        var commands: [String] = []
        for speaker in speakers {
            if let service = speaker.service {
                commands += ["systemctl stop \(service)", "systemctl disable \(service)"]
            } else {
                commands.append("kill \(speaker.id)")
            }
        }
        if commands.isEmpty {
            commands = held.map { vip in
                let nic = facts?.addresses.first { $0.address == vip }
                return "ip addr del \(nic?.cidr ?? "\(vip)/32") dev \(nic?.nic ?? "NIC")"
            }
        }
        if host.user != "root" { commands = commands.map { "sudo \($0)" } }
        let port = host.port == 22 ? "" : "-p \(host.port) "
        return "ssh \(port)\(host.user)@\(host.address) \(Shell.quote(commands.joined(separator: "; ")))"
    }
}
