import Errors
import Provisioning

/// What `haprov verify` found.
public struct VerifyReport: Sendable, Equatable {
    /// The drills in the order in which they were run; one that could not begin says why.
    public var drills: [DrillReport]
    /// Everything that was wrong, in the one form in which errors reach a user; their kinds decide the exit code.
    public var failures: [Failure]

    /// A report of these drills and failures.
    public init(drills: [DrillReport], failures: [Failure]) {
        self.drills = drills
        self.failures = failures
    }

    /// Whether the service fails over as it should.
    public var ok: Bool { failures.isEmpty && drills.allSatisfy(\.ok) }
}
