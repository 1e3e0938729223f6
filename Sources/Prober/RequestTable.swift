import CLinux
import Glibc

/// The open requests: sends, receives, expires. One thread's own; nothing is allocated per request once it runs.
final class RequestTable {
    private struct Slot {
        var descriptor: Int32 = -1
        /// Tells a slot's earlier requests from its present one in ``queue``.
        var generation: UInt32 = 0
        var connected = false
        /// When the request was due; microseconds from the start.
        var start = 0
        var reader = AnswerReader()
    }

    private let configuration: ProbeConfiguration
    private let request: [UInt8]
    private var address: sockaddr_in
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

    init(_ configuration: ProbeConfiguration, address: sockaddr_in) throws(ProbeError) {
        self.configuration = configuration
        self.address = address
        request = configuration.request
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
        for slot in slots where slot.descriptor >= 0 { Glibc.close(slot.descriptor) }
        Glibc.close(epoll)
        buffer.deallocate()
    }

    var inFlight: Int { slots.count - free.count }

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
        slots[index].connected = false
        slots[index].reader.reset()
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        slots[index].descriptor = descriptor
        if descriptor < 0 { return finish(index, .unsent, at: now) }
        // Closing resets the connection: no TIME_WAIT here that would use up the ports within half a minute.
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0, errno != EINPROGRESS { return finish(index, ProbeOutcome(errno: errno), at: now) }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        event.data.u64 = UInt64(slots[index].generation) << 32 | UInt64(index)
        if epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0 { return finish(index, .unsent, at: now) }
        enqueue(index, deadline: now + configuration.timeout)
    }

    /// Something happened to the request that `token` stands for.
    func handle(token: UInt64, events: UInt32, now: Int) {
        let index = Int(token & 0xFFFF_FFFF)
        guard slots[index].descriptor >= 0, slots[index].generation == UInt32(token >> 32) else { return }
        if !slots[index].connected {
            guard connected(index, events: events, now: now) else { return }
        }
        if events & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue | EPOLLRDHUP.rawValue) != 0 {
            receive(index, now: now)
        }
    }

    /// Gives up the requests whose time is over.
    func expire(now: Int) {
        while queueCount > 0 {
            let first = queue[queueHead]
            let live = slots[first.slot].descriptor >= 0 && slots[first.slot].generation == first.generation
            if live, first.deadline > now { return }
            queueHead = (queueHead + 1) % queue.count
            queueCount -= 1
            if live { finish(first.slot, .timedOut, at: now) }
        }
    }

    func update(elapsed: Int) { statistics.update(elapsed: elapsed, inFlight: inFlight) }

    /// Whether the request goes on after its connect has ended.
    private func connected(_ index: Int, events: UInt32, now: Int) -> Bool {
        let descriptor = slots[index].descriptor
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        if error != 0 {
            finish(index, ProbeOutcome(errno: error), at: now)
            return false
        }
        guard events & EPOLLOUT.rawValue != 0 else { return false }
        slots[index].connected = true
        if configuration.kind == .tcp {
            finish(index, .good, at: now)
            return false
        }
        // A new connection's send buffer takes a request of this size whole.
        if send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) != request.count {
            finish(index, ProbeOutcome(errno: errno), at: now)
            return false
        }
        return true
    }

    private func receive(_ index: Int, now: Int) {
        while true {
            let count = recv(slots[index].descriptor, buffer.baseAddress, buffer.count, 0)
            if count < 0 {
                if errno == EINTR { continue }
                if errno != EAGAIN { finish(index, ProbeOutcome(errno: errno), at: now) }
                return
            }
            let progress =
                count == 0
                ? slots[index].reader.end()
                : slots[index].reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            switch progress {
            case .incomplete: continue
            case .complete:
                let isGood = (200...399).contains(slots[index].reader.status)
                return finish(index, isGood ? .good : .badStatus, at: now)
            case .malformed:
                return finish(index, .malformed, at: now)
            }
        }
    }

    private func finish(_ index: Int, _ outcome: ProbeOutcome, at now: Int) {
        if slots[index].descriptor >= 0 { Glibc.close(slots[index].descriptor) }
        slots[index].descriptor = -1
        free.append(index)
        statistics.finish(outcome, at: now, label: slots[index].reader.label)
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
            .filter { slots[$0.slot].descriptor >= 0 && slots[$0.slot].generation == $0.generation }
        queueHead = 0
        queueCount = entries.count
        for (position, entry) in entries.enumerated() { queue[position] = entry }
    }
}
