import Errors
import Inventory
import SSH

/// The connection to one host in the course of a command: one that is lost is opened again.
package actor Link: HostConnection {
    /// Opens it; nil where it is nobody's here to open.
    private let open: (@Sendable () async throws(SSHError) -> any HostConnection)?
    /// For how long that is tried.
    private let patience: Duration
    private let events: @Sendable (String) -> Void
    private var connection: any HostConnection
    /// How often it was opened.
    private(set) var generation = 1
    private var mending: Task<Result<any HostConnection, SSHError>, Never>?
    /// Why it will not be opened again.
    private var verdict: SSHError?
    /// Between two attempts.
    private static let pause = Duration.seconds(1)

    /// - Parameters:
    ///   - patience: how long a host that was lost is tried to be reached again.
    ///   - events: told, in words, of a loss and of its end.
    init(
        _ connection: any HostConnection, patience: Duration = .zero,
        open: (@Sendable () async throws(SSHError) -> any HostConnection)? = nil,
        events: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.connection = connection
        self.patience = patience
        self.open = open
        self.events = events
    }

    package func run(
        _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void
    ) async throws(SSHError) -> RemoteResult {
        if let verdict { throw verdict }
        return try await connection.run(script, deadline: deadline, output: output)
    }

    package func close() async { await connection.close() }

    /// Opens it again after it was lost, unless somebody has since.
    ///
    /// - Parameters:
    ///   - loss: how it was lost.
    ///   - generation: which one that was.
    /// - Throws: the loss, where it was none or the host could not be reached in time.
    func mend(_ loss: SSHError, of generation: Int) async throws(SSHError) {
        guard loss.isLoss, let open else { throw loss }
        if let verdict { throw verdict }
        guard generation == self.generation else { return }
        let task: Task<Result<any HostConnection, SSHError>, Never>
        if let mending {
            task = mending
        } else {
            let (lost, patience, events) = (connection, patience, events)
            task = Task { await Self.reopen(lost, after: loss, within: patience, open, events) }
            mending = task
        }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        guard generation == self.generation, mending != nil else {
            if let verdict { throw verdict }
            return
        }
        mending = nil
        switch result {
        case .success(let opened):
            connection = opened
            self.generation += 1
        case .failure(let error):
            verdict = error
            throw error
        }
    }

    private static func reopen(
        _ lost: any HostConnection, after loss: SSHError, within patience: Duration,
        _ open: @Sendable () async throws(SSHError) -> any HostConnection, _ events: @Sendable (String) -> Void
    ) async -> Result<any HostConnection, SSHError> {
        await lost.close()
        let end = ContinuousClock.now + patience
        let seconds = Int(patience.components.seconds)
        guard seconds > 0 else { return .failure(loss) }
        // Closed by what came to its end before, such as what somebody has cancelled.
        events(
            loss == .closed()
                ? "its connection is opened again, which is tried for \(seconds) s"
                : "\(loss.message); what was begun there goes on, and it is tried for \(seconds) s to reach the host again"
        )
        while true {
            do throws(SSHError) {
                let opened = try await open()
                events("reached again")
                return .success(opened)
            } catch {
                guard error.mayPass else { return .failure(error) }
                guard ContinuousClock.now < end else {
                    var failure = loss
                    failure.message += "; then it was tried for \(seconds) s to reach the host again: \(error.message)"
                    return .failure(failure)
                }
            }
            do { try await Task.sleep(for: pause) } catch { return .failure(.cancelled(.tcp)) }
        }
    }
}

extension SSHError {
    /// Whether the host may be as it was, and only the way to it is not there.
    fileprivate var isLoss: Bool { code == .connectionLost || (code == .timedOut && stage == .command) }

    /// Whether another attempt to connect may end otherwise.
    fileprivate var mayPass: Bool { [.refused, .unreachable, .timedOut, .connectionLost, .notSSH].contains(code) }
}
