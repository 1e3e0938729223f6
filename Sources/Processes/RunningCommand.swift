import Errors
import Glibc
import Synchronization

/// A program that was started and not yet waited for.
package final class RunningCommand: Sendable {
    package let pid: pid_t
    private let task: Task<Command.Result, Never>
    private let progress: Progress

    /// Returns once the program runs.
    ///
    /// - Throws: a change failure where it cannot be started.
    init(_ command: Command) async throws(Failure) {
        let execution = try Execution(command)
        let progress = Progress()
        let (beginning, continuation) = AsyncStream.makeStream(of: Result<pid_t, Failure>.self)
        task = Task {
            defer { progress.end() }
            do {
                return try await execution.run { continuation.yield(.success($0)) }
            } catch {
                continuation.yield(.failure(command.failure(toStart: error)))
                return Command.Result(status: 255, bytes: [], errors: "\(error)")
            }
        }
        self.progress = progress
        var pid: pid_t = 0
        for await result in beginning {
            pid = try result.get()
            break
        }
        self.pid = pid
    }

    /// Whether it has ended.
    package var hasEnded: Bool { progress.hasEnded }

    /// Waits for its end.
    package func wait() async -> Command.Result { await task.value }

    /// Ends it at once.
    package func kill() { task.cancel() }

    private final class Progress: Sendable {
        private let ended = Mutex(false)
        func end() { ended.withLock { $0 = true } }
        var hasEnded: Bool { ended.withLock { $0 } }
    }
}
