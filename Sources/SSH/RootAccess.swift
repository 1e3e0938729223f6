import Synchronization

/// How users become root on hosts, and the password that this may take.
///
/// A wrong password counts against an account, and accounts lock: it is tried on one host first while the others wait, and
/// on no other any more once a host has refused it. A host that has taken it goes on getting it: what was begun there has to
/// be brought to an end. Copies of credentials share it.
package final class RootAccess: Sendable {
    /// Who makes a user root.
    package enum Program: String, Sendable, CaseIterable {
        case sudo, su
    }

    /// What became of the password on a host.
    enum Verdict {
        case accepted
        case refused
        /// The connection was lost, or the task cancelled, before the host had said.
        case unknown
    }

    private enum Trial {
        case untried
        case trying(Waker)
        case accepted
        case refused
    }

    private struct State {
        var trial = Trial.untried
        /// The hosts that have taken the password, by their addresses and ports.
        var takers: Set<String> = []
    }

    let program: Program
    /// Whether a password was said to be needed; else one is asked for only where a host will not do without.
    let isGiven: Bool
    /// Whether there is a password, or somebody to ask for one.
    var canAnswer: Bool { source != nil }
    private let source: (@Sendable () -> Result<String, SSHCredentials.Missing>)?
    private let state = Mutex(State())
    private let password = Mutex<Result<String, SSHCredentials.Missing>?>(nil)

    /// - Parameter password: called once, when a host asks for it; nil where there is none, nor a terminal to ask on.
    package init(
        by program: Program = .sudo, isGiven: Bool = false,
        password: (@Sendable () -> Result<String, SSHCredentials.Missing>)? = nil
    ) {
        self.program = program
        self.isGiven = isGiven
        source = password
    }

    /// The password for a host that asks for it. Whoever gets it has to ``settle(_:_:)``.
    ///
    /// - Throws: `.sudoRefused` where there is none, or where a host has refused it and this one has not taken it before.
    func answer(_ endpoint: SSHEndpoint, _ watch: Watch) throws(SSHError) -> String {
        while let trial = try othersTrial(endpoint) { try watch.waitAside(trial.descriptor) }
        let result = watch.pausing {
            password.withLock { known in
                if let known { return known }
                var result = source?() ?? .failure(.noPassword)
                if case .success(let text) = result, text.contains(where: \.isNewline) { result = .failure(.lineBreak) }
                known = result
                return result
            }
        }
        do throws(SSHCredentials.Missing) { return try result.get() } catch {
            settle(.unknown, endpoint)
            throw .noRootPassword(program, user: endpoint.user, missing: error)
        }
    }

    /// What the host that got the password said to it.
    func settle(_ verdict: Verdict, _ endpoint: SSHEndpoint) {
        state.withLock { state in
            switch verdict {
            case .accepted: state.takers.insert(endpoint.place)
            case .refused: state.takers.remove(endpoint.place)
            case .unknown: break
            }
            let former = state.trial
            switch (former, verdict) {
            case (_, .refused): state.trial = .refused
            case (.trying, .accepted): state.trial = .accepted
            case (.trying, .unknown): state.trial = .untried
            default: break
            }
            if case .trying(let waker) = former { waker.wake() }
        }
    }

    /// Nil where the caller may try; else what becomes readable once another host's trial is over.
    private func othersTrial(_ endpoint: SSHEndpoint) throws(SSHError) -> Waker? {
        let waker = try Waker()
        let answer = state.withLock { state -> Result<Waker?, SSHError> in
            if state.takers.contains(endpoint.place) { return .success(nil) }
            switch state.trial {
            case .untried:
                state.trial = .trying(waker)
                return .success(nil)
            case .trying(let other): return .success(other)
            case .accepted: return .success(nil)
            case .refused: return .failure(.rootPasswordRefusedElsewhere(program, user: endpoint.user))
            }
        }
        return try answer.get()
    }
}

extension SSHEndpoint {
    /// One and the same for all connections to a host.
    fileprivate var place: String { "\(address) \(port)" }
}

extension SSHCredentials.Missing {
    fileprivate static let noPassword = Self(
        reason: "none was given, and there is no terminal to ask on",
        remedy: "say in the inventory where it comes from (ssh: become)")
    fileprivate static let lineBreak = Self(
        reason: "what was given holds a line break", remedy: "give the password alone (ssh: become)")
}
