import Inventory

/// What one drill showed. Encodes to the keys that tools rely on.
public struct DrillReport: Sendable, Equatable, Codable {
    /// What a drill does.
    public enum Name: String, Sendable, Codable {
        /// HAProxy is killed once and may start again on the spot.
        case haproxyRestarted = "haproxy-restarted"
        /// HAProxy is killed and held down, so that the VIP has to move.
        case haproxyKilled = "haproxy-killed"
    }

    /// A host gained or lost the VIP.
    public struct HolderChange: Sendable, Equatable, Codable {
        /// Which of the two.
        public enum Change: String, Sendable, Codable {
            /// It holds the VIP from here on.
            case gained
            /// It no longer does.
            case lost
        }

        /// Milliseconds from the kill; negative before it.
        public var ms: Int
        /// The balancer's name.
        public var host: String
        /// Which of the two.
        public var change: Change
    }

    /// What the inventory allows, milliseconds.
    public struct Limits: Sendable, Equatable, Codable {
        /// For the VIP to move.
        public var vipMoved: Int
        /// Between two good answers.
        public var clientGap: Int

        enum CodingKeys: String, CodingKey {
            case vipMoved = "vip_moved_ms"
            case clientGap = "client_gap_ms"
        }
    }

    /// Which drill.
    public var name: Name
    /// Whether everything went as it should.
    public var ok = false
    /// Who held the VIP before; nil where that was not clear.
    public var from: String?
    /// Who held it after the kill; nil where nobody else did.
    public var to: String?
    /// From the kill until another balancer had the VIP.
    public var vipMovedMilliseconds: Int?
    /// The longest time between two good answers, from the kill until clients were served steadily again.
    public var clientGapMilliseconds: Int?
    /// The same for the time in which HAProxy, and with preemption the VIP, came back.
    public var returnGapMilliseconds: Int?
    /// The longest time for which no balancer held the VIP, from the kill until HAProxy was given back.
    public var moveUnheldMilliseconds: Int?
    /// From HAProxy's return until its balancer had the VIP again; nil where it does not take it back.
    public var vipReturnedMilliseconds: Int?
    /// The longest time for which no balancer held the VIP from HAProxy's return on.
    public var returnUnheldMilliseconds: Int?
    /// Requests whose outcome became known during the drill.
    public var requests = 0
    /// Those that had no good answer.
    public var failed = 0
    /// How requests ended.
    public var outcomes: [String: Int] = [:]
    /// Good answers by the first line of their body.
    public var servers: [String: Int] = [:]
    /// Whether HAProxy runs again where it was killed, and nothing of the drill is left on the host.
    public var restored = false
    /// Seconds after arming after which the host gives HAProxy back by itself.
    public var armedSeconds: Int?
    /// Where the prober ran: `controller`, or a host's name.
    public var prober: String?
    /// Who held the VIP when.
    public var timeline: [HolderChange] = []
    /// What was allowed.
    public var limits: Limits
    /// What is worth knowing and no fault.
    public var notes: [String] = []
    /// What was wrong, each with what to do about it.
    public var problems: [String] = []

    enum CodingKeys: String, CodingKey {
        case name, ok, from, to, requests, failed, outcomes, servers, restored, prober, timeline, limits, notes,
            problems
        case vipMovedMilliseconds = "vip_moved_ms"
        case clientGapMilliseconds = "client_gap_ms"
        case returnGapMilliseconds = "return_gap_ms"
        case moveUnheldMilliseconds = "move_unheld_ms"
        case vipReturnedMilliseconds = "vip_returned_ms"
        case returnUnheldMilliseconds = "return_unheld_ms"
        case armedSeconds = "armed_seconds"
    }

    /// A drill that has not begun.
    public init(_ name: Name, limits: Inventory.Limits) {
        self.name = name
        self.limits = Limits(vipMoved: limits.vipMoved, clientGap: limits.clientGap)
    }

    /// Every key is there, whatever happened; what is not known is null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(ok, forKey: .ok)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(vipMovedMilliseconds, forKey: .vipMovedMilliseconds)
        try container.encode(clientGapMilliseconds, forKey: .clientGapMilliseconds)
        try container.encode(returnGapMilliseconds, forKey: .returnGapMilliseconds)
        try container.encode(moveUnheldMilliseconds, forKey: .moveUnheldMilliseconds)
        try container.encode(vipReturnedMilliseconds, forKey: .vipReturnedMilliseconds)
        try container.encode(returnUnheldMilliseconds, forKey: .returnUnheldMilliseconds)
        try container.encode(requests, forKey: .requests)
        try container.encode(failed, forKey: .failed)
        try container.encode(outcomes, forKey: .outcomes)
        try container.encode(servers, forKey: .servers)
        try container.encode(restored, forKey: .restored)
        try container.encode(armedSeconds, forKey: .armedSeconds)
        try container.encode(prober, forKey: .prober)
        try container.encode(timeline, forKey: .timeline)
        try container.encode(limits, forKey: .limits)
        try container.encode(notes, forKey: .notes)
        try container.encode(problems, forKey: .problems)
    }
}
