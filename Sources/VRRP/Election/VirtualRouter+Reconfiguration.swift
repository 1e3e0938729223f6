extension VirtualRouter {
    /// Goes by other settings without a change of state. A master puts new addresses on the NICs and announces them; those
    /// that it no longer has are returned, still to be removed.
    mutating func reconfigure(
        _ new: RouterSettings, groupItems: [TrackedItem], at now: Instant, into output: inout Output
    ) -> [VirtualAddress] {
        let old = settings
        replaceSettings(new, groupItems: groupItems)
        if preemptsAt != nil, !preempts {
            // It has let the time run down although a master was there, which it has to accept from now on.
            preemptsAt = nil
            if wait == .masterDown { (waitingSince, takeover) = (now, .masterSilent) }
        }
        if new.version != old.version || masterInterval == old.advertisementInterval {
            masterInterval = new.advertisementInterval
        }
        guard state == .master else { return [] }
        nextAdvertisement = min(nextAdvertisement, now.advanced(by: new.advertisementInterval))
        if new.announcements != old.announcements { announcements.restartRefresh(new.announcements, at: now) }

        output.append(.removeRoutes(old.routes.subtracting(new.routes)))
        let before = old.movingAddresses
        let after = new.movingAddresses
        let added = after.filter { !before.contains($0) }
        var removed = before.filter { !after.contains($0) }
        // The kernel has an address only once, whatever its label: the old one has to go first.
        let relabelled = removed.filter { address in added.contains { $0.isSame(as: address) } }
        removed.removeAll { relabelled.contains($0) }
        if !relabelled.isEmpty { output.append(.removeAddresses(relabelled)) }
        if !added.isEmpty {
            output.append(.addAddresses(added))
            let count = new.announcements.count
            if count > 0 { output.append(.announce(added, count: count)) }
        }
        output.append(.addRoutes(new.routes.subtracting(old.routes)))
        return removed
    }
}

extension VirtualAddress {
    /// Whether the kernel takes both for one.
    func isSame(as other: VirtualAddress) -> Bool {
        address == other.address && prefixLength == other.prefixLength && interface == other.interface
    }
}
