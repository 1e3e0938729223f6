import Errors
import Provisioning

/// What `haprov verify` found.
package struct VerifyReport: Sendable, Equatable {
    /// The drills in the order in which they were run; one that could not begin says why.
    package var drills: [DrillReport]
    /// Everything that was wrong, in the one form in which errors reach a user; their kinds decide the exit code.
    package var failures: [Failure]

    /// A report of these drills and failures.
    package init(drills: [DrillReport], failures: [Failure]) {
        self.drills = drills
        self.failures = failures
    }

    /// Whether the service fails over as it should.
    package var ok: Bool { failures.isEmpty && drills.allSatisfy(\.ok) }
}
