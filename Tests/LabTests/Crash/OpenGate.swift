import CLinux
import Foundation
import Testing

/// Holds up every process that opens a file on a host's disk until it has been told of it: what the host does can so be ended
/// exactly there, between two system calls (fanotify(7), permission events).
final class OpenGate: @unchecked Sendable {
    // Unchecked: written before the thread begins, and closed when it has ended.
    private let events: Int32
    private let stopping: Int32
    private let ended = DispatchSemaphore(value: 0)
    private let opened: @Sendable (Opening) -> Void

    /// - Parameters:
    ///   - process: one that has the file system as its root.
    ///   - opened: called in a thread of the gate's own; the process goes on when it returns.
    init(rootOf process: Int, _ opened: @escaping @Sendable (Opening) -> Void) throws {
        self.opened = opened
        events = fanotify_init(UInt32(FAN_CLASS_CONTENT | FAN_CLOEXEC), UInt32(O_RDONLY | O_CLOEXEC | O_NONBLOCK))
        guard events >= 0 else { throw Trouble("fanotify_init: \(String(cString: strerror(errno)))") }
        stopping = eventfd(0, Int32(EFD_CLOEXEC))
        let mark = UInt32(FAN_MARK_ADD) | UInt32(FAN_MARK_FILESYSTEM)
        guard fanotify_mark(events, mark, UInt64(FAN_OPEN_PERM), AT_FDCWD, "/proc/\(process)/root/") == 0 else {
            let reason = String(cString: strerror(errno))
            close(events)
            close(stopping)
            throw Trouble("fanotify_mark: \(reason)")
        }
        Thread.detachNewThread { [self] in
            answer()
            ended.signal()
        }
    }

    /// Lets everybody pass from now on.
    func end() {
        var one: UInt64 = 1
        write(stopping, &one, 8)
        ended.wait()
        close(events)
        close(stopping)
    }

    private func answer() {
        let size = 64 * 1024
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        defer { buffer.deallocate() }
        var waiting = [pollfd(fd: events, events: Int16(POLLIN), revents: 0)]
        waiting.append(pollfd(fd: stopping, events: Int16(POLLIN), revents: 0))
        while true {
            guard poll(&waiting, 2, -1) > 0 else { continue }
            if waiting[1].revents != 0 { return }
            var left = read(events, buffer, size)
            var place = UnsafeRawPointer(buffer)
            while left >= MemoryLayout<fanotify_event_metadata>.size {
                let event = place.load(as: fanotify_event_metadata.self)
                if event.fd >= 0 { answer(event) }
                place += Int(event.event_len)
                left -= Int(event.event_len)
            }
        }
    }

    private func answer(_ event: fanotify_event_metadata) {
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(event.fd)") {
            opened(Opening(path: path, process: event.pid, descriptor: event.fd))
        }
        var response = fanotify_response(fd: event.fd, response: UInt32(FAN_ALLOW))
        write(events, &response, MemoryLayout<fanotify_response>.size)
        close(event.fd)
    }
}

/// A file that is about to be opened.
struct Opening {
    /// As the host sees it.
    var path: String
    var process: pid_t
    fileprivate var descriptor: Int32

    init(path: String, process: pid_t, descriptor: Int32) {
        self.path = path
        self.process = process
        self.descriptor = descriptor
    }

    /// What is in it by now, its first 4 KiB.
    var content: String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
