import Errors
import Inventory

/// Everything that preflight found, host by host, and what is about the whole cluster.
package struct PreflightReport: Sendable, Equatable {
    package var findings: [PreflightFinding]

    package init(findings: [PreflightFinding]) { self.findings = findings }

    /// Of one host; nil for those about the segment or the cluster.
    package func findings(of host: String?) -> [PreflightFinding] { findings.filter { $0.host == host } }

    package func count(_ verdict: PreflightFinding.Verdict) -> Int { findings.count { $0.verdict == verdict } }

    /// Adds what only a look beyond the hosts' facts showed.
    package mutating func add(_ failures: [Failure], check: String) {
        findings += failures.map { PreflightFinding($0, check: check) }
    }
}

extension Preflight {
    /// The table of every host that facts are known of, then what is about the cluster.
    package func report() -> PreflightReport {
        var findings: [PreflightFinding] = []
        for look in looks { findings += PreflightChecks.all.flatMap { $0.findings(look) } }
        findings += rivals().map { PreflightFinding($0, check: "VRRP") }
        findings += listeningRemarks().filter { $0.host == nil }.map {
            PreflightFinding(host: nil, check: "VRRP", .warn, $0.text)
        }
        findings += several().map { PreflightFinding(host: nil, check: "VRRP", .warn, $0.found, remedy: $0.remedy) }
        findings += bystanders().map { PreflightFinding(host: nil, check: "VRRP", .note, $0) }
        return PreflightReport(findings: findings)
    }

    /// The balancers that facts are known of, as checks see them.
    var looks: [HostLook] {
        cluster.balancers.compactMap { host in
            facts[host.name].map { HostLook(preflight: self, host: host, facts: $0) }
        }
    }
}
