/// What a drill showed of one VIP, or of one family of its addresses.
package struct VIPReport: Sendable, Equatable, Encodable {
    /// As in keepalived.conf.
    package var name: String
    package var addresses: [String]
    /// Whether the host that was struck held it.
    package var isStruck: Bool
    /// Who held it before the deed.
    package var from: String
    /// Who took it over; nil where it stayed.
    package var to: String?
    package var vipMovedMilliseconds: Int?
    /// Nil, as all that clients see, where it was not asked.
    package var clientGapMilliseconds: Int?
    package var returnGapMilliseconds: Int?
    package var moveUnheldMilliseconds: Int?
    package var vipReturnedMilliseconds: Int?
    package var returnUnheldMilliseconds: Int?
    package var timeline: [DrillReport.HolderChange]
    package var history: RequestTimeline?
    package var requests: Int?
    package var failed: Int?

    /// From what was measured of it as of a drill's only VIP.
    ///
    /// - Parameter isAsked: whether a prober did.
    init(_ passage: Passage, isAsked: Bool) {
        let report = passage.report
        name = passage.instance.name
        addresses = passage.instance.addresses.map { "\($0.address)" }
        isStruck = passage.isStruck
        from = passage.holder.name
        to = report.to
        vipMovedMilliseconds = report.vipMovedMilliseconds
        clientGapMilliseconds = report.clientGapMilliseconds
        returnGapMilliseconds = report.returnGapMilliseconds
        moveUnheldMilliseconds = report.moveUnheldMilliseconds
        vipReturnedMilliseconds = report.vipReturnedMilliseconds
        returnUnheldMilliseconds = report.returnUnheldMilliseconds
        timeline = report.timeline
        history = isAsked ? report.history : nil
        requests = isAsked ? report.requests : nil
        failed = isAsked ? report.failed : nil
    }

    /// Its key.
    struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private enum CodingKeys: String, CodingKey {
        case addresses, struck, from, to, timeline, history, requests, failed
        case vipMovedMilliseconds = "vip_moved_ms"
        case clientGapMilliseconds = "client_gap_ms"
        case returnGapMilliseconds = "return_gap_ms"
        case moveUnheldMilliseconds = "move_unheld_ms"
        case vipReturnedMilliseconds = "vip_returned_ms"
        case returnUnheldMilliseconds = "return_unheld_ms"
    }

    /// Every key is there; what is not known is null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(addresses, forKey: .addresses)
        try container.encode(isStruck, forKey: .struck)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(vipMovedMilliseconds, forKey: .vipMovedMilliseconds)
        try container.encode(clientGapMilliseconds, forKey: .clientGapMilliseconds)
        try container.encode(returnGapMilliseconds, forKey: .returnGapMilliseconds)
        try container.encode(moveUnheldMilliseconds, forKey: .moveUnheldMilliseconds)
        try container.encode(vipReturnedMilliseconds, forKey: .vipReturnedMilliseconds)
        try container.encode(returnUnheldMilliseconds, forKey: .returnUnheldMilliseconds)
        try container.encode(timeline, forKey: .timeline)
        try container.encode(history, forKey: .history)
        try container.encode(requests, forKey: .requests)
        try container.encode(failed, forKey: .failed)
    }
}
