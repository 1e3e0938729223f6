import Errors
import Inventory
import Planning
import SSH

/// Looking at hosts before anything is changed on them, and for its own sake.
extension Session {
    /// Everything that preflight looks at, and whether what is to be done could be.
    ///
    /// - Returns: the table, and what of it keeps runs from being begun.
    package func preflight(_ fleet: Fleet) async throws -> (examination: Examination, report: PreflightReport) {
        var examination = try await examine(fleet, listens: true)
        var report = examination.preflight.report()
        let former = examination.former
        report.add(
            former.filter(\.holdsVIP).compactMap { $0.failure(.preflight, in: cluster) }, check: "former balancer")
        report.findings += former.filter { !$0.holdsVIP }.compactMap { $0.note(in: cluster) }.map {
            PreflightFinding(host: nil, check: "former balancer", .warn, $0)
        }
        guard examination.problems.isEmpty else { return (examination, report) }
        events(.stage("See what is to be done"))
        do {
            let changes = try await draft(examination, fleet).plan.changeCount
            report.findings.append(
                PreflightFinding(
                    host: nil, check: "changes", .pass,
                    changes == 0
                        ? "every balancer is as the inventory says" : "\(changes) to make: `haprov plan` shows them"))
        } catch let failure as Failure {
            examination.problems.append(failure)
        } catch let failures as Failures {
            examination.problems += failures.all
        }
        report.add(examination.problems, check: "changes")
        return (examination, report)
    }

    /// Hears on every balancer's NIC, all at the same time, who speaks VRRP.
    func listen(_ fleet: Fleet, for preflight: inout Preflight) async throws(Failures) {
        let seconds = preflight.listeningTime
        events(.stage("Listen for other VRRP speakers, \(seconds) s"))
        let program = listener()
        let heard = try await fleet.onEach(Array(preflight.facts.keys)) { host throws(Failure) in
            guard let balancer = cluster.balancers.first(where: { $0.name == host }) else { return nil as Listening? }
            var heard: Listening?
            for nic in cluster.interfaces(of: balancer) {
                let listening = try await listen(on: nic, of: host, seconds: seconds, program: program, fleet)
                let speakers = (heard?.speakers ?? []) + (listening?.speakers ?? [])
                // One NIC that could not be heard is worth the word about it.
                if heard?.means != nil || heard == nil { heard = listening }
                heard?.speakers = speakers
            }
            return heard
        }.successes()
        for (host, listening) in heard { preflight.facts[host]?.listening = listening }
    }

    private func listen(
        on nic: String, of host: String, seconds: Int, program: StaticProgram?, _ fleet: Fleet
    ) async throws(Failure) -> Listening? {
        let script = Probe.listening(on: nic, seconds: seconds, program: program)
        do throws(Failure) {
            // The program may be long on its way.
            return try await Self.facts(
                script, on: host, fleet: fleet, deadline: Deadline(idle: 60, total: 600)
            ).listening
        } catch {
            guard error.kind == .preflight else { throw error }
            return Listening(means: nil, reason: error.summary)
        }
    }
}

/// What hosts are like, and whether they are fit.
package struct Examination: Sendable {
    package var preflight: Preflight
    var planner: Planner
    var former: [FormerHostState]
    /// Why nothing should be started.
    package var problems: [Failure]
}
