import ProbeHistory

/// A drill as `haprov verify --json` tells of it. Keys that an earlier haprov did not have are optional.
package struct DrillRecord: Sendable, Decodable {
    /// A host gained or lost a VIP.
    package struct HolderChange: Sendable, Decodable {
        /// Milliseconds from the deed.
        package var ms: Int
        package var host: String
        /// `gained` or `lost`.
        package var change: String
    }

    /// Milliseconds.
    package struct Limits: Sendable, Decodable {
        package var vipMoved: Int
        package var clientGap: Int

        enum CodingKeys: String, CodingKey {
            case vipMoved = "vip_moved_ms"
            case clientGap = "client_gap_ms"
        }
    }

    /// What a host's log said.
    package struct LogLine: Sendable, Decodable {
        /// Milliseconds from the deed, by the controller's clock.
        package var ms: Int
        package var host: String
        package var text: String
    }

    /// Of one VIP.
    package struct VIP: Sendable, Decodable {
        package var addresses: [String]
        /// Whether the host that was struck held it.
        package var struck: Bool
        package var from: String
        package var to: String?
        package var timeline: [HolderChange]?
        package var history: History?
        package var vipMoved: Int?
        package var clientGap: Int?
        package var returnGap: Int?
        package var requests: Int?
        package var failed: Int?

        enum CodingKeys: String, CodingKey {
            case addresses, struck, from, to, timeline, history, requests, failed
            case vipMoved = "vip_moved_ms"
            case clientGap = "client_gap_ms"
            case returnGap = "return_gap_ms"
        }
    }

    /// How requests ended, span by span.
    package struct History: Sendable, Decodable {
        /// When the first span begins, milliseconds from the deed.
        package var start: Int
        /// How long each is, milliseconds.
        package var width: Int
        package var requests: RequestHistory

        enum CodingKeys: String, CodingKey {
            case start = "start_ms"
            case width = "width_ms"
            case spans
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            start = try container.decode(Int.self, forKey: .start)
            width = max(1, try container.decode(Int.self, forKey: .width))
            guard let requests = RequestHistory(text: try container.decode(String.self, forKey: .spans)) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .spans, in: container, debugDescription: "no counts of requests")
            }
            self.requests = requests
        }
    }

    package var name: String
    package var ok: Bool
    package var subject: String?
    package var from: String?
    package var to: String?
    package var vipMoved: Int?
    package var clientGap: Int?
    package var returnGap: Int?
    package var vipReturned: Int?
    package var requests: Int
    package var failed: Int
    package var outcomes: [String: Int]?
    package var servers: [String: Int]?
    package var restored: Bool
    package var prober: String?
    package var resolution: Int?
    package var limits: Limits
    package var timeline: [HolderChange]
    package var vips: [String: VIP]?
    package var hypothesis: String?
    package var blastRadius: String?
    /// When the deed was done, ISO 8601, UTC.
    package var time: String?
    /// Milliseconds from the deed until what was broken was given back.
    package var givenBack: Int?
    /// Milliseconds from the deed until the drill was over.
    package var end: Int?
    package var logs: [LogLine]?
    package var notes: [String]?
    package var problems: [String]

    enum CodingKeys: String, CodingKey {
        case name, ok, subject, from, to, requests, failed, outcomes, servers, restored, prober, limits, timeline, vips,
            hypothesis, time, logs, notes, problems
        case vipMoved = "vip_moved_ms"
        case clientGap = "client_gap_ms"
        case returnGap = "return_gap_ms"
        case vipReturned = "vip_returned_ms"
        case resolution = "resolution_ms"
        case blastRadius = "blast_radius"
        case givenBack = "given_back_ms"
        case end = "end_ms"
    }

    /// Each VIP by its name, those first that were to move; the only one where the drill told of no other.
    package var rows: [(name: String, vip: VIP)] {
        let named = (vips ?? [:]).sorted { ($0.value.struck ? 0 : 1, $0.key) < ($1.value.struck ? 0 : 1, $1.key) }
        if !named.isEmpty { return named.map { ($0.key, $0.value) } }
        guard let from else { return [] }
        return [
            (
                "VIP",
                VIP(
                    addresses: [], struck: true, from: from, to: to, timeline: timeline, history: nil,
                    vipMoved: vipMoved, clientGap: clientGap, returnGap: returnGap, requests: requests, failed: failed)
            )
        ]
    }

    /// Milliseconds from the deed until the last thing that is known of it.
    var last: Int {
        let changes = timeline.map(\.ms) + (vips ?? [:]).values.flatMap { ($0.timeline ?? []).map(\.ms) }
        return max(end ?? 0, givenBack ?? 0, changes.max() ?? 0, (clientGap ?? 0)) + 1
    }
}
