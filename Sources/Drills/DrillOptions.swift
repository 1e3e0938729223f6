/// How drills are run.
public struct DrillOptions: Sendable, Equatable {
    /// Who runs them, as another operator should read it: `user@machine`.
    public var owner: String
    /// The path of the prober's requests.
    public var path = "/"
    /// Microseconds between two requests.
    public var interval = 1000
    /// Microseconds after which a request has failed.
    public var timeout = 1_000_000
    /// The static prober, for when the VIP cannot be reached from here.
    public var proberBinary: ProberBinary?

    /// The usual drill.
    public init(owner: String, proberBinary: ProberBinary? = ProberBinary.find()) {
        self.owner = owner
        self.proberBinary = proberBinary
    }
}
