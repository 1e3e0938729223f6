import CLinux
import VRRP

/// Glues the ``Election`` to the host: what happens becomes an event, what the election asks for is done.
///
/// What is asked for within one turn of the loop is gathered and done before the next wait: first addresses, then
/// advertisements, then announcements, each with as few system calls as it takes. Everything else comes behind them.
final class Daemon {
    let loop: EventLoop
    let log: Log
    /// Called when a router is in another state.
    var onRouterChange: (String, Transition) -> Void = { _, _ in }
    /// Called when a sync group is in another state.
    var onGroupChange: (String, Transition) -> Void = { _, _ in }
    /// Called when all that a turn has led to is done.
    var onTurnEnd: () -> Void = {}
    private(set) var election: Election
    private var configuration: KeepalivedConfiguration

    private let will: LastWill
    private let host: HostWatch
    private let keeper: AddressKeeper
    private let routes: RouteKeeper
    private let sockets: VRRPSockets
    private let announcer: Announcer
    private let promotion: SecondaryPromotion
    private let firstStates: FirstStates
    private var hasBegun = false
    private var announcements: [(address: IPAddress, interface: String, count: Int)] = []
    /// `vrrp_startup_delay` is not over.
    private var isDelayed = false
    private var wantsToBegin = false
    private var timer: EventLoop.Token?
    private var timerDue: Instant?

    /// What each router that is master sent last.
    private var masters: [String: EncodedTransmission] = [:]
    private var isWillOld = false
    private var isWillTooLong = false

    /// All addresses that move, whoever has them.
    private var virtual: Set<IPAddress> = []
    /// What is to be sent from, on whichever NIC it is.
    private var sources: Set<IPAddress> = []
    /// The NICs that matter.
    private var watched: Set<String> = []
    /// What was told of each last.
    private var told: [String: InterfaceState] = [:]

    init(_ configuration: KeepalivedConfiguration, will: LastWill, loop: EventLoop, log: Log) throws(SystemError) {
        self.configuration = configuration
        self.will = will
        self.loop = loop
        self.log = log
        election = Election(configuration.electionSettings)
        host = try HostWatch(loop: loop, log: log)
        keeper = try AddressKeeper(host: host, log: log)
        routes = try RouteKeeper(host: host, log: log)
        sockets = VRRPSockets(loop: loop, log: log)
        announcer = try Announcer()
        promotion = SecondaryPromotion(log: log)
        firstStates = FirstStates(loop: loop)
    }

    /// Looks at the host and begins.
    func start() throws(SystemError) {
        try host.start()
        host.onChange = { [self] in interfacesChanged($0) }
        host.onLoss = { [self] in addressLost($0, on: $1) }
        keeper.onLoss = { [self] in handle(.addressLost($0)) }
        sockets.onEvent = { [self] in handle($0) }
        adopt(election.settings)
        loop.beforeWait = { [self] in finishTurn() }
        refresh()
        delay(by: configuration.global.startupDelay ?? .zero)
        whenKnown(configuration) { [self] in begin() }
    }

    private func delay(by delay: Duration) {
        guard delay > .zero else { return }
        isDelayed = true
        log(.notice, "the routers begin in \(delay.text)")
        loop.schedule(after: delay) { [self] in
            isDelayed = false
            if wantsToBegin { begin() }
        }
    }

    /// Once, whether at the start or with a configuration that came before the first one's checks had answered.
    private func begin() {
        guard !hasBegun else { return }
        wantsToBegin = true
        guard !isDelayed else { return }
        hasBegun = true
        handle(.start)
    }

    /// Takes other settings without losing what stays the same, once the state of what they track is known.
    func reconfigure(_ configuration: KeepalivedConfiguration) {
        whenKnown(configuration) { [self] in
            take(configuration)
            begin()
        }
    }

    private func whenKnown(_ configuration: KeepalivedConfiguration, _ then: @escaping () -> Void) {
        let targets = configuration.electionSettings.targets.filter {
            if case .interface = $0 { false } else { true }
        }
        firstStates.wait(for: targets, atMost: configuration.firstCheckLimit) { [log] missing in
            for target in missing { log(.warning, "\(target.text) has not answered: it counts as down") }
            then()
        }
    }

    private func take(_ configuration: KeepalivedConfiguration) {
        let before = election.settings.routers
        self.configuration = configuration
        let settings = configuration.electionSettings
        // What goes away has something to say yet: its sockets are closed when that has been sent.
        sockets.serve(before + settings.routers, on: host.interfaces)
        look(at: settings)
        handle(.reconfigure(settings))
        finishTurn()
        adopt(settings)
    }

    /// Ends: resigns, takes all addresses away.
    func stop() {
        handle(.shutdown)
        finishTurn()
        promotion.keep([])
        loop.stop()
    }

    private func adopt(_ settings: ElectionSettings) {
        look(at: settings)
        promotion.keep(configuration.promotingInterfaces)
        keeper.removeStale(virtual, on: watched)
        sockets.serve(settings.routers, on: host.interfaces)
    }

    private func look(at settings: ElectionSettings) {
        virtual = settings.virtualAddresses
        sources = settings.sourceAddresses
        watched = settings.interfaces
        promotion.begin(on: configuration.promotingInterfaces)
        keeper.keep(settings.addressLifetimes)
        for name in watched.union(host.interfaces.names) where matters(name) { tell(name) }
    }

    /// Whether the election has to know of a NIC, be it that a source address is there or was.
    private func matters(_ name: String) -> Bool {
        watched.contains(name) || told[name] != nil
            || (!sources.isEmpty && host.interfaces.addresses(name).contains { sources.contains($0.address) })
    }

