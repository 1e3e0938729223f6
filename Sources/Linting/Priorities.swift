import VRRP

/// What becomes of priorities where a check fails.
extension Router {
    /// Its priority while a check fails, or while all are well.
    func priority(whileFailing failing: Check? = nil) -> Int {
        if settings.priority == 255 { return 255 }
        let sum = checks.reduce(Int(settings.priority)) { sum, check in
            let isWell = (check.name != failing?.name) != check.isReversed
            return sum + (check.weight > 0 ? (isWell ? check.weight : 0) : (isWell ? 0 : check.weight))
        }
        return min(max(sum, 1), 254)
    }

    /// How its address leaves it where a check fails.
    enum Departure {
        /// It resigns: the next waits its skew time.
        case resigns
        /// Its priority falls below another's, which takes over after its master down interval.
        case isOutweighed
        /// It keeps the address.
        case stays
    }

    /// - Parameter others: the other balancers' routers; empty where they are not known.
    func departure(failing check: Check, others: [Router]) -> Departure {
        if settings.priority == 255, check.weight != 0 { return .stays }
        // In a sync group keepalived does not track what has a weight.
        if check.weight == 0 { return .resigns }
        if group != nil { return .stays }
        // Where the others are not known, they are taken for what this one is.
        guard !others.isEmpty else { return settings.preempt ? .isOutweighed : .stays }
        let left = priority(whileFailing: check)
        return others.contains { $0.settings.preempt && $0.priority() > left } ? .isOutweighed : .stays
    }
}
