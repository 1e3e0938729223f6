import CLinux
import VRRP

/// What systemd is told: sd_notify(3), for units of `Type=notify` with `NotifyAccess=all`. Without systemd nothing happens.
final class SystemdNotifier {
    private let socketPath: String?
    private let loop: EventLoop
    private var beat: EventLoop.Token?

    init(loop: EventLoop) {
        self.loop = loop
        socketPath = getenv("NOTIFY_SOCKET").map { String(cString: $0) }
    }

    /// It works now. Where the unit has a watchdog, it is fed as long as this loop turns.
    func ready(_ status: String) {
        tell("READY=1\nSTATUS=\(status)")
        guard beat == nil, let text = getenv("WATCHDOG_USEC"), let limit = Int64(String(cString: text)), limit > 0
        else {
            return
        }
        feed(every: .microseconds(limit / 2))
    }

    /// It takes another configuration; ``ready(_:)`` follows.
    func reloading() { tell("RELOADING=1") }

    /// It ends.
    func stopping() { tell("STOPPING=1") }

    /// One line for `systemctl status`.
    func status(_ text: String) { tell("STATUS=\(text)") }

    private func feed(every interval: Duration) {
        tell("WATCHDOG=1")
        beat = loop.schedule(after: interval) { [self] in feed(every: interval) }
    }

    private func tell(_ text: String) {
        guard let socketPath else { return }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let octets = Array(text.utf8)
        _ = SocketName.local(socketPath).withPointer {
            sendto(descriptor, octets, octets.count, Int32(MSG_NOSIGNAL), $0, $1)
        }
    }
}
