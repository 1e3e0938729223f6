/// Waits for what somebody else brings about.
enum Waiting {
    /// Looks at a condition every few milliseconds; whether it came true in time.
    ///
    /// What is measured carries its own time stamps, so the interval costs no precision.
    static func until(
        milliseconds limit: Int, _ condition: @Sendable () -> Bool
    ) async throws(CancellationError) -> Bool {
        let end = ContinuousClock.now + .milliseconds(limit)
        while !condition() {
            if ContinuousClock.now >= end { return false }
            do { try await Task.sleep(for: .milliseconds(5)) } catch { throw CancellationError() }
        }
        return true
    }
}
