import VRRP

extension Simulation {
    /// Several things at once, for a while; then all of it is mended.
    mutating func trouble() throws(Finding) {
        referee.isUnrest = true
        note("trouble begins")
        for _ in 0..<generator.pick([1, 1, 2, 3, 4]) {
            try disturb()
            try run(for: generator.number(0...generator.pick([1, 4, 12]) * scenario.longestInterval))
        }
        for host in hosts.indices {
            try thaw(host)
            if hosts[host].condition == .stopped, generator.chance(90) { try boot(host) }
            for target in hosts[host].down.sorted(by: { "\($0)" < "\($1)" }) where generator.chance(90) {
                try turn(target, isUp: true, on: host)
            }
            // What a dead daemon has left is gone by now, one way or the other.
            if hosts[host].condition == .stopped { hosts[host].installed = [] }
        }
        note("trouble ends")
        mended()
    }

    private mutating func disturb() throws(Finding) {
        let host = Int.random(in: 0..<hosts.count, using: &generator)
        switch generator.number(0...9) {
        case 0, 1: storm()
        case 2, 3: part()
        case 4: try crash(host)
        case 5: try stop(host)
        case 6: hold(host)
        case 7: try flap(on: host)
        case 8: try resign(host)
        default: try reconfigure(host)
        }
    }

    /// One thing in a calm network, with no more time to get over it than it takes.
    mutating func incident() throws(Finding) {
        let host = generator.chance(70) ? master() : Int.random(in: 0..<hosts.count, using: &generator)
        let wasCalm = referee.isCalm(at: now)
        var isResignation = false
        switch generator.number(0...9) {
        case 0, 1:
            isResignation = hosts[host].condition == .running
            try stop(host)
        case 2, 3: isResignation = try flap(on: host)
        case 4: isResignation = try resign(host)
        case 5: isResignation = try crash(host)
        case 6: try loseAddress(of: host)
        case 7: try reconfigure(host)
        case 8:
            if hosts[host].condition == .stopped { try boot(host) }
        default: try turn(.interface(hosts[host].interfaces[0].name), isUp: generator.chance(50), on: host)
        }
        let quick = referee.resignationTime(without: host, hosts: hosts, at: now)
        let isQuick = isResignation && wasCalm && quick > scenario.handover
        note("incident on host \(host), to be over in \(seconds(isQuick ? quick : scenario.settlingTime)) s")
        referee.disturbed(from: now, for: isQuick ? quick : scenario.settlingTime)
        referee.look(at: hosts, at: now)
        for stopped in hosts.indices where hosts[stopped].condition == .stopped && generator.chance(60) {
            try run(for: max(0, referee.binding - now) + generator.number(1...scenario.longestInterval))
            try boot(stopped)
        }
    }

    private func master() -> Int {
        hosts.first { host in host.settings.routers.contains { host.state(ofRouter: $0.name) == .master } }?.number ?? 0
    }

    private mutating func storm() {
        weather = Scenario.Weather(
            lossPercent: generator.pick([0, 5, 20, 50, 90, 100]), duplicatePercent: generator.pick([0, 10, 50]),
            delay: 0...generator.pick([1, 2, 4]) * scenario.longestInterval)
        note("storm: \(weather)")
    }

    /// Two halves, or single ways at random.
    private mutating func part() {
        let side = hosts.indices.map { _ in generator.chance(50) }
        let isHalved = generator.chance(60)
        for from in hosts.indices {
            for to in hosts.indices where from != to {
                if isHalved ? side[from] != side[to] : generator.chance(40) { blocked.insert([from, to]) }
            }
        }
        note("blocked: \(blocked.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) })")
    }

    /// The daemon is started; whatever was left on the NICs it takes away first.
    mutating func boot(_ host: Int) throws(Finding) {
        note("host \(host) boots")
        hosts[host].boot()
        hosts[host].alarmTime = nil
        for event in hosts[host].firstEvents { try feed(event, to: host) }
        referee.disturbed(from: now, for: scenario.settlingTime)
    }

    /// An orderly end: nothing is to be heard of it afterwards.
    mutating func end(_ host: Int) throws(Finding) {
        guard hosts[host].condition != .stopped else { return }
        try thaw(host)
        try stop(host)
    }

    private mutating func stop(_ host: Int) throws(Finding) {
        guard hosts[host].condition == .running else { return }
        try feed(.shutdown, to: host)
        hosts[host].condition = .stopped
        guard hosts[host].installed.isEmpty, hosts[host].election.deadline == nil else {
            throw hosts[host].fault("has ended and still has \(hosts[host].installed) or waits", now)
        }
        for event in [.timer, .interface("eth0", InterfaceState(isUp: true, addresses: [])), .start] as [Event] {
            let effects = try hosts[host].handle(event, at: now)
            guard effects.isEmpty else { throw hosts[host].fault("has ended and wants \(effects)", now) }
        }
    }

    /// - Returns: whether the supervisor resigned in the daemon's place.
    @discardableResult
    private mutating func crash(_ host: Int) throws(Finding) -> Bool {
        guard hosts[host].condition == .running else { return false }
        let masters = hosts[host].settings.routers.filter { hosts[host].state(ofRouter: $0.name) == .master }
        hosts[host].condition = .stopped
        hosts[host].alarm += 1
        switch generator.number(0...2) {
        case 0:
            note("host \(host)'s daemon crashes, the supervisor cleans up")
            hosts[host].installed = []
            for router in masters { try resignInstead(of: router, on: host) }
            return true
        case 1:
            note("host \(host) loses its power")
            hosts[host].installed = []
        default:
            note("host \(host)'s daemon and supervisor crash")
            let lifetime: Int64 = 2_000_000_000
            schedule(.expiry(host: host), after: lifetime)
            referee.disturbed(from: now + lifetime, for: 0)
        }
        return false
    }

