import CSSH2
import Glibc

/// One libssh2 session over one socket. Belongs to one thread at a time.
///
/// Every call is made without blocking and repeated with the same arguments while libssh2 asks for it.
final class Session {
    /// What libssh2's callbacks reach.
    final class Context {
        var greeting = ServerGreeting()
        /// Signs during public-key authentication.
        var sign: ((_ data: [UInt8]) throws(SSHError) -> [UInt8])?
        /// Why the last signature could not be made.
        var signError: SSHError?
        /// Whether the server was sent a signature, which it asks for once it would take a key.
        var hasSigned = false
        /// Answers the questions of keyboard-interactive authentication.
        var answer: ((Challenge) -> [String])?
        /// The server's words when it hung up.
        var disconnectReason: String?
        /// Why the socket failed: an error number, or 0 where the host closed it.
        var socketError: Int32?
        /// Bytes that were taken off the socket.
        var received: UInt64 = 0
        /// How often something was sent after something had been received.
        var replies = 0
        fileprivate var isSpokenTo = false
    }

    let handle: OpaquePointer
    let context = Context()
    /// Sessions in RFC 4254's sense.
    var channelsOpened = 0
    private let socket: TCPSocket

    /// The socket.
    var descriptor: Int32 { socket.descriptor }

    /// libssh2's own start is not thread-safe, and a global is made once.
    private static let started = libssh2_init(0) == 0

    init(_ socket: TCPSocket) throws(SSHError) {
        guard Self.started,
            let handle = libssh2_session_init_ex(nil, nil, nil, Unmanaged.passUnretained(context).toOpaque())
        else { throw .noDescriptors(ENOMEM) }
        self.handle = handle
        self.socket = socket
        libssh2_session_set_blocking(handle, 0)
        typealias Callback = @convention(c) () -> Void
        haprov_set_callback(handle, LIBSSH2_CALLBACK_RECV, unsafeBitCast(Self.receive, to: Callback.self))
        haprov_set_callback(handle, LIBSSH2_CALLBACK_SEND, unsafeBitCast(Self.transmit, to: Callback.self))
        haprov_set_callback(
            handle, LIBSSH2_CALLBACK_DISCONNECT, unsafeBitCast(Self.disconnectCallback, to: Callback.self))
    }

    deinit {
        socket.shutDown()
        // On a socket that is shut down nothing waits, so this ends; the bound is for a library that disagrees.
        for _ in 0..<1000 where libssh2_session_free(handle) != LIBSSH2_ERROR_EAGAIN { break }
    }

    /// Says goodbye, without waiting for the message to leave.
    func disconnect() {
        _ = libssh2_session_disconnect_ex(handle, SSH_DISCONNECT_BY_APPLICATION, "done", "")
        socket.shutDown()
    }

    /// Repeats a call while it returns `LIBSSH2_ERROR_EAGAIN`, and returns its last answer.
    func complete(_ watch: Watch, _ call: () -> Int) throws(SSHError) -> Int {
        while true {
            let result = call()
            if result != Int(LIBSSH2_ERROR_EAGAIN) { return result }
            try wait(watch)
        }
    }

    /// Repeats a call that returns a pointer while it would block; nil where it failed.
    func completePointer<P>(_ watch: Watch, _ call: () -> P?) throws(SSHError) -> P? {
        while true {
            if let result = call() { return result }
            if libssh2_session_last_errno(handle) != LIBSSH2_ERROR_EAGAIN { return nil }
            try wait(watch)
        }
    }

    /// Waits until the call that would have blocked can go on.
    ///
    /// Only for a call that has just looked at everything it waits for: any call of libssh2 takes packets of all kinds
    /// off the socket, and on one that lies in libssh2's queue the socket keeps nobody waiting, or everybody for ever.
    func wait(_ watch: Watch, atMost: Double? = nil) throws(SSHError) {
        let directions = libssh2_session_block_directions(handle)
        var events: Int32 = 0
        if directions & LIBSSH2_SESSION_BLOCK_INBOUND != 0 || directions == 0 { events |= POLLIN }
        if directions & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0 { events |= POLLOUT }
        try watch.wait(socket.descriptor, events, atMost: atMost)
    }

