import VRRP

/// A random network of hosts in virtual time. Everything in it follows from the seed.
struct Simulation {
    /// What is going to happen.
    enum Action {
        case alarm(host: Int, number: Int)
        case arrival(host: Int, Event)
        case boot(host: Int)
        /// A host that was starved or paused runs again.
        case thaw(host: Int)
        /// The kernel drops the addresses that a dead daemon has left behind.
        case expiry(host: Int)
        /// A router that stayed away after a `resign` may be master again.
        case comeback(host: Int)
    }

    let scenario: Scenario
    var generator: SplitMix
    var hosts: [SimulatedHost] = []
    var referee: Referee
    var weather: Scenario.Weather
    /// Ways that no packet passes: from and to.
    var blocked: Set<[Int]> = []
    var now: Int64 = 0
    /// How many routers are still told to stay away.
    var comebacks = 0
    private var queue = EventQueue<Action>()
    /// When the last packet of a pair of hosts arrives: none overtakes another in calm weather.
    private var lastArrival: [[Int]: Int64] = [:]
    private var latestArrival: Int64 = 0
    private var handled = 0
    private let trace: Trace

    private init(seed: UInt64, isTraced: Bool) {
        var generator = SplitMix(seed: seed)
        let scenario = Scenario(using: &generator)
        let hasTwin = generator.chance(25)
        for (number, member) in scenario.members.enumerated() {
            hosts.append(
                SimulatedHost(
                    number: number, member: member, offset: generator.number(0...1_000_000_000_000), hasTwin: hasTwin,
                    lateness: scenario.lateness))
        }
        self.scenario = scenario
        self.generator = generator
        trace = Trace(isKept: isTraced)
        weather = scenario.calm
        referee = Referee(scenario: scenario)
    }

    /// Lets one network live.
    ///
    /// - Returns: what went wrong, nil if nothing did, and where something did what happened just before.
    static func run(seed: UInt64) -> (finding: Finding, trace: [String])? {
        var simulation = Simulation(seed: seed, isTraced: false)
        do throws(Finding) {
            try simulation.live()
            return nil
        } catch {
            // The same once more, this time with a protocol of it.
            simulation = Simulation(seed: seed, isTraced: true)
            do throws(Finding) { try simulation.live() } catch {}
            return (error, simulation.trace.lines)
        }
    }

    private mutating func live() throws(Finding) {
        note("\(hosts.map(\.settings))")
        for host in hosts.indices {
            schedule(.boot(host: host), after: generator.number(0...5 * scenario.longestInterval))
        }
        try run(for: 5 * scenario.longestInterval)
        mended()
        try settle()
        for _ in 0..<scenario.rounds {
            if generator.chance(50) { try trouble() } else { try incident() }
            try settle()
        }
        for host in hosts.indices { try end(host) }
    }

    /// Until everybody has to have found his place, and a little longer.
    private mutating func settle() throws(Finding) {
        while comebacks > 0 { try run(for: scenario.longestInterval) }
        let preemption = scenario.longestPreemptDelay + scenario.settlingTime
        try run(for: max(0, referee.binding - now) + preemption + generator.number(0...4 * scenario.longestInterval))
        for host in hosts { try referee.checkHost(host, among: hosts, at: now) }
    }

    /// Lets that much time pass.
    mutating func run(for duration: Int64) throws(Finding) {
        let end = now + duration
        while let time = queue.nextTime, time <= end, let action = queue.popFirst() {
            try referee.pass(to: time)
            now = time
            try perform(action)
            referee.look(at: hosts, at: now)
        }
        try referee.pass(to: end)
        now = end
    }

    mutating func schedule(_ action: Action, after delay: Int64) { queue.schedule(action, at: now + delay) }

    private mutating func perform(_ action: Action) throws(Finding) {
        switch action {
        case .alarm(let host, let number):
            guard hosts[host].condition == .running, hosts[host].alarm == number else { return }
            hosts[host].alarmTime = nil
            try feed(.timer, to: host)
        case .arrival(let host, let event):
            try arrive(event, at: host)
        case .boot(let host):
            if hosts[host].condition == .stopped { try boot(host) }
        case .thaw(let host):
            try thaw(host)
        case .expiry(let host):
            if hosts[host].condition == .stopped { hosts[host].installed = [] }
        case .comeback(let host):
            comeBack(host)
        }
    }

