import CLinux

/// Where log lines go.
enum LogSink {
    /// Standard error. Where that is systemd's journal, each line begins with its priority: sd-daemon(3).
    static func standardError() -> (Log.Level, String) -> Void {
        let isJournal = getenv("JOURNAL_STREAM") != nil
        return { level, text in
            let line = Array((isJournal ? "<\(level.rawValue)>\(text)\n" : "\(text)\n").utf8)
            // Whoever reads it may have stopped to: a log must not hold up an election.
            var entry = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, 0) > 0 else { return }
            write(2, line, line.count)
        }
    }

    /// The local syslog, facility daemon: RFC 3164 without time and host, which syslogd fills in. What it does not take at once
    /// is lost: a log must not hold up an election.
    static func syslog() -> (Log.Level, String) -> Void {
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        let name = SocketName.local("/dev/log")
        let facility: Int32 = 3 << 3
        return { level, text in
            let line = Array("<\(facility | level.rawValue)>haprov-vrrpd[\(getpid())]: \(text)".utf8)
            _ = name.withPointer { sendto(descriptor, line, line.count, Int32(MSG_NOSIGNAL), $0, $1) }
        }
    }
}
