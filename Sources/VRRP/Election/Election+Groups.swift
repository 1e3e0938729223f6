/// Changes of state that concern all members of a sync group, or one router that is in none.
extension Election {
    /// Who changes together with a router, itself included.
    private func unit(of index: Int) -> [Int] { routers[index].group.map { groups[$0].members } ?? [index] }

    private func name(_ index: Int) -> String { routers[index].settings.name }

    /// The cause as it looks to a member: what happened to one of them is another one's matter to the rest.
    private func cause(_ cause: Cause, of index: Int, for member: Int) -> Cause {
        member == index ? cause : .group(name(index))
    }

    /// Tells that a group is in another state, if it is.
    mutating func setState(of group: Int?, to state: RouterState, _ cause: Cause) {
        guard let group, groups[group].state != state else { return }
        let transition = Transition(from: groups[group].state, to: state, cause: cause, priority: 0)
        groups[group].state = state
        output.append(.groupChanged(groups[group].name, transition))
    }

    /// Brings every router to FAULT or out of it, as what is down demands.
    ///
    /// - Parameter cause: what those come up by that are no longer held down.
    mutating func settle(_ cause: Cause, at now: Instant) {
        var seen: Set<Int> = []
        for index in routers.indices {
            if let group = routers[index].group, !seen.insert(group).inserted { continue }
            let members = unit(of: index)
            if let culprit = members.first(where: { !routers[$0].down.isEmpty }) {
                fault(members, because: culprit, at: now)
            } else {
                comeUp(members, cause, at: now)
            }
        }
    }

    private mutating func fault(_ members: [Int], because culprit: Int, at now: Instant) {
        for member in members where routers[member].state != .fault {
            let cause = routers[member].down.isEmpty ? Cause.group(name(culprit)) : .down(routers[member].down)
            removeLeftovers(of: member)
            routers[member].enterFault(cause, at: now, into: &output)
        }
        setState(of: routers[culprit].group, to: .fault, .down(routers[culprit].down))
    }

    private mutating func comeUp(_ members: [Int], _ cause: Cause, at now: Instant) {
        let waiting = members.filter { routers[$0].state == .initialize || routers[$0].state == .fault }
        guard let first = waiting.first else { return }
        // An owner is master at once; a group only where all its members are owners, as in keepalived. A router that joins
        // a group of masters becomes one of them.
        let areMasters = members.allSatisfy { index in
            let router = routers[index]
            return waiting.contains(index) ? router.isOwner && router.heldUntil ?? now <= now : router.state == .master
        }
        let joins = members.contains { routers[$0].state == .master }
        for member in waiting {
            routers[member].announceSource(into: &output)
            if areMasters || joins {
                routers[member].becomeMaster(cause, at: now, into: &output)
            } else {
                removeLeftovers(of: member)
                routers[member].enterBackup(cause, at: now, into: &output)
            }
        }
        setState(of: routers[first].group, to: areMasters || joins ? .master : .backup, cause)
    }

    /// A backup's time is up. In a group it has to wait until that is so for all members, as in keepalived.
    mutating func timeIsUp(_ index: Int, at now: Instant) {
        let takeover = routers[index].takeover
        routers[index].wantsMaster = true
        let members = unit(of: index)
        guard members.allSatisfy({ routers[$0].wantsMaster || routers[$0].state == .master }) else {
            routers[index].wait = .masterDown
            routers[index].waitingSince = now
            return
        }
        for member in members where routers[member].state == .backup {
            routers[member].becomeMaster(cause(takeover, of: index, for: member), at: now, into: &output)
        }
        setState(of: routers[index].group, to: .master, takeover)
    }

    /// A member heard a better master and is backup now: so are the others. Nobody else need know of their addresses yet, so
    /// they resign.
    mutating func release(groupOf index: Int, at now: Instant) {
        guard let group = routers[index].group else { return }
        for member in groups[group].members where member != index {
            if routers[member].state == .master {
                routers[member].stepDown(.group(name(index)), resigning: true, at: now, into: &output)
            }
            routers[member].wantsMaster = false
        }
        setState(of: group, to: .backup, .group(name(index)))
    }

    /// A member heard a lower priority: whoever sent it may have announced the other members' addresses too.
    mutating func announce(groupOf index: Int, at now: Instant) {
        for member in unit(of: index) where member != index && routers[member].state == .master {
            routers[member].announceAfterLowerPriority(at: now, into: &output)
        }
    }

    /// Gives a router's addresses up, those of all routers where none is named, and its group's with them.
    mutating func resign(_ router: String?, until moment: Instant, at now: Instant) {
        for index in routers.indices where router == nil || name(index) == router {
            for member in unit(of: index) {
                if routers[member].state == .master {
                    routers[member].stepDown(
                        cause(.resigned, of: index, for: member), resigning: true, at: now, into: &output)
                }
                routers[member].wantsMaster = false
                routers[member].heldUntil = moment
            }
            if let group = routers[index].group, groups[group].state == .master {
                setState(of: group, to: .backup, .resigned)
            }
        }
    }

    /// Ends everything: all masters resign and let go before anything else is done.
    mutating func end(at now: Instant) {
        var addresses: [VirtualAddress] = []
        for index in routers.indices where routers[index].state == .master {
            routers[index].sendResignation(into: &output)
            addresses += routers[index].settings.movingAddresses
        }
        if !addresses.isEmpty { output.append(.removeAddresses(addresses)) }
        for index in routers.indices { routers[index].end(.shutdown, at: now, into: &output) }
        for group in groups.indices { setState(of: group, to: .initialize, .shutdown) }
    }

    /// Removes what an earlier daemon may have left, but for what a master has.
    private mutating func removeLeftovers(of index: Int) {
        guard routers[index].state == .initialize else { return }
        remove(routers[index].settings.movingAddresses)
        let masters = routers.filter { $0.state == .master }
        let free = masters.reduce(routers[index].settings.routes) { $0.subtracting($1.settings.routes) }
        output.append(.removeRoutes(free))
    }

    /// Removes addresses but for those that a master has.
    mutating func remove(_ addresses: [VirtualAddress]) {
        let held = routers.filter { $0.state == .master }.flatMap { $0.settings.movingAddresses }
        let free = addresses.filter { address in !held.contains { $0.isSame(as: address) } }
        if !free.isEmpty { output.append(.removeAddresses(free)) }
    }
}
