extension Election {
    /// Gives an advertisement to the router that it is meant for, and returns which one that was.
    mutating func receive(_ advertisement: Advertisement, _ reception: Reception, at now: Instant) -> Int? {
        let key = Key(
            virtualRouterID: advertisement.virtualRouterID, family: reception.source.family,
            interface: reception.interface)
        guard let index = indices[key] else { return nil }
        switch routers[index].receive(advertisement, reception, at: now, into: &output) {
        case .none: break
        case .steppedDown: release(groupOf: index, at: now)
        case .announced: announce(groupOf: index, at: now)
        }
        return index
    }
}
