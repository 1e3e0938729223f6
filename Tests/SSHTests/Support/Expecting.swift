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

/// Waits for a condition, generously.
func eventually(_ what: String, _ condition: () throws -> Bool) async throws {
    for _ in 0..<3000 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw TestFailure("in vain: \(what)")
}
