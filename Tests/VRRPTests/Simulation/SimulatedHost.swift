import VRRP

/// One host: its election, a clock of its own, and what the daemon around the election has done.
struct SimulatedHost {
    /// How the host fares.
    enum Condition: Equatable {
        case running
        /// Shut down in order, or dead: nothing runs.
        case stopped
        /// It gets no processor: its clock goes on and packets wait.
        case starved
        /// Paused from outside: its clock stands still and packets are lost.
        case paused(since: Int64)
    }

    let number: Int
    let interfaces: [(name: String, addresses: [IPAddress])]
    let scripts: [TrackTarget]
    var settings: ElectionSettings
    var condition = Condition.stopped
    /// What is on the NICs.
    var installed: Set<VirtualAddress> = []
    /// Scripts and NICs that are down.
    var down: Set<TrackTarget> = []
    /// Until when, by its own clock, a router stays backup after a `resign`.
    var awayUntil: [String: Int64] = [:]
    /// What waits while the host is starved.
    var backlog: [Event] = []
    /// Added to the time of the simulation, its own clock's reading.
    var offset: Int64
    /// Counts what the host was asked to do, so that a timer that was overtaken is known.
    var alarm = 0
    var alarmTime: Int64?

    private(set) var election: Election
    /// Fed the same by a clock that began elsewhere: whatever differs depends on the clock or on the order of a set.
    private var twin: Election?
    private static let twinOffset: Int64 = 86_400_000_000_007
    private var witnesses: [String: Witness] = [:]
    private var lastSent: [String: Int64] = [:]
    /// A late timer is no fault of the election's: how late one may be.
    private let lateness: Int64
    private var wasDelayed = false

    init(number: Int, member: Scenario.Member, offset: Int64, hasTwin: Bool, lateness: Int64) {
        self.number = number
        self.offset = offset
        self.lateness = lateness
        interfaces = member.interfaces
        scripts = member.scripts
        settings = member.settings
        election = Election(settings)
        twin = hasTwin ? Election(settings) : nil
    }

    /// The daemon is started anew.
    mutating func boot() {
        election = Election(settings)
        if twin != nil { twin = Election(settings) }
        condition = .running
        installed = []
        awayUntil = [:]
        witnesses = [:]
        lastSent = [:]
    }

    /// The events that come before the start.
    var firstEvents: [Event] {
        interfaces.map { .interface($0.name, state(of: $0.name)) }
            + scripts.map { .tracked($0, isUp: !down.contains($0)) } + [.start]
    }

    /// A NIC as the kernel would tell.
    func state(of interface: String) -> InterfaceState {
        InterfaceState(
            isUp: !down.contains(.interface(interface)),
            addresses: interfaces.first { $0.name == interface }?.addresses ?? [])
    }

    /// Hands the election an event, does what it asks for, and looks at whether that was right.
    ///
    /// - Parameter time: of the simulation.
    mutating func handle(_ event: Event, at time: Int64) throws(Finding) -> [Effect] {
        let now = time + offset
        let before = election.statuses
        let effects = election.handle(event, at: Instant(nanoseconds: now))
        let other = twin?.handle(event, at: Instant(nanoseconds: now + Self.twinOffset))
        guard other == nil || other == effects else {
            throw fault("the same events had other effects: \(effects) and \(other ?? [])", time)
        }
        if case .timer = event, let deadline = election.deadline, deadline.nanoseconds <= now {
            throw fault(
                "the timer was handled at \(seconds(now)) and is wanted at \(seconds(deadline.nanoseconds))", time)
        }
        if case .reconfigure(let settings) = event { self.settings = settings }
        try perform(effects, before, at: time)
        try checkAddresses(at: time)
        try checkGroups(at: time)
        try checkPriorities(at: time)
        try observe(event, before, at: time)
        wasDelayed = false
        return effects
    }

    /// The host was starved or paused: what it does next may be late.
    mutating func wasHeldUp() { wasDelayed = true }

