/// One virtual router of this host: RFC 5798 section 6, which holds for version 2 too.
struct VirtualRouter: Sendable {
    /// Who is heard as master.
    struct Master: Sendable {
        var address: IPAddress
        var priority: UInt8
    }

    /// What a backup waits for.
    enum Wait: Sendable {
        /// The master has to be silent for the master down interval.
        case masterDown
        /// The master resigned: the skew time alone.
        case resigned
        /// The beginning with `state MASTER`: one interval and the shortest skew time.
        case beginning
    }

    var settings: RouterSettings
    /// Its own tracked items and those of its group.
    var items: [TrackedItem]
    /// Index of its sync group.
    var group: Int?
    var state = RouterState.initialize
    var since: Instant?
    /// With weights added.
    var priority: UInt8
    var counters = RouterCounters()
    /// What keeps it in FAULT, its group's other members not counted.
    var down: [TrackTarget] = []
    /// Where its advertisements come from.
    var source: IPAddress?
    /// Its NIC's addresses; what comes from one of them was looped back.
    var ownAddresses: [IPAddress] = []
    /// Whether sending is worth a try.
    var isConnected = false
    /// Whether it was told that there is no ``source``.
    var lacksSource = false
    /// What the weights asked for when that was told to be out of range.
    var clamped: Int?

    // Backup
    var master: Master?
    /// Version 3's backups take the master's interval over (RFC 5798 section 6.4.2).
    var masterInterval: Duration
    var wait = Wait.masterDown
    var waitingSince = Instant(nanoseconds: 0)
    /// Why it becomes master when the time is up.
    var takeover = Cause.masterSilent
    /// Until when it lets a lower master be; nil while no lower master is heard.
    var preemptsAt: Instant?
    /// It has resigned and does not come back before.
    var heldUntil: Instant?
    /// Its time is up, but not that of all members of its group.
    var wantsMaster = false

    // Master
    var nextAdvertisement = Instant(nanoseconds: 0)
    var announcements = AnnouncementSchedule()
    var rivals = Rivals()

    // What would be made anew for every advertisement.
    private(set) var advertisedAddresses: [IPAddress]
    private(set) var destinations: [IPAddress]

    init(_ settings: RouterSettings, groupItems: [TrackedItem]) {
        self.settings = settings
        items = settings.tracked + groupItems
        priority = settings.priority
        masterInterval = settings.advertisementInterval
        advertisedAddresses = settings.addresses.map { $0.address }
        destinations = settings.unicastPeers.isEmpty ? [settings.group] : settings.unicastPeers
    }

    /// Goes by other settings from now on.
    mutating func replaceSettings(_ settings: RouterSettings, groupItems: [TrackedItem]) {
        self.settings = settings
        items = settings.tracked + groupItems
        advertisedAddresses = settings.addresses.map { $0.address }
        destinations = settings.unicastPeers.isEmpty ? [settings.group] : settings.unicastPeers
    }

    var isOwner: Bool { settings.priority == 255 }

    /// `nopreempt` counts neither with `state MASTER` nor for an owner, as in keepalived.
    var preempts: Bool { settings.preempt || settings.startsAsMaster || isOwner }

    var preemptDelay: Duration { settings.startsAsMaster ? .zero : settings.preemptDelay }

    /// When a backup's time is up.
    var takeoverTime: Instant {
        let version = settings.version
        let waited: Duration =
            switch wait {
            case .masterDown: version.masterDownInterval(priority: priority, masterInterval: masterInterval)
            case .resigned: version.skewTime(priority: priority, masterInterval: masterInterval)
            case .beginning: masterInterval + version.skewTime(priority: 255, masterInterval: masterInterval)
            }
        let moment = waitingSince.advanced(by: waited)
        return heldUntil.map { max($0, moment) } ?? moment
    }

    /// When ``fire(at:into:)`` is wanted.
    var deadline: Instant? {
        switch state {
        case .initialize, .fault: return nil
        case .backup: return takeoverTime
        case .master:
            var first = nextAdvertisement
            if let other = announcements.deadline { first = min(first, other) }
            if let other = rivals.deadline { first = min(first, other) }
            return first
        }
    }

    /// Does what is due; returns whether a backup's time is up.
    mutating func fire(at now: Instant, into output: inout Output) -> Bool {
        switch state {
        case .initialize, .fault: return false
        case .backup: return takeoverTime <= now
        case .master:
            for peer in rivals.silent(at: now) { tellHealed(peer, into: &output) }
            if nextAdvertisement <= now { advertise(at: now, into: &output) }
            let count = announcements.due(settings.announcements, at: now)
            if count > 0 { output.append(.announce(settings.movingAddresses, count: count)) }
            return false
        }
    }

    /// Sends an advertisement, and the next one an interval later.
    mutating func advertise(at now: Instant, into output: inout Output) {
        nextAdvertisement = now.advanced(by: settings.advertisementInterval)
        send(priority: priority, into: &output)
    }

    /// Sends priority 0, so that the others need not wait for the master down interval.
    mutating func sendResignation(into output: inout Output) {
        if send(priority: 0, into: &output) { counters.priorityZeroSent += 1 }
    }

    @discardableResult private mutating func send(priority: UInt8, into output: inout Output) -> Bool {
        guard let source, isConnected else { return false }
        counters.advertisementsSent += 1
        let advertisement = Advertisement(
            version: settings.version, virtualRouterID: settings.virtualRouterID, priority: priority,
            interval: settings.advertisementInterval, addresses: advertisedAddresses,
            authentication: settings.version == .v2 ? settings.authentication : .none)
        output.append(
            .send(
                Transmission(
                    router: settings.name, interface: settings.interface, source: source, destinations: destinations,
                    advertisement: advertisement, checksum: settings.checksum)))
        return true
    }

    /// Tells that a rival has given up.
    func tellHealed(_ peer: IPAddress, into output: inout Output) {
        output.append(.notice(.splitBrainHealed(router: settings.name, peer: peer)))
    }

    /// What is to be known of it.
    ///
    /// - Parameter groupDown: what keeps its group in FAULT.
    func status(groupDown: [TrackTarget]) -> RouterStatus {
        let isMaster = state == .master
        return RouterStatus(
            name: settings.name, state: state, priority: priority, since: since,
            master: isMaster ? source : master?.address, masterPriority: isMaster ? priority : master?.priority,
            rivals: rivals.addresses, down: state == .fault && down.isEmpty ? groupDown : down, counters: counters)
    }
}
