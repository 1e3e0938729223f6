import Glibc

/// A connection to one host over libssh2, on a thread of its own.
///
/// One script runs at a time; others wait. After a timeout, a cancellation or a lost link the connection is closed. A
/// script that was running then goes on without input until it notices, for example by a closed pipe.
package actor SSHConnection: HostConnection {
    /// Where it leads.
    package nonisolated let endpoint: SSHEndpoint
    private nonisolated let thread: SessionThread
    private nonisolated let waker: Waker
    private var session: Session? {
        didSet {
            thread.whenIdle(every: keepAlive, session.map { session in { session.sendKeepAlive() } })
        }
    }
    private var keepAlive: Double = 10
    private var begin: Double = 60
    private var access = RootAccess()
    /// The way to root that this host has let us take, or the first to try.
    private var way: RootWay?

    /// The connection's own thread.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Kept for as long as this connection goes through it.
    private let bastion: Bastion?

    private init(_ endpoint: SSHEndpoint, through bastion: Bastion?) throws(SSHError) {
        self.endpoint = endpoint
        self.bastion = bastion
        waker = try Waker()
        thread = SessionThread()
        guard thread.start() else { throw .noDescriptors(EAGAIN) }
    }

    deinit { thread.finish() }

    /// Connects, checks the host's key and logs in.
    ///
    /// - Parameter bastion: where the connection comes from, if not from here.
    /// - Throws: an error whose stage says how far it came. Cancelling the task ends it at once.
    package static func open(
        _ endpoint: SSHEndpoint, credentials: SSHCredentials, deadlines: SSHDeadlines = SSHDeadlines(),
        through bastion: Bastion? = nil
    ) async throws(SSHError) -> SSHConnection {
        let connection = try SSHConnection(endpoint, through: bastion)
        try await Cancellation.watching(connection.waker) { await connection.connect(credentials, deadlines, $0) }
        return connection
    }

    /// Runs a script on one channel of its own; see ``HostConnection/run(_:deadline:output:)``.
    ///
    /// - Throws: `.sudoRefused`, `.shellRefused` and `.localFile` before anything was sent leave the connection usable;
    ///   after any other error it is closed.
    package func run(
        _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void = { _ in }
    ) async throws(SSHError) -> RemoteResult {
        try await Cancellation.watching(waker) { await execute(script, deadline, $0, output) }
    }

    /// Waits for a script that runs, then says goodbye. To end a script, cancel its task.
    package func close() async {
        session?.disconnect()
        session = nil
    }

    private func connect(
        _ credentials: SSHCredentials, _ deadlines: SSHDeadlines, _ cancellation: Cancellation
    ) async -> Result<Void, SSHError> {
        var proxy: ProxyProcess?
        do throws(SSHError) {
            let check = try HostKeyCheck(endpoint, through: bastion)
            func watch(_ stage: SSHError.Stage, _ total: Double) -> Watch {
                Watch(stage, total: total, waker: waker, cancellation: cancellation)
            }
            let socket = try connectSocket(watch(.tcp, deadlines.tcp))
            proxy = socket.proxy
            let session = try Session(socket)
            try session.handshake(
                descriptor: socket.descriptor, known: check.knownTypes, banner: watch(.banner, deadlines.banner)
            ) {
                watch(.keyExchange, deadlines.keyExchange)
            }
            guard let key = session.hostKey else {
                throw .connectionLost(.keyExchange, "the host showed no key")
            }
            try check.check(key)
            let authentication = Authentication(
                session, host: endpoint.name, user: endpoint.user, credentials: credentials,
                watch: watch(.authentication, deadlines.authentication))
            try authentication.run()
            keepAlive = deadlines.keepAlive
            begin = deadlines.begin
            access = credentials.root
            way = endpoint.user == "root" ? nil : RootWay(access)
            self.session = session
            return .success(())
        } catch {
            return .failure(proxy.map { error.through($0) } ?? error)
        }
    }

    private func connectSocket(_ watch: Watch) throws(SSHError) -> TCPSocket {
        if let command = endpoint.proxyCommand { return try ProxyProcess.connect(by: command) }
        if let bastion { return try bastion.connect(to: endpoint.address, port: endpoint.port, watch: watch) }
        return try TCPSocket.connect(to: endpoint.address, port: endpoint.port, watch: watch)
    }

    /// Lets others speak through this connection, and does nothing else from then on.
    func serve(_ forwarder: Forwarder) {
        guard let session else { return }
        forwarder.run(session)
        session.disconnect()
        self.session = nil
    }

    private func execute(
        _ script: RemoteScript, _ deadline: Deadline, _ cancellation: Cancellation,
        _ output: @escaping @Sendable (OutputChunk) -> Void
    ) async -> Result<RemoteResult, SSHError> {
        guard let session else { return .failure(.closed()) }
        let watch = Watch(
            .command, idle: deadline.idle, total: deadline.total, waker: waker, cancellation: cancellation)
        do throws(SSHError) { try watch.check() } catch { return .failure(error) }
        var hasBegun = false
        do throws(SSHError) {
            return .success(
                try script.run(way: &way, access: access, user: endpoint.user) { (command, input) throws(SSHError) in
                    hasBegun = true
                    return try CommandRun(
                        session, command: command, access: access, endpoint: endpoint, input: input,
                        progress: script.progress, watch: watch, begin: begin, output: output)
                })
        } catch {
            // Whatever went wrong, the state of the stream is unknown; only refusals leave it whole, and what came before.
            if hasBegun, ![.sudoRefused, .shellRefused].contains(error.code) { self.session = nil }
            return .failure(error)
        }
    }
}
