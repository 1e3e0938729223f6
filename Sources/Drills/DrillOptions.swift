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
    /// The path of the prober's requests.
    package var path = "/"
    /// Microseconds between two requests.
    package var interval = 1000
    /// Microseconds after which a request has failed.
    package var timeout = 1_000_000
    /// The static prober, for when the VIP cannot be reached from here.
    package var proberBinary: StaticProgram?

    /// The usual drill.
    package init(
        _ run: RunIdentity, clock: @escaping @Sendable () -> String,
        proberBinary: StaticProgram? = .find("haprov-prober")
    ) {
        self.run = run
        self.clock = clock
        self.proberBinary = proberBinary
    }
}
