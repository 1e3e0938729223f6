import CLinux
import Glibc
import ProbeHistory

/// The open requests: sends, receives, expires. One thread's own; nothing is allocated per request once it runs, but for TLS.
final class RequestTable {
    private enum Phase { case connecting, shakingHands, sending, receiving }

    private struct Slot {
        var channel = Channel()
        /// Tells a slot's earlier requests from its present one in ``queue``.
        var generation: UInt32 = 0
        var phase = Phase.connecting
        /// When the request was due; microseconds from the start.
        var start = 0
        var reader = AnswerReader()
    }

    private let configuration: ProbeConfiguration
    private let request: [UInt8]
    private var address: SocketAddress
    /// Nil where requests are not encrypted.
    private let client: TLSClient?
    let epoll: Int32
    private var slots: [Slot]
    private var free: [Int]
    /// Requests in the order in which they time out, ended ones among them until ``dropEnded()``; a ring.
    private var queue: [(slot: Int, generation: UInt32, deadline: Int)]
    private var queueHead = 0
    private var queueCount = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16384, alignment: 16)
    private(set) var statistics = ProbeStatistics()
    private(set) var records: [ProbeRecord] = []
    private(set) var history = RequestHistory()

    init(_ configuration: ProbeConfiguration, address: SocketAddress) throws(ProbeError) {
        self.configuration = configuration
        self.address = address
        request = configuration.request
        client = try configuration.tls.map { question throws(ProbeError) in try TLSClient(question) }
        let limit = FileDescriptors.makeRoom(for: configuration.maximumInFlight)
        let room = min(configuration.maximumInFlight, max(1, limit - FileDescriptors.reserve))
        slots = Array(repeating: Slot(), count: room)
        free = Array((0..<room).reversed())
        queue = Array(repeating: (0, 0, 0), count: room * 4)
        if configuration.keepsRecords {
            records.reserveCapacity(min(configuration.maximumSeconds * 1_000_000 / configuration.interval, 1 << 17))
        }
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        if epoll < 0 { throw ProbeError(errno: errno, doing: "creating an epoll descriptor") }
    }

    deinit {
        for index in slots.indices { slots[index].channel.close() }
        Glibc.close(epoll)
        buffer.deallocate()
    }

    var inFlight: Int { slots.count - free.count }

    /// Requests whose connection was accepted and that wait for their answer: those that cost the service something.
    private(set) var waiting = 0

    func mark(_ name: String) { statistics.mark(name) }

    func suppress(_ count: Int) { statistics.suppress(count) }

    /// Sends the request that was due at `start`; `now` is when it is really sent.
    func launch(dueAt start: Int, now: Int) {
        guard let index = free.popLast() else {
            statistics.suppress(1)
            return
        }
        slots[index].generation &+= 1
        slots[index].start = start
        slots[index].phase = .connecting
        slots[index].reader.reset()
        if let outcome = slots[index].channel.open(to: &address, by: client) {
            return finish(index, outcome, at: now)
        }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        event.data.u64 = UInt64(slots[index].generation) << 32 | UInt64(index)
        if epoll_ctl(epoll, EPOLL_CTL_ADD, slots[index].channel.descriptor, &event) != 0 {
            return finish(index, .unsent, at: now)
        }
        enqueue(index, deadline: now + configuration.timeout)
    }

    /// Something happened to the request that `token` stands for.
    func handle(token: UInt64, events: UInt32, now: Int) {
        let index = Int(token & 0xFFFF_FFFF)
        guard slots[index].channel.isOpen, slots[index].generation == UInt32(token >> 32) else { return }
        if slots[index].phase == .connecting { connected(index, events: events, now: now) }
        if slots[index].phase == .shakingHands, slots[index].channel.isOpen { shakeHands(index, now: now) }
        if slots[index].phase == .sending, slots[index].channel.isOpen { send(index, now: now) }
        guard slots[index].phase == .receiving, slots[index].channel.isOpen else { return }
        if events & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue | EPOLLRDHUP.rawValue) != 0 {
            receive(index, now: now)
        }
    }

    /// Gives up the requests whose time is over.
    func expire(now: Int) {
        while queueCount > 0 {
            let first = queue[queueHead]
            let live = slots[first.slot].channel.isOpen && slots[first.slot].generation == first.generation
            if live, first.deadline > now { return }
            queueHead = (queueHead + 1) % queue.count
            queueCount -= 1
            if live { finish(first.slot, .timedOut, at: now) }
        }
    }

    func update(elapsed: Int) { statistics.update(elapsed: elapsed, inFlight: inFlight) }

    private func connected(_ index: Int, events: UInt32, now: Int) {
        if let outcome = slots[index].channel.connectFault() { return finish(index, outcome, at: now) }
        guard events & EPOLLOUT.rawValue != 0 else { return }
        if configuration.kind == .tcp { return finish(index, .good, at: now) }
        slots[index].phase = .shakingHands
        waiting += 1
    }

    private func shakeHands(_ index: Int, now: Int) {
        switch slots[index].channel.shakeHands() {
        case .moved: slots[index].phase = .sending
        case .notYet: break
        case .ended: finish(index, .reset, at: now)
        case .failed(let outcome): finish(index, outcome, at: now)
        }
    }

    private func send(_ index: Int, now: Int) {
        switch request.withUnsafeBytes({ slots[index].channel.send($0) }) {
        // A new connection's send buffer takes a request of this size whole.
        case .moved(request.count): slots[index].phase = .receiving
        case .moved: finish(index, .unsent, at: now)
        case .notYet: break
        case .ended: finish(index, .reset, at: now)
        case .failed(let outcome): finish(index, outcome, at: now)
        }
    }

    private func receive(_ index: Int, now: Int) {
        while true {
            let progress: AnswerReader.Progress
            switch slots[index].channel.receive(into: buffer) {
            case .notYet: return
            case .failed(let outcome): return finish(index, outcome, at: now)
            case .ended: progress = slots[index].reader.end()
            case .moved(let count):
                progress = slots[index].reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            switch progress {
            case .incomplete: continue
            case .complete:
                let isGood = configuration.expected.contains(Int(slots[index].reader.status))
                return finish(index, isGood ? .good : .badStatus, at: now)
            case .malformed:
                return finish(index, .malformed, at: now)
            }
        }
    }

    private func finish(_ index: Int, _ outcome: ProbeOutcome, at now: Int) {
        slots[index].channel.close()
        if slots[index].phase != .connecting { waiting -= 1 }
        free.append(index)
        statistics.finish(outcome, at: now, label: slots[index].reader.label)
        history.count(good: outcome == .good, in: slots[index].start / ProbeSummary.width)
        guard configuration.keepsRecords else { return }
        records.append(
            ProbeRecord(
                start: UInt32(clamping: slots[index].start), duration: UInt32(clamping: now - slots[index].start),
                status: slots[index].reader.status, outcome: outcome))
    }

    private func enqueue(_ index: Int, deadline: Int) {
        if queueCount == queue.count { dropEnded() }
        queue[(queueHead + queueCount) % queue.count] = (index, slots[index].generation, deadline)
        queueCount += 1
    }

    /// Takes ended requests out of the queue; at most as many as there are slots remain.
    private func dropEnded() {
        let entries = (0..<queueCount).map { queue[(queueHead + $0) % queue.count] }
            .filter { slots[$0.slot].channel.isOpen && slots[$0.slot].generation == $0.generation }
        queueHead = 0
        queueCount = entries.count
        for (position, entry) in entries.enumerated() { queue[position] = entry }
    }
}
