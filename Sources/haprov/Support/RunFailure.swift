import Provisioning

/// A run that was begun and did not come to its end.
struct RunFailure: Error {
    var run: String
    var cause: any Error

    /// Does the work of a run; while it lasts, the first Ctrl-C only asks for its end.
    ///
    /// - Throws: a ``RunFailure`` for whatever goes wrong.
    static func naming<Value>(
        _ run: RunIdentity, _ interrupt: Interrupt, _ work: () async throws -> Value
    ) async throws(RunFailure) -> Value {
        interrupt.setCritical(true)
        defer { interrupt.setCritical(false) }
        do { return try await work() } catch { throw RunFailure(run: run.id, cause: error) }
    }
}
