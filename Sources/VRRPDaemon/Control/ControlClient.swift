import CLinux

/// The other end of the control socket: asks the running daemon.
enum ControlClient {
    /// For the daemon's answer.
    private static let patience: Int32 = 5000

    /// Asks and prints; gives the exit status: 0, or 1 where no daemon answers or it refuses.
    static func ask(_ question: ControlQuestion, socket path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        guard SocketName.local(path).withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            let why = String(cString: strerror(linux_errno()))
            return fail(
                linux_errno() == EACCES
                    ? "\(path): \(why); ask as root"
                    : "no daemon answers on \(path): \(why); see `systemctl status haprov-vrrpd`")
        }
        let line = Array(question.line.utf8)
        guard send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) == line.count else {
            return fail("the daemon does not read")
        }
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, patience) > 0 else { return fail("the daemon does not answer") }
            let count = recv(descriptor, &part, part.count, 0)
            guard count >= 0 else { return fail("the daemon's answer broke off") }
            if count == 0 { break }
            answer += part.prefix(count)
        }
        let isRefusal = answer.starts(with: Array("error: ".utf8))
        write(isRefusal ? 2 : 1, answer, answer.count)
        return answer.isEmpty ? fail("the daemon said nothing") : isRefusal ? 1 : 0
    }

    private static func fail(_ message: String) -> Int32 {
        let text = Array("haprov-vrrpd: \(message)\n".utf8)
        write(2, text, text.count)
        return 1
    }
}
