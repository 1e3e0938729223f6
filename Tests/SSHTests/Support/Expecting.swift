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

extension SSHDeadlines {
    /// Long enough for a machine that is busy with many tests.
    static let patient = SSHDeadlines(tcp: 60, banner: 60, keyExchange: 60, authentication: 60)
}

extension Deadline {
    /// Long enough for a machine that is busy with many tests.
    static let patient = Deadline(idle: 60, total: 300)
}
