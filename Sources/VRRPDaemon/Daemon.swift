import CLinux
import Glibc
import VRRP

/// Glues the ``Election`` to the host: what happens becomes an event, what the election asks for is done.
///
/// What is asked for within one turn of the loop is gathered and done before the next wait: first addresses, then
/// advertisements, then announcements, each with as few system calls as it takes.
final class Daemon {
    let loop: EventLoop
    let log: Log
    private(set) var election: Election
    private(set) var configuration: KeepalivedConfiguration

    private let requests: NetlinkSocket
    private let monitor: NetlinkSocket
    private let announcer: Announcer
    private let incoming = IncomingMessages()
    private var interfaces = Interfaces()
    private var held = HeldAddresses()
    private var sockets: [SocketKey: Listener] = [:]
    private var timer: EventLoop.Token?
    private var timerDue: Instant?

    /// All addresses that move, whoever has them.
    private var virtual: Set<IPAddress> = []
    /// The NICs that matter.
    private var watched: Set<String> = []
    /// What was told of each last.
    private var told: [String: InterfaceState] = [:]

    private var pending = NetlinkRequests()
    private var announcements: [(address: VirtualAddress, count: Int)] = []
    private var refusals: Set<String> = []

    struct SocketKey: Hashable {
        var interface: String
        var family: AddressFamily
    }

    private struct Listener {
        var socket: VRRPSocket
        var token: EventLoop.Token
    }

    init(_ configuration: KeepalivedConfiguration, loop: EventLoop, log: Log) throws(SystemError) {
        self.configuration = configuration
        self.loop = loop
        self.log = log
        election = Election(configuration.electionSettings)
        requests = try NetlinkSocket()
        monitor = try NetlinkSocket(groups: UInt32(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR))
        try monitor.ignoreChanges(by: requests.port)
        announcer = try Announcer()
    }

    /// Looks at the host and begins.
    func start() throws(SystemError) {
        adoptSettings()
        try survey()
        removeStaleAddresses()
        openSockets()
        loop.watch(monitor.descriptor) { [unowned self] _ in readMonitor() }
        loop.watch(requests.descriptor) { [unowned self] _ in readRefusals() }
        loop.beforeWait = { [unowned self] in finishTurn() }
        refresh()
        handle(.start)
    }

    /// Ends: resigns, takes all addresses away.
    func stop() {
        handle(.shutdown)
        finishTurn()
        loop.stop()
    }

    // MARK: Events