    private mutating func arrive(_ event: Event, at host: Int) throws(Finding) {
        guard case .received(_, let reception) = event, !hosts[host].down.contains(.interface(reception.interface))
        else {
            return
        }
        switch hosts[host].condition {
        case .running: try feed(event, to: host)
        case .starved where hosts[host].backlog.count < 200: hosts[host].backlog.append(event)
        case .starved, .paused, .stopped: break
        }
    }

    /// Hands a running host an event and passes on what it sends.
    mutating func feed(_ event: Event, to host: Int) throws(Finding) {
        handled += 1
        let limit = 5000 + now / scenario.shortestInterval * Int64(20 * hosts.count * hosts.count)
        guard handled <= limit else {
            throw Finding(time: now, what: "\(handled) events are more than \(hosts.count) hosts have to handle")
        }
        note("host \(host): \(brief(event))")
        let effects = try hosts[host].handle(event, at: now)
        for effect in effects {
            note("host \(host) → \(brief(effect))")
            if case .send(let transmission) = effect { try transmit(transmission, from: host) }
        }
        setAlarm(of: host)
    }

    /// Waits for the moment that the host's election asks for.
    mutating func setAlarm(of host: Int) {
        let due = hosts[host].election.deadline.map { $0.nanoseconds - hosts[host].offset }
        guard due == nil || due != hosts[host].alarmTime else { return }
        hosts[host].alarm += 1
        hosts[host].alarmTime = due
        guard let due else { return }
        let late = generator.number(0...scenario.lateness)
        queue.schedule(.alarm(host: host, number: hosts[host].alarm), at: max(now, due + late))
    }

    func note(_ line: @autoclosure () -> String) { trace.note(now, line) }
}

extension Simulation {
    /// Sends an advertisement on its ways.
    mutating func transmit(_ transmission: Transmission, from host: Int) throws(Finding) {
        guard !hosts[host].down.contains(.interface(transmission.interface)) else { return }
        for destination in transmission.destinations {
            for receiver in hosts.indices where receiver != host && !blocked.contains([host, receiver]) {
                let own = hosts[receiver].state(of: transmission.interface).addresses
                guard destination == destination.family.multicastGroup || own.contains(destination) else { continue }
                guard !generator.chance(weather.lossPercent) else { continue }
                let event = try packet(transmission, to: destination)
                deliver(event, from: host, to: receiver)
                if generator.chance(weather.duplicatePercent) { deliver(event, from: host, to: receiver) }
            }
        }
    }

    private func packet(_ transmission: Transmission, to destination: IPAddress) throws(Finding) -> Event {
        var reception = Reception(
            interface: transmission.interface, source: transmission.source, destination: destination,
            checksum: transmission.checksum)
        guard scenario.encodes else { return .received(transmission.advertisement, reception) }
        let octets = transmission.advertisement.encoded(
            from: transmission.source, to: destination, checksum: transmission.checksum)
        do throws(DecodeError) {
            let decoded = try Advertisement.decode(octets.span.bytes, from: transmission.source, to: destination)
            guard decoded.advertisement == transmission.advertisement else {
                throw .truncated(length: octets.count, needed: 0)
            }
            reception.checksum = decoded.checksum
            return .received(decoded.advertisement, reception)
        } catch {
            throw Finding(time: now, what: "\(transmission) is sent as \(octets): \(error)")
        }
    }

    private mutating func deliver(_ event: Event, from sender: Int, to receiver: Int) {
        var arrival = now + generator.number(weather.delay)
        if weather.delay == scenario.calm.delay {
            arrival = max(arrival, lastArrival[[sender, receiver]] ?? 0)
            lastArrival[[sender, receiver]] = arrival
        }
        latestArrival = max(latestArrival, arrival)
        queue.schedule(.arrival(host: receiver, event), at: arrival)
    }

    /// Everything is mended now; what is still under way may arrive later.
    mutating func mended() {
        weather = scenario.calm
        blocked = []
        referee.isUnrest = false
        referee.disturbed(from: max(now, latestArrival), for: scenario.settlingTime)
    }
}
