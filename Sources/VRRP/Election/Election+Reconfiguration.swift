extension Election {
    /// What makes a router the same in other settings.
    private struct Identity: Hashable {
        var name: String
        var key: Key

        init(_ settings: RouterSettings) {
            name = settings.name
            key = Key(settings)
        }
    }

    /// Makes routers and groups of the settings, none of which has started.
    mutating func install() {
        let items = groupItems
        routers = settings.routers.map { VirtualRouter($0, groupItems: items[$0.name] ?? []) }
        index()
    }

    /// Goes by other settings. Routers that are the same keep state, timers and counters; those that are gone resign; new
    /// ones start.
    mutating func reconfigure(_ new: ElectionSettings, isRunning: Bool, at now: Instant) {
        settings = new
        guard isRunning else { return install() }
        let wanted = Set(new.routers.map(Identity.init))
        var kept: [Identity: VirtualRouter] = [:]
        var leftOver: [VirtualAddress] = []
        for index in routers.indices {
            let identity = Identity(routers[index].settings)
            if wanted.contains(identity) {
                kept[identity] = routers[index]
            } else {
                if routers[index].state == .master {
                    routers[index].sendResignation(into: &output)
                    leftOver += routers[index].settings.movingAddresses
                }
                routers[index].end(.reconfigured, at: now, into: &output)
            }
        }
        let items = groupItems
        routers = new.routers.map { settings in
            let groupItems = items[settings.name] ?? []
            guard var router = kept[Identity(settings)] else { return VirtualRouter(settings, groupItems: groupItems) }
            leftOver += router.reconfigure(settings, groupItems: groupItems, at: now, into: &output)
            return router
        }
        let former = groups
        index()
        keepStates(of: former)
        for index in routers.indices { routers[index].assess(surroundings, into: &output) }
        settle(.reconfigured, at: now)
        align(at: now)
        remove(leftOver)
    }

    /// What the routers of groups depend on besides their own items.
    private var groupItems: [String: [TrackedItem]] {
        var items: [String: [TrackedItem]] = [:]
        for group in settings.groups {
            for router in group.routers { items[router, default: []] += group.tracked }
        }
        return items
    }

    /// Lets routers be found, and their groups. A router that is named by two groups is in the first.
    private mutating func index() {
        indices = [:]
        var names: [String: Int] = [:]
        for index in routers.indices {
            let settings = routers[index].settings
            if indices[Key(settings)] == nil { indices[Key(settings)] = index }
            names[settings.name] = index
            routers[index].group = nil
        }
        groups = []
        for group in settings.groups {
            let members = group.routers.compactMap { names[$0] }.filter { routers[$0].group == nil }
            guard !members.isEmpty else { continue }
            for member in members { routers[member].group = groups.count }
            groups.append(SyncGroup(name: group.name, members: members))
        }
    }

    private mutating func keepStates(of former: [SyncGroup]) {
        for group in former {
            if let index = groups.firstIndex(where: { $0.name == group.name }) {
                groups[index].state = group.state
            } else {
                let transition = Transition(from: group.state, to: .initialize, cause: .reconfigured, priority: 0)
                output.append(.groupChanged(group.name, transition))
            }
        }
    }

    /// Routers that were put together into a group may be in different states: then none of them stays master.
    private mutating func align(at now: Instant) {
        for group in groups.indices {
            let members = groups[group].members
            let areMasters = members.allSatisfy { routers[$0].state == .master }
            if !areMasters {
                for member in members where routers[member].state == .master {
                    routers[member].stepDown(.reconfigured, resigning: true, at: now, into: &output)
                }
            }
            let isFault = members.contains { routers[$0].state == .fault }
            setState(of: group, to: areMasters ? .master : isFault ? .fault : .backup, .reconfigured)
        }
    }
}

extension Election.Key {
    init(_ settings: RouterSettings) {
        self.init(
            virtualRouterID: settings.virtualRouterID, family: settings.family, interface: settings.interface)
    }
}
