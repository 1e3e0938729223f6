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
    /// The drills that may run, by name.
    package var allowed: [String]

    /// Every drill there is, by name; `drill.allow` has no others.
    package static let names = [
        "haproxy-restarted", "haproxy-killed", "haproxy-hung", "daemon-stopped", "daemon-killed", "move", "failback",
        "application-down", "applications-down", "split-brain", "link-flap", "host-isolated", "host-rebooted",
        "cascade",
    ]

    /// Whether the one may run that proves the failover where no other is named.
    package var allowsUsual: Bool { allowed.contains("haproxy-killed") }

    /// Those that may run where nothing is said.
    package static let usuallyAllowed = ["haproxy-killed", "daemon-stopped", "move", "failback"]

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
        authorities: String? = nil, afterApply: AfterApply = .always, allowed: [String] = Self.usuallyAllowed
    ) {
        self.url = url
        self.expected = expected
        self.rate = rate
        self.verifies = verifies
        self.authorities = authorities
        self.afterApply = afterApply
        self.allowed = allowed
    }
}
