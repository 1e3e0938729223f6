import Planning
import Provisioning

/// How drills are run.
package struct DrillOptions: Sendable, Equatable {
    /// Which run this is, and who makes it, as another operator should read it.
    package var run: RunIdentity
    /// The path of the prober's requests.
    package var path = "/"
    /// Microseconds between two requests.
    package var interval = 1000
    /// Microseconds after which a request has failed.
    package var timeout = 1_000_000
    /// The static prober, for when the VIP cannot be reached from here.
    package var proberBinary: StaticProgram?

    /// The usual drill.
    package init(_ run: RunIdentity, proberBinary: StaticProgram? = .find("haprov-prober")) {
        self.run = run
        self.proberBinary = proberBinary
    }
}
