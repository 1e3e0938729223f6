@testable import SSH

/// The error that must come of some work.
func sshError<T>(_ work: () async throws -> T) async throws -> SSHError {
    do {
        _ = try await work()
    } catch let error as SSHError {
        return error
    }
    throw TestFailure("it succeeded")
}
