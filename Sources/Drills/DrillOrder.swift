/// For how long drills are drawn by chance, and which chance.
package struct Soak: Sendable, Equatable {
    /// No drill begins after it.
    package var duration: Duration
    /// The same seed draws the same drills from the same choice.
    package var seed: UInt64

    package init(duration: Duration, seed: UInt64) {
        self.duration = duration
        self.seed = seed
    }
}

/// Which drill comes next: each once, or by chance until time is over.
struct DrillOrder {
    private let scenarios: [Scenario]
    private let end: ContinuousClock.Instant?
    private var place = 0
    private var state: UInt64

    init(_ scenarios: [Scenario], soak: Soak?) {
        self.scenarios = scenarios
        end = soak.map { .now + $0.duration }
        state = soak?.seed ?? 0
    }

    /// - Returns: nil at the end; one is drawn at least.
    mutating func next() -> Scenario? {
        defer { place += 1 }
        guard let end else { return place < scenarios.count ? scenarios[place] : nil }
        guard !scenarios.isEmpty, place == 0 || .now < end else { return nil }
        return scenarios[Int(draw() % UInt64(scenarios.count))]
    }

    /// SplitMix64.
    private mutating func draw() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
