import Planning
import Provisioning

/// How drills are run.
package struct DrillOptions: Sendable {
    /// Which run this is, and who makes it, as another operator should read it.
    package var run: RunIdentity
    /// The time now, ISO 8601, UTC, for the hosts' journals.
    package var clock: @Sendable () -> String
    /// Until when a lock of somebody else's is waited for; nil where that is an error at once.
    package var patience: ContinuousClock.Instant?
    /// Microseconds after which a request has failed.
    package var timeout = 1_000_000
    /// The certificates of whom the service's may be signed by, as PEM; for where they are judged.
    package var authorities: [UInt8]?
    /// The static prober, for when the VIP cannot be reached from here.
    package var proberBinary: StaticProgram?

    /// The usual drill.
    package init(
        _ run: RunIdentity, clock: @escaping @Sendable () -> String, authorities: [UInt8]? = nil,
        proberBinary: StaticProgram? = .find("haprov-prober")
    ) {
        self.run = run
        self.clock = clock
        self.authorities = authorities
        self.proberBinary = proberBinary
    }
}
