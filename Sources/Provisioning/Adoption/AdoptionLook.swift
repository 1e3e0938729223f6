import Errors
import Inventory
import Planning
import SSH

/// Looks at balancers that somebody has set up by hand, and changes nothing on them.
package enum AdoptionLook {
    /// - Returns: what each host is like, by name.
    package static func facts(
        of hosts: [Host], by connector: @escaping Connector, events: @escaping EventSink
    ) async throws -> [String: Facts] {
        events(.stage("Connect"))
        let fleet = await Fleet.connect(to: hosts, by: connector, events: events)
        for host in hosts where fleet.connections[host.name] != nil { events(.connected(host: host.name)) }
        do {
            guard fleet.failures.isEmpty else { throw Failures(fleet.failures) }
            events(.stage("Look at what runs"))
            let facts = try await fleet.onEach(hosts.map(\.name)) { host throws(Failure) in
                var facts = Facts()
                for round in AdoptionQuestions.rounds {
                    facts = try await Session.facts(Probe.script(round(facts)), on: host, fleet: fleet)
                }
                return facts
            }.successes()
            await fleet.close()
            return facts
        } catch {
            await fleet.close()
            throw error
        }
    }
}
