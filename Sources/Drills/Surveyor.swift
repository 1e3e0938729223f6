import Errors
import Inventory
import Provisioning
import SSH

/// Asks every balancer how it stands, all at once.
struct Surveyor: Sendable {
    var cluster: Cluster
    var links: [HostLink]

    /// - Parameter diagnose: look into firewalls, neighbours and logs as well.
    func survey(diagnose: Bool) async -> (surveys: [String: BalancerSurvey], failures: [Failure]) {
        var surveys: [String: BalancerSurvey] = [:]
        var failures: [Failure] = []
        await withTaskGroup(of: (String, Result<BalancerSurvey, Failure>).self) { group in
            for link in links { group.addTask { (link.host.name, await ask(link, diagnose: diagnose)) } }
            for await (host, answer) in group {
                switch answer {
                case .success(let survey): surveys[host] = survey
                case .failure(let failure): failures.append(failure)
                }
            }
        }
        return (surveys, failures.sorted { ($0.host ?? "") < ($1.host ?? "") })
    }

    private func ask(_ link: HostLink, diagnose: Bool) async -> Result<BalancerSurvey, Failure> {
        let script = HostScript.survey(link.host, in: cluster, diagnose: diagnose)
        do {
            let result = try await link.run(script, total: 45)
            if let survey = BalancerSurvey(result.records, engine: cluster.engine) { return .success(survey) }
            return .failure(
                Failure(
                    .verification, host: link.host.name, step: Preconditions.step,
                    summary: "Expected to find out how this host stands, found a script that ended early.",
                    remedy: "Run haprov preflight; it looks at the host in more detail.", cause: result.lastWords))
        } catch {
            return .failure(Failure(error, host: link.host.name))
        }
    }
}
