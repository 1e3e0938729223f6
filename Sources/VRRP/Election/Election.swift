/// The virtual routers of one host: a value that takes events and returns effects, without clock, socket or thread.
///
/// It follows RFC 3768 and RFC 5798 (sections 6.4.1 to 6.4.3), and keepalived 2 where that goes beyond them: FAULT,
/// weights, `preempt_delay`, sync groups, what is dropped and what is accepted with a notice.
package struct Election: Sendable {
    private enum Phase: Sendable { case gathering, running, ended }

    /// How an arriving advertisement finds its router.
    struct Key: Sendable, Hashable {
        var virtualRouterID: UInt8
        var family: AddressFamily
        var interface: String
    }

    /// What it goes by at the moment.
    package internal(set) var settings: ElectionSettings

    var routers: [VirtualRouter] = []
    var groups: [SyncGroup] = []
    var indices: [Key: Int] = [:]
    var surroundings = Surroundings()
    var output = Output()
    private var phase = Phase.gathering
    /// Each router's deadline in nanoseconds; the largest number for none.
    private var deadlines: [Int64] = []

    /// Routers that have not started.
    package init(_ settings: ElectionSettings) {
        self.settings = settings
        install()
        scheduleAll()
    }

    /// When ``Event/timer`` is wanted next; nil while nothing is waited for.
    package private(set) var deadline: Instant?

    /// Takes an event in and says what has to be done.
    package mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        if phase == .ended { return [] }
        switch event {
        case .received(let advertisement, let reception):
            guard let index = receive(advertisement, reception, at: now) else { break }
            schedule(index)
        case .timer: fire(at: now)
        case .malformed(let error, let reception):
            output.tell(
                .malformed(interface: reception.interface, peer: reception.source, error), at: now,
                quiet: .seconds(60))
        default:
            handleRare(event, at: now)
            scheduleAll()
        }
        return output.take()
    }

    private mutating func handleRare(_ event: Event, at now: Instant) {
        let isRunning = phase == .running
        switch event {
        case .start:
            phase = .running
            assessAll()
            settle(.started, at: now)
        case .interface(let name, let state):
            surroundings.note(name, state)
            if isRunning { reassess(at: now) }
        case .tracked(let target, let isUp):
            surroundings.tracked[target] = isUp
            if isRunning { reassess(at: now) }
        case .measured(let target, let value):
            surroundings.values[target] = value
            if isRunning { reassess(at: now) }
        case .addressLost(let address):
            for index in routers.indices { routers[index].restore(address, at: now, into: &output) }
        case .reconfigure(let settings): reconfigure(settings, isRunning: isRunning, at: now)
        case .resign(let router, let stayAway): resign(router, until: now.advanced(by: stayAway), at: now)
        case .shutdown:
            phase = .ended
            end(at: now)
        case .timer, .received, .malformed: break
        }
    }

    private mutating func fire(at now: Instant) {
        var movesGroups = false
        for index in deadlines.indices where deadlines[index] <= now.nanoseconds {
            // A router that was due may have been moved on meanwhile by a member of its group.
            if routers[index].fire(at: now, into: &output) { timeIsUp(index, at: now) }
            deadlines[index] = routers[index].deadline?.nanoseconds ?? .max
            if routers[index].group != nil { movesGroups = true }
        }
        if movesGroups { scheduleAll() } else { findDeadline() }
    }

    private mutating func reassess(at now: Instant) {
        assessAll()
        settle(.recovered, at: now)
    }

    private mutating func assessAll() {
        for index in routers.indices { routers[index].assess(surroundings, into: &output) }
    }

    private mutating func schedule(_ index: Int) {
        guard routers[index].group == nil else { return scheduleAll() }
        deadlines[index] = routers[index].deadline?.nanoseconds ?? .max
        findDeadline()
    }

    private mutating func scheduleAll() {
        deadlines.removeAll(keepingCapacity: true)
        for router in routers { deadlines.append(router.deadline?.nanoseconds ?? .max) }
        findDeadline()
    }

    private mutating func findDeadline() {
        var first = Int64.max
        for moment in deadlines where moment < first { first = moment }
        deadline = first == .max ? nil : Instant(nanoseconds: first)
    }

    /// What is to be known of a router.
    package func status(of router: String) -> RouterStatus? {
        routers.firstIndex { $0.settings.name == router }.map(status)
    }

    /// What is to be known of every router, in the order of the settings.
    package var statuses: [RouterStatus] { routers.indices.map(status) }

    private func status(_ index: Int) -> RouterStatus {
        routers[index].status(groupDown: routers[index].group.map { groups[$0].down(routers) } ?? [])
    }
}