    // MARK: What is asked of it

    var statuses: [RouterStatus] { election.statuses }

    func resign(router: String?, stayAway: Duration) { handle(.resign(router: router, stayAway: stayAway)) }

    /// Says in the log how every router is.
    func logStatuses() {
        for status in statuses {
            log(
                .notice,
                "\(status.name): \(status.state.text), priority \(status.priority), master "
                    + (status.master?.description ?? "unknown"))
        }
    }

    // MARK: What happens

    /// A script or a process has come up or gone down.
    func trackedChanged(_ target: TrackTarget, isUp: Bool) {
        handle(.tracked(target, isUp: isUp))
        firstStates.came(target)
    }

    /// The number in a file is another one.
    func fileRead(_ target: TrackTarget, _ value: Int) {
        handle(.measured(target, value))
        firstStates.came(target)
    }

    private func handle(_ event: Event) {
        for effect in election.handle(event, at: loop.now) { perform(effect) }
    }

    private func interfacesChanged(_ names: Set<String>) {
        keeper.interfacesChanged()
        isWillOld = true
        promotion.begin(on: configuration.promotingInterfaces.intersection(names))
        sockets.serve(election.settings.routers, on: host.interfaces)
        for name in names where matters(name) { tell(name) }
    }

    /// Tells the election of a NIC, where anything is different.
    private func tell(_ name: String) {
        let state = host.interfaces.state(name, without: virtual.subtracting(sources))
        guard told.updateValue(state, forKey: name) != state else { return }
        handle(.interface(name, state))
    }

    private func addressLost(_ address: NetlinkMessage.Address, on name: String) {
        guard let lost = keeper.held.find(address.address, prefixLength: address.prefixLength, interface: name) else {
            return
        }
        handle(.addressLost(lost))
    }

    private func refresh() {
        will.beat()
        keeper.refresh()
        routes.refresh()
        loop.schedule(after: HeldAddresses.refreshInterval) { [self] in refresh() }
    }

    // MARK: What is to be done

    private func perform(_ effect: Effect) {
        switch effect {
        case .send(let transmission): send(transmission)
        case .addAddresses(let addresses):
            isWillOld = true
            for address in addresses { keeper.add(address) }
        case .removeAddresses(let addresses):
            isWillOld = true
            for address in addresses { keeper.remove(address) }
        case .addRoutes(let set):
            isWillOld = true
            routes.add(set)
        case .removeRoutes(let set):
            isWillOld = true
            routes.remove(set)
        case .announce(let addresses, let count):
            announcements.append(contentsOf: addresses.map { ($0.address, $0.interface, count) })
        case .announceSource(let address, let interface): announcements.append((address, interface, 1))
        case .routerChanged(let name, let transition): routerChanged(name, transition)
        case .groupChanged(let name, let transition):
            log(.notice, "group \(name): \(transition.text)")
            onGroupChange(name, transition)
        case .notice(let notice): log(notice.level, notice.text)
        }
    }

    private func send(_ transmission: Transmission) {
        if let known = masters[transmission.router], known.transmission == transmission { return sockets.send(known) }
        let encoded = EncodedTransmission(transmission)
        sockets.send(encoded)
        guard transmission.advertisement.priority > 0 else { return }
        masters[transmission.router] = encoded
        isWillOld = true
    }

    private func routerChanged(_ name: String, _ transition: Transition) {
        log(.notice, "\(name): \(transition.text)")
        onRouterChange(name, transition)
        if transition.to != .master, masters.removeValue(forKey: name) != nil { isWillOld = true }
    }

    private func finishTurn() {
        // Before the addresses are there: whatever happens then, they are gone again.
        writeWill()
        routes.flushRemovals()
        keeper.flush()
        sockets.flush()
        routes.flushAdditions()
        sendAnnouncements()
        armTimer()
        onTurnEnd()
    }

    private func sendAnnouncements() {
        guard !announcements.isEmpty else { return }
        var routing: [String: Bool] = [:]
        for (address, name, count) in announcements {
            guard let index = host.interfaces.index(name) else { continue }
            if address.family == .ipv6, routing[name] == nil { routing[name] = Announcer.isRouter(name) }
            announcer.announce(
                address, interface: index, hardwareAddress: host.interfaces.hardwareAddress(name),
                isRouter: routing[name] ?? false, count: count)
        }
        announcements.removeAll(keepingCapacity: true)
        announcer.flush()
    }

    private func writeWill() {
        guard isWillOld else { return }
        isWillOld = false
        var contents = LastWill.Contents()
        contents.removals = routes.allRemovals + keeper.removals
        for master in masters.values {
            let resignation = master.resignation, transmission = master.transmission
            guard let index = host.interfaces.index(transmission.interface) else { continue }
            for (destination, payload) in zip(transmission.destinations, resignation.octets) {
                contents.messages.append(
                    .init(
                        family: destination.family,
                        name: SocketAddresses.internet(destination, interface: index),
                        control: SocketAddresses.packetInformation(source: transmission.source, interface: index),
                        payload: payload))
            }
        }
        if !will.write(contents), !isWillTooLong {
            isWillTooLong = true
            log(.warning, "too many addresses for the supervisor: if this process dies, they expire by themselves")
        }
    }

    private func armTimer() {
        guard election.deadline != timerDue else { return }
        timerDue = election.deadline
        if let timer { loop.cancel(timer) }
        timer = timerDue.map { due in
            loop.schedule(at: due) { [self] in
                timer = nil
                timerDue = nil
                handle(.timer)
            }
        }
    }
}
