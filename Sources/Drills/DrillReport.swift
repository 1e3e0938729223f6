import Inventory

/// What one drill showed. Encodes to the keys that tools rely on.
package struct DrillReport: Sendable, Equatable, Encodable {
    /// A host gained or lost the VIP.
    package struct HolderChange: Sendable, Equatable, Encodable {
        /// Which of the two.
        package enum Change: String, Sendable, Encodable {
            /// It holds the VIP from here on.
            case gained
            /// It no longer does.
            case lost
        }

        /// Milliseconds from the deed; negative before it.
        package var ms: Int
        /// The balancer's name.
        package var host: String
        /// Which of the two.
        package var change: Change
    }

    /// What the inventory allows, milliseconds.
    package struct Limits: Sendable, Equatable, Encodable {
        /// For the VIP to move.
        package var vipMoved: Int
        /// Between two good answers.
        package var clientGap: Int

        enum CodingKeys: String, CodingKey {
            case vipMoved = "vip_moved_ms"
            case clientGap = "client_gap_ms"
        }
    }

    /// Which drill.
    package let scenario: Scenario
    /// What it broke, as users call it.
    package let subject: String
    /// What was to be shown, and whom it might touch.
    package let hypothesis: String
    package let blastRadius: String
    /// Whether everything went as it should.
    package var ok = false
    /// Who held the VIP before; nil where that was not clear.
    package var from: String?
    /// Who held it after the deed; nil where nobody else did.
    package var to: String?
    /// From the deed until another balancer had the VIP.
    package var vipMovedMilliseconds: Int?
    /// The longest time between two good answers, from the deed until clients were served steadily again.
    package var clientGapMilliseconds: Int?
    /// The same for the time in which the victim, and with preemption the VIP, came back.
    package var returnGapMilliseconds: Int?
    /// The longest time for which no balancer held the VIP, from the deed until the victim was given back.
    package var moveUnheldMilliseconds: Int?
    /// From the victim's return until its balancer had the VIP again; nil where it does not take it back.
    package var vipReturnedMilliseconds: Int?
    /// The longest time for which no balancer held the VIP from the victim's return on.
    package var returnUnheldMilliseconds: Int?
    /// Requests whose outcome became known during the drill.
    package var requests = 0
    /// Those that had no good answer.
    package var failed = 0
    /// How requests ended.
    package var outcomes: [String: Int] = [:]
    /// Good answers by the first line of their body.
    package var servers: [String: Int] = [:]
    /// Whether what was broken runs again, and nothing of the drill is left on the host.
    package var restored = false
    /// When the deed was done, ISO 8601, UTC; nil where it never was.
    package var time: String?
    /// From the deed until what was broken was given back.
    package var givenBackMilliseconds: Int?
    /// From the deed until the drill was over.
    package var endMilliseconds: Int?
    /// How requests ended when; nil where none was asked.
    package var history: RequestTimeline?
    /// What the balancers' journals said meanwhile.
    package var logs: [LogLine] = []
    /// Seconds after arming after which the host gives the victim back by itself.
    package var armedSeconds: Int?
    /// Where the prober ran: `controller`, or a host's name.
    package var prober: String?
    /// Between two requests to one VIP: how finely gaps are known; nil where none was asked.
    package var resolutionMilliseconds: Int?
    /// Who held the VIP when.
    package var timeline: [HolderChange] = []
    /// What became of each VIP, those first that were to move.
    package var vips: [VIPReport] = []
    /// What was allowed.
    package var limits: Limits
    /// What is worth knowing and no fault.
    package var notes: [String] = []
    /// What was wrong, each with what to do about it.
    package var problems: [String] = []

    enum CodingKeys: String, CodingKey {
        case name, ok, from, to, requests, failed, outcomes, servers, restored, prober, timeline, vips, limits, notes,
            problems, hypothesis, subject, time, logs
        case blastRadius = "blast_radius"
        case givenBackMilliseconds = "given_back_ms"
        case endMilliseconds = "end_ms"
        case vipMovedMilliseconds = "vip_moved_ms"
        case clientGapMilliseconds = "client_gap_ms"
        case returnGapMilliseconds = "return_gap_ms"
        case moveUnheldMilliseconds = "move_unheld_ms"
        case vipReturnedMilliseconds = "vip_returned_ms"
        case returnUnheldMilliseconds = "return_unheld_ms"
        case armedSeconds = "armed_seconds"
        case resolutionMilliseconds = "resolution_ms"
    }

    /// A drill that has not begun.
    init(_ scenario: Scenario, on cluster: Cluster) {
        self.scenario = scenario
        subject = scenario.victim.title(cluster)
        hypothesis = scenario.hypothesis(cluster)
        blastRadius = scenario.blastRadius(cluster)
        limits = Limits(vipMoved: cluster.limits.vipMoved, clientGap: cluster.limits.clientGap)
    }

    /// Every key is there, whatever happened; what is not known is null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(scenario.name, forKey: .name)
        try container.encode(hypothesis, forKey: .hypothesis)
        try container.encode(blastRadius, forKey: .blastRadius)
        try container.encode(subject, forKey: .subject)
        try container.encode(ok, forKey: .ok)
        try container.encode(time, forKey: .time)
        try container.encode(givenBackMilliseconds, forKey: .givenBackMilliseconds)
        try container.encode(endMilliseconds, forKey: .endMilliseconds)
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
        try container.encode(resolutionMilliseconds, forKey: .resolutionMilliseconds)
        try container.encode(timeline, forKey: .timeline)
        var named = container.nestedContainer(keyedBy: VIPReport.Name.self, forKey: .vips)
        for vip in vips { try named.encode(vip, forKey: VIPReport.Name(stringValue: vip.name)) }
        try container.encode(limits, forKey: .limits)
        try container.encode(logs, forKey: .logs)
        try container.encode(notes, forKey: .notes)
        try container.encode(problems, forKey: .problems)
    }
}
