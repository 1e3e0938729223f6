extension VirtualRouter {
    /// Learns what its surroundings make of it: where it sends from, its priority, and what keeps it in FAULT.
    ///
    /// It does not change its state; that is the whole group's matter.
    mutating func assess(_ surroundings: Surroundings, into output: inout Output) {
        source = surroundings.source(for: settings)
        let interface = surroundings.interfaces[settings.interface]
        ownAddresses = interface?.addresses ?? []
        isConnected = interface?.isUp ?? false
        down = surroundings.down(settings, items: items, source: source)
        let lacked = lacksSource
        lacksSource = source == nil && isConnected
        if lacksSource, !lacked {
            output.append(
                .notice(
                    .noSourceAddress(
                        router: settings.name, interface: settings.interface, wanted: settings.sourceAddress)))
        }
        let wanted = surroundings.priority(settings, items: items)
        priority = isOwner ? 255 : UInt8(min(max(wanted, 1), 254))
        let isClamped = !isOwner && !(1...254).contains(wanted)
        if isClamped, clamped != wanted {
            output.append(.notice(.priorityClamped(router: settings.name, wanted: wanted)))
        }
        clamped = isClamped ? wanted : nil
    }

    /// Tells the unicast peers where this router is, before it begins or leaves FAULT: to a host that was away they cannot
    /// send before they have found it again, and meanwhile it would take the master for dead.
    func announceSource(into output: inout Output) {
        guard !settings.unicastPeers.isEmpty, let source, isConnected else { return }
        output.append(.announceSource(source, interface: settings.interface))
    }

    /// Becomes backup out of no state or FAULT.
    mutating func enterBackup(_ cause: Cause, at now: Instant, into output: inout Output) {
        let isBeginning = state == .initialize && settings.startsAsMaster
        waitAsBackup(isBeginning ? .beginning : .masterDown, since: now)
        change(to: .backup, cause, at: now, into: &output)
    }

    /// Becomes master: the advertisement goes first, so that a former master lets the addresses go before the neighbours
    /// learn of the new one.
    mutating func becomeMaster(_ cause: Cause, at now: Instant, into output: inout Output) {
        counters.becameMaster += 1
        master = nil
        masterInterval = settings.advertisementInterval
        wantsMaster = false
        preemptsAt = nil
        heldUntil = nil
        advertise(at: now, into: &output)
        output.append(.addAddresses(settings.movingAddresses))
        if settings.announcements.count > 0 {
            output.append(.announce(settings.movingAddresses, count: settings.announcements.count))
        }
        announcements.becameMaster(settings.announcements, at: now)
        change(to: .master, cause, at: now, into: &output)
    }

    /// Becomes backup and lets the addresses go.
    ///
    /// - Parameter resigning: whether the others do not know yet.
    mutating func stepDown(_ cause: Cause, resigning: Bool, at now: Instant, into output: inout Output) {
        leaveMaster(resigning: resigning, into: &output)
        waitAsBackup(.masterDown, since: now)
        change(to: .backup, cause, at: now, into: &output)
    }

    /// Goes to FAULT, resigning where it was master.
    mutating func enterFault(_ cause: Cause, at now: Instant, into output: inout Output) {
        if state == .master { leaveMaster(resigning: true, into: &output) }
        master = nil
        wantsMaster = false
        change(to: .fault, cause, at: now, into: &output)
    }

    /// Ends. A master has to have resigned before.
    mutating func end(_ cause: Cause, at now: Instant, into output: inout Output) {
        guard state != .initialize else { return }
        if state == .master { forgetMastership(into: &output) }
        master = nil
        wantsMaster = false
        change(to: .initialize, cause, at: now, into: &output)
    }

    /// Waits as backup from now on, with nobody known as master and its own interval.
    mutating func waitAsBackup(_ wait: Wait, since now: Instant) {
        self.wait = wait
        waitingSince = now
        master = nil
        masterInterval = settings.advertisementInterval
        takeover = .masterSilent
        preemptsAt = nil
        wantsMaster = false
    }

    /// Puts an address back that somebody else removed.
    mutating func restore(_ address: VirtualAddress, at now: Instant, into output: inout Output) {
        guard state == .master, settings.movingAddresses.contains(address) else { return }
        counters.addressesRestored += 1
        output.append(.addAddresses([address]))
        if settings.announcements.count > 0 {
            output.append(.announce([address], count: settings.announcements.count))
        }
        output.tell(.addressRestored(router: settings.name, address.address), at: now)
    }

    /// Tells the neighbours again because somebody with a lower priority told them otherwise.
    mutating func announceAfterLowerPriority(at now: Instant, into output: inout Output) {
        let count = settings.announcements.countAfterLowerPriority ?? settings.announcements.count
        guard count > 0 else { return }
        output.append(.announce(settings.movingAddresses, count: count))
        announcements.heardLowerPriority(settings.announcements, at: now)
    }

    private mutating func leaveMaster(resigning: Bool, into output: inout Output) {
        if resigning { sendResignation(into: &output) }
        output.append(.removeAddresses(settings.movingAddresses))
        forgetMastership(into: &output)
    }

    private mutating func forgetMastership(into output: inout Output) {
        counters.releasedMaster += 1
        announcements = AnnouncementSchedule()
        for peer in rivals.removeAll() { tellHealed(peer, into: &output) }
    }

    private mutating func change(to next: RouterState, _ cause: Cause, at now: Instant, into output: inout Output) {
        let transition = Transition(from: state, to: next, cause: cause, priority: priority)
        if next == .master {
            output.append(.addRoutes(settings.routes))
        } else if state == .master {
            output.append(.removeRoutes(settings.routes))
        }
        state = next
        since = now
        output.append(.routerChanged(settings.name, transition))
    }
}
