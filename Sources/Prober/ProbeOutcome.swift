import Glibc

/// What became of one request.
package enum ProbeOutcome: UInt8, Sendable, CaseIterable {
    /// A whole answer with an expected status (or an accepted connection, where that is all that is asked).
    case good
    /// Nobody listens on the port.
    case refused
    /// No whole answer in time.
    case timedOut
    /// The connection was cut.
    case reset
    /// The network says that the address cannot be reached, or a firewall rejects it.
    case unreachable
    /// A whole answer with another status.
    case badStatus
    /// Not HTTP, or an answer that ended early.
    case malformed
    /// This machine could not send it: no free port, no file descriptor.
    case unsent
    /// TLS could not be agreed on.
    case handshake
    /// The certificate is of no authority that was named.
    case untrusted
    /// The certificate's time is over, or has not begun.
    case expired
    /// The certificate is for other names.
    case misnamed

    /// The name in the line protocol and in reports.
    package var name: String {
        switch self {
        case .good: "good"
        case .refused: "refused"
        case .timedOut: "timed_out"
        case .reset: "reset"
        case .unreachable: "unreachable"
        case .badStatus: "bad_status"
        case .malformed: "malformed"
        case .unsent: "unsent"
        case .handshake: "tls_failed"
        case .untrusted: "untrusted_certificate"
        case .expired: "expired_certificate"
        case .misnamed: "wrong_certificate_name"
        }
    }

    /// The outcome that a failed connect, send or receive stands for.
    init(errno number: Int32) {
        switch number {
        case ECONNREFUSED: self = .refused
        case ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN: self = .reset
        case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EHOSTDOWN, EACCES, EPERM, ENOPROTOOPT, EPROTO: self = .unreachable
        case ETIMEDOUT: self = .timedOut
        default: self = .unsent
        }
    }
}

/// One request, kept small: a run of ten minutes at one a millisecond is 600 000 of these.
package struct ProbeRecord: Sendable, Equatable {
    /// Microseconds from the prober's start to the moment at which the request was due.
    package var start: UInt32
    /// Microseconds until its outcome was known.
    package var duration: UInt32
    /// The HTTP status; 0 where there was none.
    package var status: UInt16
    /// How it ended.
    package var outcome: ProbeOutcome

    /// A record of a request that has ended.
    package init(start: UInt32, duration: UInt32, status: UInt16, outcome: ProbeOutcome) {
        self.start = start
        self.duration = duration
        self.status = status
        self.outcome = outcome
    }
}
