/// What an instance's going to another balancer on purpose has cost.
package struct HandoverReport: Sendable, Encodable {
    /// Its addresses.
    package var vip: String
    package var from: String
    package var to: String
    /// From the deed until the other balancer held it.
    package var movedMilliseconds: Int?
    /// The longest time for which nobody held it.
    package var unheldMilliseconds = 0
    /// The longest time between two good answers; nil where no client could be placed.
    package var clientGapMilliseconds: Int?
    package var requests = 0
    package var failed = 0
    /// Between two of the requests: how finely the gap is known; nil where no client could be placed.
    package var resolutionMilliseconds: Int?
    /// Where the client was; nil where there was none.
    package var prober: String?

    enum CodingKeys: String, CodingKey {
        case vip, from, to, requests, failed, prober
        case movedMilliseconds = "vip_moved_ms"
        case unheldMilliseconds = "unheld_ms"
        case clientGapMilliseconds = "client_gap_ms"
        case resolutionMilliseconds = "resolution_ms"
    }
}