    func fault(_ what: String, _ time: Int64) -> Finding { Finding(time: time, what: "host \(number): \(what)") }

    func state(ofRouter name: String) -> RouterState { election.status(of: name)?.state ?? .initialize }
}

extension SimulatedHost {
    private mutating func perform(_ effects: [Effect], _ before: [RouterStatus], at time: Int64) throws(Finding) {
        var announced: Set<VirtualAddress> = []
        var states = Dictionary(uniqueKeysWithValues: before.map { ($0.name, $0.state) })
        for effect in effects {
            switch effect {
            case .addAddresses(let addresses): installed.formUnion(addresses)
            case .removeAddresses(let addresses): installed.subtract(addresses)
            case .announce(let addresses, let count):
                guard count > 0, installed.isSuperset(of: addresses) else {
                    throw fault("announces \(addresses), which it does not have", time)
                }
                announced.formUnion(addresses)
            case .send(let transmission):
                try check(transmission, before, at: time)
            case .routerChanged(let name, let transition):
                guard states[name] ?? .initialize == transition.from else {
                    throw fault(
                        "\(name) changes from \(transition.from) but is \(String(describing: states[name]))", time)
                }
                states[name] = transition.to
            case .announceSource(let address, let interface):
                guard !down.contains(.interface(interface)),
                    interfaces.contains(where: { $0.name == interface && $0.addresses.contains(address) })
                else { throw fault("announces \(address), which it does not have", time) }
            case .groupChanged, .notice, .addRoutes, .removeRoutes: break
            }
        }
        for router in settings.routers where states[router.name] == .master {
            guard before.first(where: { $0.name == router.name })?.state != .master else { continue }
            guard announced.isSuperset(of: router.movingAddresses) else {
                throw fault("\(router.name) is master and announced no more than \(announced)", time)
            }
        }
        for status in election.statuses where status.state != states[status.name] ?? .initialize {
            throw fault("\(status.name) is \(status.state) without a word", time)
        }
    }

    private mutating func check(_ transmission: Transmission, _ before: [RouterStatus], at time: Int64) throws(Finding)
    {
        let name = transmission.router
        let sent = transmission.advertisement
        let now = time + offset
        if sent.priority == 0 { return lastSent[name] = nil }
        guard state(ofRouter: name) == .master || before.first(where: { $0.name == name })?.state == .master else {
            throw fault("\(name) is no master and says it is", time)
        }
        if let last = lastSent[name], !wasDelayed, now - last > sent.interval.wholeNanoseconds + lateness {
            throw fault("\(name) advertises \(seconds(now - last)) s after the last time", time)
        }
        lastSent[name] = now
    }

    /// A router's addresses are on the NIC while it is master, and at no other time.
    private func checkAddresses(at time: Int64) throws(Finding) {
        var due: Set<VirtualAddress> = []
        for router in settings.routers where state(ofRouter: router.name) == .master {
            due.formUnion(router.movingAddresses)
        }
        guard installed == due else { throw fault("has \(installed) and should have \(due)", time) }
    }

    /// The routers of a group are master together, or none of them is.
    private func checkGroups(at time: Int64) throws(Finding) {
        for group in settings.groups {
            let masters = group.routers.filter { state(ofRouter: $0) == .master }
            guard masters.isEmpty || masters.count == group.routers.count else {
                throw fault("of group \(group.name) only \(masters) are master", time)
            }
        }
    }

    private func checkPriorities(at time: Int64) throws(Finding) {
        guard condition != .stopped else { return }
        for router in settings.routers {
            guard let status = election.status(of: router.name), status.state != .initialize else { continue }
            guard status.priority == priority(of: router) else {
                throw fault("\(router.name) has priority \(status.priority), not \(priority(of: router))", time)
            }
            guard (status.state == .fault) == !isFit(router) else {
                throw fault("\(router.name) is \(status.state) with \(down) down", time)
            }
        }
    }
}

