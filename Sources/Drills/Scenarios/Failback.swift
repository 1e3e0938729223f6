import Inventory

extension Scenario {
    /// The VIP is away from home, as after a failure, and its home takes it back.
    static let failback = Scenario(
        name: "failback",
        requirement: Requirement(
            words: "preempt: true, and no sync_group",
            holds: { $0.instances.allSatisfy { $0.preempt && $0.isMovable } }),
        victim: .place, deed: .move, isHeldDown: true, manner: "and comes home", expectation: .vipReturns,
        detection: { TakeoverEstimate.silence($0).lowerBound...(3000 + TakeoverEstimate.silence($0).upperBound) },
        reach: { _ in .successor }, arguments: movedRouters,
        hypothesis: { _ in
            "A VIP that is away from its home returns there, and clients notice no more than limits allow."
        },
        blastRadius: { _ in "connections through the holder end when the VIP leaves and when it returns" })
}