    /// Waits until the rest of a packet can be sent.
    func waitToSend(_ watch: Watch) throws(SSHError) { try watch.wait(socket.descriptor, POLLOUT, atMost: 1) }

    /// Whether part of a packet waits to be sent: nothing but the same call may follow.
    var mustSend: Bool {
        libssh2_session_block_directions(handle) & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0
    }

    /// libssh2's words for the last error.
    var lastError: String {
        var text: UnsafeMutablePointer<CChar>?
        let code = libssh2_session_last_error(handle, &text, nil, 0)
        guard let text, text.pointee != 0 else { return "libssh2 error \(code)" }
        return "\(String(cString: text)) (libssh2 error \(code))"
    }

    /// Whether the host has hung up; libssh2 does not always say so.
    var isLost: Bool { context.socketError != nil || context.disconnectReason != nil }

    /// How the link was lost, in the words of whoever knows most.
    var lossReason: String {
        if let said = context.disconnectReason { return "the host said \"\(said)\"" }
        switch context.socketError {
        case nil: return lastError
        case 0?, EPIPE?: return "the host closed it"
        case let number?: return SSHError.reason(number)
        }
    }

    /// Sends something that asks for no answer; see `SSHDeadlines.keepAlive`.
    func sendKeepAlive() {
        var next: Int32 = 0
        // The caller keeps the time; two seconds are the least that libssh2 takes.
        libssh2_keepalive_config(handle, 0, 2)
        libssh2_keepalive_send(handle, &next)
    }

    static func isLoss(_ code: Int) -> Bool {
        switch Int32(truncatingIfNeeded: code) {
        case LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_SEND, LIBSSH2_ERROR_SOCKET_RECV,
            LIBSSH2_ERROR_SOCKET_NONE, LIBSSH2_ERROR_BAD_SOCKET, LIBSSH2_ERROR_SOCKET_TIMEOUT:
            true
        default: false
        }
    }

    private typealias Receive =
        @convention(c) (
            Int32, UnsafeMutableRawPointer?, Int, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Int
    private typealias Send =
        @convention(c) (Int32, UnsafeRawPointer?, Int, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Int

    /// Reads for libssh2, and keeps what the server says first.
    private static let receive: Receive = { descriptor, buffer, length, flags, abstract in
        let count = recv(descriptor, buffer, length, flags)
        if count <= 0 { return failed(count, errno, abstract) }
        if let pointer = abstract?.pointee {
            let context = Unmanaged<Context>.fromOpaque(pointer).takeUnretainedValue()
            context.received &+= UInt64(count)
            context.isSpokenTo = true
            context.greeting.append(UnsafeRawBufferPointer(start: buffer, count: count))
        }
        return count
    }

    private static let transmit: Send = { descriptor, buffer, length, flags, abstract in
        let count = send(descriptor, buffer, length, flags)
        if count > 0, let pointer = abstract?.pointee {
            let context = Unmanaged<Context>.fromOpaque(pointer).takeUnretainedValue()
            if context.isSpokenTo { context.replies += 1 }
            context.isSpokenTo = false
        }
        return count < 0 ? failed(count, errno, abstract) : count
    }

    /// Keeps why the socket failed, and says it as libssh2 wants to hear it.
    private static func failed(
        _ count: Int, _ number: Int32, _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Int {
        guard count == 0 || number != EAGAIN else { return -Int(EAGAIN) }
        if let pointer = abstract?.pointee {
            let context = Unmanaged<Context>.fromOpaque(pointer).takeUnretainedValue()
            context.socketError = count == 0 ? 0 : number
        }
        return count == 0 ? 0 : -Int(number)
    }
}
