import Digests
import HostShell
import Inventory
import Planning
import Provisioning
import SSH

/// What a verification is the proof of: which programs, with which configuration.
package struct ProofSubject: Sendable, Equatable {
    /// One balancer's.
    package struct Balancer: Sendable, Equatable {
        package var name: String
        package var address: String
        /// Nil where it does not run or could not be asked.
        package var haproxy: String?
        package var engine: String?
        /// Of its files, without what is secret.
        var digest: String
    }

    package var balancers: [Balancer]

    /// Of all balancers' files, hexadecimal: the same for as long as none of them changes. Nil where one could not be asked.
    package var fingerprint: String? {
        let digests = balancers.map(\.digest)
        guard !digests.isEmpty, !digests.contains("") else { return nil }
        return String(SHA256.hex(Array(digests.joined(separator: "\n").utf8)).prefix(32))
    }

    /// Asks the balancers, all at once. Those that cannot be asked are there, without what they would have said.
    package static func look(at cluster: Cluster, by connect: @escaping Connector) async -> ProofSubject {
        let fleet = await Fleet.connect(to: cluster.balancers, by: connect)
        let script = HostScript.proof(of: cluster)
        let balancers = await withTaskGroup(of: Balancer.self) { group in
            for host in cluster.balancers {
                group.addTask {
                    let result = try? await fleet.connections[host.name]?.run(
                        RemoteScript(script), deadline: Deadline(idle: 20, total: 30)
                    ) { _ in }
                    return Balancer(host, result?.records.first { $0.word == "proof" })
                }
            }
            return await group.reduce(into: [Balancer]()) { $0.append($1) }
        }
        await fleet.close()
        let order = cluster.balancers.map(\.name)
        return ProofSubject(
            balancers: balancers.sorted { (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0) })
    }
}

extension ProofSubject.Balancer {
    init(_ host: Host, _ record: Record?) {
        name = host.name
        address = "\(host.address)"
        digest = record?[1] ?? ""
        haproxy = record.flatMap { Self.version(in: $0[2]) }
        engine = record.flatMap { record in
            Self.version(in: record[3]).map {
                "\(record[3].split(separator: " ").first.map { $0.lowercased() } ?? "") \($0)"
            }
        }
    }

    /// The first word that begins with a digit, or with a `v` and one: `HA-Proxy version 1.8.25 2020/07/16`, `Keepalived v2.2.7 (…)`.
    static func version(in line: String) -> String? {
        for word in line.split(separator: " ") {
            let text = word.first == "v" ? word.dropFirst() : word
            if text.first?.isNumber == true { return String(text.prefix { $0.isNumber || $0 == "." }) }
        }
        return nil
    }
}