    private mutating func resignInstead(of router: RouterSettings, on host: Int) throws(Finding) {
        guard let source = hosts[host].address(of: router) else { return }
        let group = router.family.multicastGroup
        try transmit(
            Transmission(
                router: router.name, interface: router.interface, source: source,
                destinations: router.unicastPeers.isEmpty ? [group] : router.unicastPeers,
                advertisement: Advertisement(
                    version: router.version, virtualRouterID: router.virtualRouterID, priority: 0,
                    interval: router.advertisementInterval, addresses: router.addresses.map(\.address),
                    authentication: router.authentication),
                checksum: router.checksum), from: host)
    }

    private mutating func hold(_ host: Int) {
        guard hosts[host].condition == .running else { return }
        hosts[host].condition = generator.chance(50) ? .starved : .paused(since: now)
        note("host \(host) is \(hosts[host].condition)")
        schedule(.thaw(host: host), after: generator.number(0...10 * scenario.longestInterval))
    }

    /// Runs again, if it did not: first comes what has waited, then the timers, as in the daemon's loop.
    mutating func thaw(_ host: Int) throws(Finding) {
        switch hosts[host].condition {
        case .running, .stopped: return
        case .starved: break
        case .paused(let since): hosts[host].offset -= now - since
        }
        note("host \(host) runs again")
        hosts[host].condition = .running
        hosts[host].alarmTime = nil
        let waiting = hosts[host].backlog
        hosts[host].backlog = []
        for event in waiting {
            hosts[host].wasHeldUp()
            try feed(event, to: host)
        }
        hosts[host].wasHeldUp()
        if let deadline = hosts[host].election.deadline, deadline.nanoseconds <= now + hosts[host].offset {
            try feed(.timer, to: host)
        }
        setAlarm(of: host)
    }

    /// Scripts come and go.
    ///
    /// - Returns: whether all that happened is that something went down which a router cannot be without.
    @discardableResult
    private mutating func flap(on host: Int) throws(Finding) -> Bool {
        guard !hosts[host].scripts.isEmpty, hosts[host].condition == .running else { return false }
        let target = generator.pick(hosts[host].scripts)
        let isUp = hosts[host].down.contains(target)
        let wasFit = hosts[host].settings.routers.allSatisfy(hosts[host].isFit)
        try turn(target, isUp: isUp, on: host)
        if generator.chance(20) {
            try turn(target, isUp: !isUp, on: host)
            return false
        }
        return wasFit && !hosts[host].settings.routers.contains(where: hosts[host].isFit)
    }

    mutating func turn(_ target: TrackTarget, isUp: Bool, on host: Int) throws(Finding) {
        if isUp { hosts[host].down.remove(target) } else { hosts[host].down.insert(target) }
        guard hosts[host].condition == .running else { return }
        if case .interface(let name) = target {
            try feed(.interface(name, hosts[host].state(of: name)), to: host)
        } else {
            try feed(.tracked(target, isUp: isUp), to: host)
        }
    }

    @discardableResult
    private mutating func resign(_ host: Int) throws(Finding) -> Bool {
        guard hosts[host].condition == .running else { return false }
        let stay = generator.pick([0, 1, 5]) * scenario.longestInterval
        let grouped = !hosts[host].settings.groups.isEmpty
        let router = grouped || generator.chance(50) ? nil : hosts[host].settings.routers.first?.name
        for settings in hosts[host].settings.routers where router == nil || router == settings.name {
            hosts[host].awayUntil[settings.name] = now + hosts[host].offset + stay
        }
        try feed(.resign(router: router, stayAway: .nanoseconds(stay)), to: host)
        comebacks += 1
        schedule(.comeback(host: host), after: stay)
        return stay > 0
    }

    /// A host that was paused meanwhile has still to wait: it is its own clock that counts.
    mutating func comeBack(_ host: Int) {
        let rest = (hosts[host].awayUntil.values.max() ?? 0) - hosts[host].offset - now
        if hosts[host].condition != .stopped, rest > 0 { return schedule(.comeback(host: host), after: rest) }
        comebacks -= 1
        referee.disturbed(from: now, for: scenario.settlingTime)
    }

    /// Another priority, another right to preempt, one router less or all of them back.
    private mutating func reconfigure(_ host: Int) throws(Finding) {
        guard hosts[host].condition == .running else { return }
        var settings = scenario.members[host].settings
        if settings.groups.isEmpty, settings.routers.count > 1, generator.chance(40) { settings.routers.removeLast() }
        let priority = UInt8(generator.number(1...254))
        let preempt = generator.chance(50)
        for index in settings.routers.indices where settings.routers[index].priority != 255 {
            settings.routers[index].priority = priority
            settings.routers[index].preempt = preempt
        }
        try feed(.reconfigure(settings), to: host)
    }

    /// Somebody removes an address by hand.
    private mutating func loseAddress(of host: Int) throws(Finding) {
        guard hosts[host].condition == .running,
            let address = hosts[host].installed.min(by: { $0.address < $1.address })
        else { return }
        hosts[host].installed.remove(address)
        try feed(.addressLost(address), to: host)
    }
}
