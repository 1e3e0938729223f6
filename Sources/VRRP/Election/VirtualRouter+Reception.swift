extension VirtualRouter {
    /// What an advertisement led to, as far as its group has to know.
    enum Reaction: Sendable {
        case none
        /// It was master and has become backup.
        case steppedDown
        /// It is master, heard a lower priority and has announced its addresses.
        case announced
    }

    /// Takes an advertisement for this router's NIC, family and ID in.
    mutating func receive(
        _ advertisement: Advertisement, _ reception: Reception, at now: Instant, into output: inout Output
    ) -> Reaction {
        guard state == .backup || state == .master else { return .none }
        let peer = reception.source
        guard peer != source, !ownAddresses.contains(peer),
            accepts(advertisement, reception, at: now, into: &output)
        else { return .none }
        counters.advertisementsReceived += 1
        if advertisement.priority == 0 { counters.priorityZeroReceived += 1 }
        compare(advertisement, from: peer, at: now, into: &output)
        if state == .master { return receiveAsMaster(advertisement, from: peer, at: now, into: &output) }
        receiveAsBackup(advertisement, from: peer, at: now)
        return .none
    }

    /// RFC 5798 section 6.4.3.
    private mutating func receiveAsMaster(
        _ advertisement: Advertisement, from peer: IPAddress, at now: Instant, into output: inout Output
    ) -> Reaction {
        if advertisement.priority == 0 {
            if rivals.forget(peer) { tellHealed(peer, into: &output) }
            advertise(at: now, into: &output)
            return .none
        }
        if isOwner, advertisement.priority == 255 {
            counters.foreignAdvertisements += 1
            output.tell(
                .foreignRouter(router: settings.name, peer: peer), at: now, quiet: quiet(advertisement.interval))
        }
        let isBetter =
            advertisement.priority > priority
            || (advertisement.priority == priority && source.map { peer > $0 } ?? true)
        guard !isBetter else {
            stepDown(
                .betterMaster(peer, priority: advertisement.priority), resigning: false, at: now, into: &output)
            follow(advertisement, from: peer, at: now)
            return .steppedDown
        }
        let silence = advertisement.version.masterDownInterval(
            priority: advertisement.priority, masterInterval: advertisement.interval)
        if rivals.heard(peer, silentAt: now.advanced(by: silence)) {
            counters.splitBrains += 1
            output.append(
                .notice(.splitBrain(router: settings.name, peer: peer, priority: advertisement.priority)))
        }
        advertise(at: now, into: &output)
        announceAfterLowerPriority(at: now, into: &output)
        return .announced
    }

    /// RFC 5798 section 6.4.2. A resignation counts only from the master that is known: anybody else's says nothing of it.
    private mutating func receiveAsBackup(_ advertisement: Advertisement, from peer: IPAddress, at now: Instant) {
        if advertisement.priority == 0 {
            guard master == nil || master?.address == peer else { return }
            let skew = settings.version.skewTime(priority: priority, masterInterval: masterInterval)
            guard now.advanced(by: skew) < takeoverTime else { return }
            (wait, waitingSince, takeover) = (.resigned, now, .masterResigned(peer))
            master = nil
            return
        }
        let isLower = advertisement.priority < priority
        if isLower, preemptsAt == nil, preempts { preemptsAt = now.advanced(by: preemptDelay) }
        if isLower, let moment = preemptsAt, moment <= now {
            master = Master(address: peer, priority: advertisement.priority)
            if wait != .resigned { takeover = .preempting(peer) }
            return
        }
        if !isLower { preemptsAt = nil }
        follow(advertisement, from: peer, at: now)
    }

    /// Takes a peer for master, which it is to be for at least the master down interval.
    private mutating func follow(_ advertisement: Advertisement, from peer: IPAddress, at now: Instant) {
        master = Master(address: peer, priority: advertisement.priority)
        if settings.version == .v3 { masterInterval = advertisement.interval }
        (wait, waitingSince, takeover) = (.masterDown, now, .masterSilent)
        wantsMaster = false
    }

    private var isUnicast: Bool { !settings.unicastPeers.isEmpty }

    private func isUnlisted(_ peer: IPAddress) -> Bool { isUnicast && !settings.unicastPeers.contains(peer) }

    private func allowedHopLimits(of peer: IPAddress) -> ClosedRange<UInt8> {
        isUnicast ? settings.peerHopLimits[peer] ?? 0...255 : 255...255
    }

    /// Whether an advertisement counts. One that does not leaves the timers as they are, as keepalived 2 does.
    private mutating func accepts(
        _ advertisement: Advertisement, _ reception: Reception, at now: Instant, into output: inout Output
    ) -> Bool {
        let peer = reception.source
        let notice: Notice
        let isStranger = settings.checksUnicastSource && isUnlisted(peer)
        if reception.destination.isMulticast == isUnicast || isStranger {
            counters.foreignAdvertisements += 1
            notice = .foreignRouter(router: settings.name, peer: peer)
        } else if !allowedHopLimits(of: peer).contains(reception.hopLimit) {
            counters.hopLimitErrors += 1
            notice = .wrongHopLimit(router: settings.name, peer: peer, hopLimit: reception.hopLimit)
        } else if advertisement.version != settings.version {
            counters.versionMismatches += 1
            notice = .versionMismatch(router: settings.name, peer: peer, theirs: advertisement.version)
        } else if settings.version == .v2, advertisement.authentication != settings.authentication {
            counters.authenticationFailures += 1
            notice = .wrongAuthentication(router: settings.name, peer: peer)
        } else if settings.version == .v2, advertisement.interval != settings.advertisementInterval {
            counters.intervalMismatches += 1
            notice = .intervalMismatch(router: settings.name, peer: peer, theirs: advertisement.interval)
        } else {
            return true
        }
        output.tell(notice, at: now, quiet: quiet(advertisement.interval))
        return false
    }

    /// Names what differs and is accepted all the same.
    private mutating func compare(
        _ advertisement: Advertisement, from peer: IPAddress, at now: Instant, into output: inout Output
    ) {
        if isUnlisted(peer) {
            output.tell(
                .unlistedPeer(router: settings.name, peer: peer), at: now, quiet: quiet(advertisement.interval))
        }
        if advertisement.interval != settings.advertisementInterval {
            counters.intervalMismatches += 1
            output.tell(
                .intervalMismatch(router: settings.name, peer: peer, theirs: advertisement.interval), at: now,
                quiet: quiet(advertisement.interval))
        }
        let theirs = advertisement.addresses
        let isSame =
            theirs == advertisedAddresses
            || (theirs.count == advertisedAddresses.count && advertisedAddresses.allSatisfy(theirs.contains))
        if !isSame {
            counters.addressMismatches += 1
            output.tell(
                .addressMismatch(router: settings.name, peer: peer, theirs: theirs), at: now,
                quiet: quiet(advertisement.interval))
        }
    }

    /// How long something that is repeated with every advertisement has to be absent until it has ended.
    private func quiet(_ interval: Duration) -> Duration {
        max(.seconds(10), max(interval, settings.advertisementInterval) * 4)
    }
}