extension SimulatedHost {
    /// A router of its own or its group's items.
    private func items(of router: RouterSettings) -> [TrackedItem] {
        router.tracked + settings.groups.filter { $0.routers.contains(router.name) }.flatMap(\.tracked)
    }

    /// With weights, as keepalived.conf(5) has it.
    func priority(of router: RouterSettings) -> UInt8 {
        if router.priority == 255 { return 255 }
        var sum = Int(router.priority)
        for item in items(of: router) where item.weight != 0 {
            guard down.contains(item.target) == (item.weight < 0) else { continue }
            sum += item.isReversed ? -item.weight : item.weight
        }
        return UInt8(max(1, min(254, sum)))
    }

    /// Nothing that the router, or another one of its group, cannot be without is down.
    func isFit(_ router: RouterSettings) -> Bool {
        let group = settings.groups.first { $0.routers.contains(router.name) }
        let together = group.map { group in settings.routers.filter { group.routers.contains($0.name) } } ?? [router]
        return together.allSatisfy { router in
            !items(of: router).contains { $0.weight == 0 && down.contains($0.target) != $0.isReversed }
                && ([router.interface] + router.movingAddresses.map(\.interface)).allSatisfy {
                    !down.contains(.interface($0))
                }
        }
    }

    /// Whether it takes over from a master of lower priority.
    func mayPreempt(_ router: RouterSettings) -> Bool {
        router.preempt || router.startsAsMaster || router.priority == 255
    }

    private mutating func observe(_ event: Event, _ before: [RouterStatus], at time: Int64) throws(Finding) {
        let now = time + offset
        for router in settings.routers {
            guard let status = election.status(of: router.name) else { continue }
            if status.state != .master { lastSent[router.name] = nil }
            var witness = witnesses[router.name] ?? Witness()
            defer { witnesses[router.name] = witness }
            let was = before.first { $0.name == router.name }?.state ?? .initialize
            if was != .backup && status.state == .backup { witness.enteredBackup(priority: status.priority) }
            if was == .backup { witness.priorityChanged(to: status.priority) }
            var heard: Advertisement?
            var peer: IPAddress?
            if case .received(let advertisement, let reception) = event,
                advertisement.virtualRouterID == router.virtualRouterID, reception.interface == router.interface
            {
                heard = advertisement
                peer = reception.source
            }
            if was == .master, status.state == .backup, let heard, let peer, let own = address(of: router) {
                guard (heard.priority, peer) > (status.priority, own) else {
                    throw fault("\(router.name) yields to priority \(heard.priority) of \(peer)", time)
                }
            }
            if let heard, status.state == .backup {
                witness.heard(heard, by: router, mayPreempt: mayPreempt(router), at: now)
            }
            if was == .backup, status.state == .master, router.priority != 255 {
                try judge(witness, of: router, event, at: time)
            }
        }
    }

    /// Whether a backup has taken over at the right moment.
    private func judge(_ witness: Witness, of router: RouterSettings, _ event: Event, at time: Int64) throws(Finding) {
        // A member takes the others of its group along, and a new configuration may give another one the right.
        guard case .timer = event, !settings.groups.contains(where: { $0.routers.contains(router.name) }) else {
            return
        }
        let now = time + offset
        let away = awayUntil[router.name] ?? .min
        let earliest = max(witness.earliest, away)
        guard now >= earliest else {
            throw fault("\(router.name) takes over \(seconds(earliest - now)) s too early", time)
        }
        if let exact = witness.exact, !wasDelayed, now > max(exact, away) + lateness + 1 {
            throw fault("\(router.name) takes over \(seconds(now - exact)) s too late", time)
        }
    }

    /// The address that a router speaks from.
    func address(of router: RouterSettings) -> IPAddress? {
        router.sourceAddress ?? interfaces.first { $0.name == router.interface }?.addresses.first
    }
}
