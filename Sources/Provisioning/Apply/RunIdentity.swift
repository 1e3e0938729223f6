/// Which run this is, and who makes it: the same on all hosts.
package struct RunIdentity: Sendable, Equatable {
    /// UTC and a random part, so that runs sort by time: `20260131T094500Z-3f2a`.
    package var id: String
    /// Such as `apply`.
    package var command: String
    /// `user@machine`.
    package var operatorName: String
    /// ISO 8601, UTC.
    package var started: String

    package init(id: String, command: String, operatorName: String, started: String) {
        self.id = id
        self.command = command
        self.operatorName = operatorName
        self.started = started
    }
}
