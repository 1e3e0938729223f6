import Errors

/// What preflight found at one thing that it looks at: a line of its table.
package struct PreflightFinding: Sendable, Equatable {
    /// What it means for whoever wants to change something.
    package enum Verdict: String, Sendable, CaseIterable {
        /// As it should be.
        case pass
        /// Worth knowing, and nothing to do.
        case note
        /// It stops nothing, and is to be put right.
        case warn
        /// Nothing is begun before it is put right.
        case fail
    }

    /// Nil where it is about the segment, or the cluster as one.
    package var host: String?
    /// The check's name, such as `clock`.
    package var check: String
    package var verdict: Verdict
    package var found: String
    /// What to do; empty where there is nothing, or `found` says it.
    package var remedy: String
    /// A host's own words.
    package var cause: String?

    package init(
        host: String?, check: String, _ verdict: Verdict, _ found: String, remedy: String = "", cause: String? = nil
    ) {
        self.host = host
        self.check = check
        self.verdict = verdict
        self.found = found
        self.remedy = remedy
        self.cause = cause
    }

    /// A failure, as a line of the table.
    package init(_ failure: Failure, check: String) {
        let found = failure.step == check ? failure.summary : "\(failure.step): \(failure.summary)"
        self.init(
            host: failure.host, check: check, .fail, found, remedy: failure.remedy, cause: failure.cause)
    }

    /// Where it is one: what keeps anything from being begun.
    package var failure: Failure? {
        guard verdict == .fail else { return nil }
        return Failure(.preflight, host: host, step: check, summary: found, remedy: remedy, cause: cause)
    }
}

/// Something that should be otherwise and stops nothing.
package struct Advice: Sendable, Equatable {
    package var found: String
    package var remedy: String

    package init(_ found: String, remedy: String = "") {
        self.found = found
        self.remedy = remedy
    }
}
