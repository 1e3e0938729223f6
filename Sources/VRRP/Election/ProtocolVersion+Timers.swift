extension ProtocolVersion {
    /// How much longer than three intervals a backup waits, less the higher its priority: (256 − priority) / 256 of a
    /// second with version 2 (RFC 3768 section 6.1), of the master's interval with version 3 (RFC 5798 section 6.1).
    /// Exact to the nanosecond.
    package func skewTime(priority: UInt8, masterInterval: Duration) -> Duration {
        let whole = self == .v2 ? 1_000_000_000 : masterInterval.wholeNanoseconds
        return .nanoseconds((256 - Int64(priority)) * whole / 256)
    }

    /// After how long without an advertisement a backup takes the master for dead.
    package func masterDownInterval(priority: UInt8, masterInterval: Duration) -> Duration {
        let skew = skewTime(priority: priority, masterInterval: masterInterval)
        return .nanoseconds(3 * masterInterval.wholeNanoseconds + skew.wholeNanoseconds)
    }
}
