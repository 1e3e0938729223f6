/// What is asked of the outside while one event is handled, and which notices it has been told already.
struct Output: Sendable {
    /// To be done, in this order.
    private(set) var effects: [Effect] = []
    private var told = ToldNotices()

    /// Asks for something; a router without addresses or routes asks for nothing to be done with them.
    mutating func append(_ effect: Effect) {
        switch effect {
        case .addAddresses(let addresses), .removeAddresses(let addresses), .announce(let addresses, _):
            if addresses.isEmpty { return }
        case .addRoutes(let routes), .removeRoutes(let routes):
            if routes.isEmpty { return }
        default: break
        }
        effects.append(effect)
    }

    /// Tells something unless it has been told and has not ended since.
    ///
    /// - Parameter quiet: it has ended once it was not seen for so long.
    mutating func tell(_ notice: Notice, at now: Instant, quiet: Duration = .seconds(10)) {
        if told.isNew(notice, at: now, quiet: quiet) { effects.append(.notice(notice)) }
    }

    /// What has gathered; the next event begins with nothing.
    mutating func take() -> [Effect] {
        let taken = effects
        effects = []
        return taken
    }
}
