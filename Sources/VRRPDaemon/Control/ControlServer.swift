import CLinux
import VRRP

/// The control socket: one line with a question, one answer, and the connection is over. Whoever is slow is cut off; nobody
/// can keep the daemon waiting.
final class ControlServer {
    private static let longestQuestion = 512
    private static let mostConnections = 16
    private static let patience: Duration = .seconds(2)

    private final class Connection {
        let descriptor: Int32
        var token: EventLoop.Token?
        var deadline: EventLoop.Token?
        var question: [UInt8] = []
        var answer: [UInt8] = []
        var sent = 0

        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    private let path: String
    private let descriptor: Int32
    private let loop: EventLoop
    private let answering: (ControlQuestion) -> String
    private var token: EventLoop.Token?
    private var connections: [Int32: Connection] = [:]
    /// Of the socket at ``path``, which may be another daemon's one day.
    private var inode: ino_t = 0

    /// Whether somebody listens there: a daemon that lives, be it busy.
    static func isTaken(_ path: String) -> Bool {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return SocketName.local(path).withPointer { connect(descriptor, $0, $1) } == 0 || linux_errno() == EAGAIN
    }

    /// Listens, for root alone. A socket that an earlier daemon left is replaced.
    ///
    /// - Throws: `EADDRINUSE` where another daemon listens there.
    init(
        path: String, loop: EventLoop, answering: @escaping (ControlQuestion) -> String
    ) throws(SystemError) {
        self.path = path
        self.loop = loop
        self.answering = answering
        guard !Self.isTaken(path) else { throw SystemError("listening on \(path)", errno: EADDRINUSE) }
        unlink(path)
        descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("opening the control socket") }
        let old = umask(0o177)
        let descriptor = descriptor
        let bound = SocketName.local(path).withPointer { bind(descriptor, $0, $1) }
        umask(old)
        guard bound == 0, listen(descriptor, 16) == 0 else {
            let error = SystemError("listening on \(path)")
            close(descriptor)
            throw error
        }
        inode = Self.inode(path)
        token = loop.watch(descriptor) { [self] _ in accept() }
    }

    /// Answers nobody any more.
    func stop() {
        for connection in connections.values { end(connection) }
        if let token { loop.cancel(token) }
        close(descriptor)
        if Self.inode(path) == inode { unlink(path) }
    }

    private static func inode(_ path: String) -> ino_t {
        var entry = stat()
        return lstat(path, &entry) == 0 ? entry.st_ino : 0
    }

    private func accept() {
        while true {
            let peer = linux_accept(descriptor)
            guard peer >= 0 else { return }
            let connection = Connection(peer)
            guard connections.count < Self.mostConnections,
                linux_peer_user(peer) == 0 || linux_peer_user(peer) == getuid()
            else { continue }
            connections[peer] = connection
            connection.token = loop.watch(peer) { [self] _ in ready(connection) }
            connection.deadline = loop.schedule(after: Self.patience) { [self] in
                connection.deadline = nil
                end(connection)
            }
        }
    }

    private func ready(_ connection: Connection) {
        if connection.answer.isEmpty { read(connection) } else { write(connection) }
    }

    private func read(_ connection: Connection) {
        var part = [UInt8](repeating: 0, count: Self.longestQuestion)
        let count = recv(connection.descriptor, &part, part.count, 0)
        if count < 0, linux_errno() == EAGAIN { return }
        guard count > 0 else { return end(connection) }
        connection.question += part.prefix(count)
        guard let newline = connection.question.firstIndex(of: 10) else {
            if connection.question.count >= Self.longestQuestion { end(connection) }
            return
        }
        let line = String(decoding: connection.question[..<newline], as: UTF8.self)
        switch ControlQuestion(line) {
        case let question?: connection.answer = Array(answering(question).utf8)
        case nil: connection.answer = Array("error: the daemon does not understand `\(line)`\n".utf8)
        }
        if connection.answer.isEmpty { return end(connection) }
        write(connection)
    }

    private func write(_ connection: Connection) {
        let count = connection.answer.withUnsafeBytes {
            send(
                connection.descriptor, $0.baseAddress?.advanced(by: connection.sent), $0.count - connection.sent,
                Int32(MSG_NOSIGNAL))
        }
        if count < 0, linux_errno() == EAGAIN {
            if let token = connection.token { loop.change(token, to: UInt32(EPOLLOUT.rawValue)) }
            return
        }
        guard count > 0 else { return end(connection) }
        connection.sent += count
        if connection.sent == connection.answer.count { end(connection) }
    }

    private func end(_ connection: Connection) {
        if let token = connection.token { loop.cancel(token) }
        if let deadline = connection.deadline { loop.cancel(deadline) }
        connections[connection.descriptor] = nil
    }
}
