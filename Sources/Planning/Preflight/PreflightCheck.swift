import Errors
import Inventory

/// One thing that preflight looks at on every balancer. Adding one is a file in `Checks` and its line in ``PreflightChecks``.
package protocol PreflightCheck: Sendable {
    /// In tables and in `--json`.
    var name: String { get }
    /// What hosts are asked for it, beyond what is asked in any case.
    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery]
    /// What keeps every run from being begun.
    func failures(_ look: HostLook) -> [Failure]
    /// What stops nothing, and is told before changes are made too.
    func remarks(_ look: HostLook) -> [String]
    /// What stops nothing, and is told by preflight alone.
    func warnings(_ look: HostLook) -> [Advice]
    /// What is worth knowing.
    func notes(_ look: HostLook) -> [String]
    /// What was found where nothing is wrong; nil where that is not worth a line.
    func found(_ look: HostLook) -> String?
}

extension PreflightCheck {
    package func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] { [] }
    package func failures(_ look: HostLook) -> [Failure] { [] }
    package func remarks(_ look: HostLook) -> [String] { [] }
    package func warnings(_ look: HostLook) -> [Advice] { [] }
    package func notes(_ look: HostLook) -> [String] { [] }

    /// The lines of a host's table that this check has.
    func findings(_ look: HostLook) -> [PreflightFinding] {
        let host = look.host.name
        var findings = failures(look).map { PreflightFinding($0, check: name) }
        findings += remarks(look).map { PreflightFinding(host: host, check: name, .warn, $0) }
        findings += warnings(look).map { PreflightFinding(host: host, check: name, .warn, $0.found, remedy: $0.remedy) }
        if findings.isEmpty, let found = found(look) {
            findings.append(PreflightFinding(host: host, check: name, .pass, found))
        }
        return findings + notes(look).map { PreflightFinding(host: host, check: name, .note, $0) }
    }
}

/// Every check, in the order of the table.
enum PreflightChecks {
    static let all: [any PreflightCheck] = [
        SystemCheck(), RootCheck(), KernelCheck(), RebootCheck(), ClockCheck(), MemoryCheck(), DiskCheck(), NICCheck(),
        NICManagerCheck(), CloudCheck(), VIPInUseCheck(), VRRPCheck(), FilterCheck(), PortsCheck(), ApplicationsCheck(),
        ProgramsCheck(), SELinuxCheck(), RepositoriesCheck(), CompilersCheck(), ResourcesCheck(), LockCheck(),
    ]
}

/// A host as a check sees it.
package struct HostLook: Sendable {
    package var preflight: Preflight
    package var host: Host
    package var facts: Facts

    var cluster: Cluster { preflight.cluster }

    /// Every other balancer that facts are known of.
    var others: [(host: Host, facts: Facts)] {
        cluster.balancers.compactMap { other in
            guard other.name != host.name, let facts = preflight.facts[other.name] else { return nil }
            return (other, facts)
        }
    }

    func failure(_ step: String, _ summary: String, _ remedy: String) -> Failure {
        Failure(.preflight, host: host.name, step: step, summary: summary, remedy: remedy)
    }
}