    func handle(_ event: Event) {
        for effect in election.handle(event, at: loop.now) { perform(effect) }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .send(let transmission): send(transmission)
        case .addAddresses(let addresses): for address in addresses { add(address) }
        case .removeAddresses(let addresses): for address in addresses { remove(address) }
        case .announce(let addresses, let count):
            announcements.append(contentsOf: addresses.map { ($0, count) })
        case .routerChanged(let name, let transition):
            log(.notice, "\(name): \(transition.text)")
        case .groupChanged(let name, let transition):
            log(.notice, "group \(name): \(transition.text)")
        case .notice(let notice): log(notice.level, notice.text)
        }
    }

    private func send(_ transmission: Transmission) {
        let key = SocketKey(interface: transmission.interface, family: transmission.source.family)
        guard let socket = sockets[key]?.socket else { return }
        for destination in transmission.destinations {
            let octets = transmission.advertisement.encoded(
                from: transmission.source, to: destination, checksum: transmission.checksum)
            socket.send(octets, from: transmission.source, to: destination, sender: transmission.router)
        }
    }

    private func add(_ address: VirtualAddress) {
        held.insert(address)
        guard let index = interfaces.index(address.interface) else { return }
        pending.add(address, to: index, lifetime: HeldAddresses.lifetime, sequence: 0)
    }

    private func remove(_ address: VirtualAddress) {
        held.remove(address)
        guard let index = interfaces.index(address.interface) else { return }
        pending.remove(address.address, prefixLength: address.prefixLength, from: index, sequence: 0)
    }

    // MARK: The end of a turn

    private func finishTurn() {
        writePending()
        for listener in sockets.values {
            listener.socket.flush { [log, unowned self] router, number in
                if refusals.insert(router).inserted {
                    log(.warning, "\(router): an advertisement could not be sent: \(String(cString: strerror(number)))")
                }
            }
        }
        for (address, count) in announcements {
            guard let index = interfaces.index(address.interface) else { continue }
            announcer.announce(
                address.address, interface: index, hardwareAddress: interfaces.hardwareAddress(address.interface),
                count: count)
        }
        announcements.removeAll(keepingCapacity: true)
        announcer.flush()
        armTimer()
    }

    private func writePending() {
        guard !pending.isEmpty else { return }
        do throws(SystemError) { try requests.write(pending) } catch { log(.error, "\(error)") }
        pending.removeAll()
    }

    private func armTimer() {
        guard election.deadline != timerDue else { return }
        timerDue = election.deadline
        if let timer { loop.cancel(timer) }
        timer = timerDue.map { due in
            loop.schedule(at: due) { [unowned self] in
                timer = nil
                timerDue = nil
                handle(.timer)
            }
        }
    }

    private func refresh() {
        pending.append(held.refreshRequests { interfaces.index($0) })
        loop.schedule(after: HeldAddresses.refreshInterval) { [unowned self] in refresh() }
    }

    // MARK: What the kernel says

    private func survey() throws(SystemError) {
        var fresh = Interfaces()
        try NetlinkSocket.dump { message in _ = fresh.apply(message) }
        interfaces = fresh
        for name in watched { tell(name) }
    }

    private func readMonitor() {
        var changed: Set<String> = []
        let isWhole = monitor.read { message in
            if case .address(let address, isGone: true) = message { noteLoss(address) }
            changed.formUnion(interfaces.apply(message))
        }
        if !isWhole {
            do throws(SystemError) { try survey() } catch { log(.error, "\(error)") }
            return
        }
        for name in changed where watched.contains(name) { tell(name) }
    }

    private func noteLoss(_ address: NetlinkMessage.Address) {
        guard virtual.contains(address.address), let name = interfaces.name(address.index),
            let lost = held.addresses.first(where: {
                $0.address == address.address && $0.prefixLength == address.prefixLength && $0.interface == name
            })
        else { return }
        handle(.addressLost(lost))
    }

    private func readRefusals() {
        _ = requests.read { message in
            guard case .refusal(let number, _) = message, number != 0, number != EADDRNOTAVAIL else { return }
            log(.warning, "the kernel refused a change of addresses: \(String(cString: strerror(number)))")
        }
    }

    /// Tells the election of a NIC, where anything is different.
    private func tell(_ name: String) {
        let state = interfaces.state(name, without: virtual)
        guard told[name] != state else { return }
        told[name] = state
        openSockets()
        handle(.interface(name, state))
    }

    // MARK: Settings

    private func adoptSettings() {
        let routers = election.settings.routers
        virtual = Set(routers.flatMap { $0.movingAddresses.map(\.address) })
        watched = []
        for router in routers {
            watched.insert(router.interface)
            for address in router.movingAddresses { watched.insert(address.interface) }
            for item in router.tracked { if case .interface(let name) = item.target { watched.insert(name) } }
        }
        for group in election.settings.groups {
            for item in group.tracked { if case .interface(let name) = item.target { watched.insert(name) } }
        }
    }

    /// An earlier daemon may have left them.
    private func removeStaleAddresses() {
        for name in watched {
            guard let index = interfaces.index(name) else { continue }
            for address in interfaces.addresses(name) where virtual.contains(address.address) {
                let kind = address.isPermanent ? "for good, not by this daemon" : "by an earlier run"
                log(.warning, "\(address.address)/\(address.prefixLength) was put on \(name) \(kind): it is removed")
                pending.remove(address.address, prefixLength: address.prefixLength, from: index, sequence: 0)
            }
        }
        writePending()
    }

    /// One socket for each NIC and family that has routers and is there.
    private func openSockets() {
        var wanted: [SocketKey: [RouterSettings]] = [:]
        for router in election.settings.routers {
            wanted[SocketKey(interface: router.interface, family: router.family), default: []].append(router)
        }
        for (key, listener) in sockets
        where wanted[key] == nil || interfaces.index(key.interface) != listener.socket.index {
            loop.cancel(listener.token)
            sockets[key] = nil
        }
        for (key, routers) in wanted {
            guard let index = interfaces.index(key.interface) else { continue }
            do throws(SystemError) {
                let ids = Set(routers.map(\.virtualRouterID))
                if let open = sockets[key]?.socket {
                    try open.accept(virtualRouterIDs: ids)
                    continue
                }
                let socket = try VRRPSocket(
                    interface: key.interface, index: index, family: key.family, groups: [key.family.multicastGroup])
                try socket.accept(virtualRouterIDs: ids)
                let token = loop.watch(socket.descriptor) { [unowned self] _ in
                    socket.receive(with: incoming) { handle($0) }
                }
                sockets[key] = Listener(socket: socket, token: token)
            } catch { log(.error, "\(error)") }
        }
    }
}
