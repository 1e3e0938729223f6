import Provisioning

/// How drills are run.
public struct DrillOptions: Sendable, Equatable {
    /// Which run this is, and who makes it, as another operator should read it.
    public var run: RunIdentity
    /// The path of the prober's requests.
    public var path = "/"
    /// Microseconds between two requests.
    public var interval = 1000
    /// Microseconds after which a request has failed.
    public var timeout = 1_000_000
    /// The static prober, for when the VIP cannot be reached from here.
    public var proberBinary: StaticProgram?

    /// The usual drill.
    public init(_ run: RunIdentity, proberBinary: StaticProgram? = .find("haprov-prober")) {
        self.run = run
        self.proberBinary = proberBinary
    }
}
