/// What drills ask of the service, and when `apply` makes one.
package struct DrillSettings: Sendable, Equatable {
    /// Nil where the first listener on a VIP is asked.
    package var url: ServiceURL?
    /// The statuses of good answers; nil for those that are usual.
    package var expected: [ClosedRange<Int>]?
    /// Requests a second to each VIP; nil for what is usual.
    package var rate: Int?
    /// Whether certificates are judged.
    package var verifies: Bool
    /// The file of those that certificates may be signed by; nil for whom this machine trusts.
    package var authorities: String?
    /// Whether a change that matters to failover is followed by a drill.
    package var afterApply: AfterApply

    /// Whether `apply` makes a drill of its own accord.
    package enum AfterApply: String, Sendable, CaseIterable {
        /// Only where somebody at a terminal says so.
        case ask
        case always
        case never
    }

    /// From its parts; without any, what an inventory that says nothing means.
    package init(
        url: ServiceURL? = nil, expected: [ClosedRange<Int>]? = nil, rate: Int? = nil, verifies: Bool = false,
        authorities: String? = nil, afterApply: AfterApply = .always
    ) {
        self.url = url
        self.expected = expected
        self.rate = rate
        self.verifies = verifies
        self.authorities = authorities
        self.afterApply = afterApply
    }
}
