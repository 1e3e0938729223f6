/// The one form in which errors reach a user: where, at what, what was expected and found, and what to do next.
package struct Failure: Error, Sendable, Equatable {
    /// Decides the exit code.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// The inventory, the playbooks or the assets are at fault; no host was touched.
        case input
        /// A host could not be reached or would not let us in.
        case unreachable
        /// A host is not fit for what is asked.
        case preflight
        /// A change failed.
        case change
        /// Something is not as it should be after all changes were made.
        case verification
        /// Somebody else is at work on the hosts.
        case locked
        /// The user said no, or pressed Ctrl-C.
        case cancelled
    }

    package var kind: Kind
    /// The host, where it is about one.
    package var host: String?
    /// What was being done, such as `package gcc`.
    package var step: String
    /// What was expected and what was found.
    package var summary: String
    /// What to do next.
    package var remedy: String
    /// The last words of whoever said no: a command's own output, shortened.
    package var cause: String?
    /// Which process holds the lock that stood in the way.
    package var lockHolder: String?

    package init(
        _ kind: Kind, host: String? = nil, step: String, summary: String, remedy: String, cause: String? = nil
    ) {
        self.kind = kind
        self.host = host
        self.step = step
        self.summary = summary
        self.remedy = remedy
        self.cause = cause
    }
}
