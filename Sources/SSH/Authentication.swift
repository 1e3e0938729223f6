import CSSH2
import Glibc
import HostShell

/// Logs a user in: keys first, the password last, and a person's answers where the server has questions.
final class Authentication {
    let session: Session
    /// For a person who is asked.
    let host: String
    let user: String
    let credentials: SSHCredentials
    let watch: Watch
    /// What was offered, for the error's text.
    private var tried: [String] = []
    /// What could not even be offered.
    private var problems: [SSHError] = []
    private var notes: [String] = []
    /// The key that the server took last, so that it asked for a signature.
    private var taken: String?
    private var offered: Set<[UInt8]> = []
    private var hasGivenPassword = false
    /// Why there is no password, where one was to come from somewhere.
    private var withoutPassword: SSHCredentials.Missing?
    private var hasAnswered = false
    private var agent: Agent?
    private var agentKeys: [Agent.Key] = []

    init(_ session: Session, host: String, user: String, credentials: SSHCredentials, watch: Watch) {
        self.session = session
        self.host = host
        self.user = user
        self.credentials = credentials
        self.watch = watch
    }

    /// Where a server wants several proofs in turn (`AuthenticationMethods`), it names the next once one was good, and
    /// libssh2 calls that a failure: whether it was one shows in what the server accepts then.
    func run() throws(SSHError) {
        guard var methods = try acceptedMethods() else { return }
        while true {
            let before = tried.count
            if methods.contains("publickey"), try tryKeys() { return }
            var next = methods
            if tried.count > before, !Self.takesPassword(methods) {
                guard let now = try acceptedMethods() else { return }
                next = now
            }
            if Self.takesPassword(next) {
                let keys = tried.count
                if try tryPassword(next) { return }
                if try tryQuestions(next) { return }
                guard tried.count > keys else { throw refused(next, isMore: next != methods) }
                guard let now = try acceptedMethods() else { return }
                if now == next { throw refused(next) }
                methods = now
            } else {
                if next == methods { throw refused(next) }
                methods = next
            }
        }
    }

    /// What the server accepts (RFC 4252 section 5.2); nil where it lets the user in as it is.
    private func acceptedMethods() throws(SSHError) -> [String]? {
        let list = try session.completePointer(watch) {
            libssh2_userauth_list(session.handle, user, UInt32(user.utf8.count))
        }
        if let list { return String(cString: list).split(separator: ",").map(String.init) }
        if libssh2_userauth_authenticated(session.handle) == 1 { return nil }
        throw ended()
    }

    private func tryKeys() throws(SSHError) -> Bool {
        try openAgent()
        guard credentials.identities.isEmpty else {
            for path in credentials.identities where try tryIdentity(path) { return true }
            return false
        }
        for key in agentKeys where try tryAgent(key) { return true }
        for name in ["id_ed25519", "id_ecdsa", "id_rsa"] {
            let path = "~/.ssh/\(name)"
            if access(LocalFile.expand(path), F_OK) == 0, try tryIdentity(path) { return true }
        }
        if access(LocalFile.expand("~/.ssh/id_dsa"), F_OK) == 0 {
            notes.append("~/.ssh/id_dsa passed over: a DSA key, which no sshd takes since OpenSSH 7.0")
        }
        return false
    }

    private func openAgent() throws(SSHError) {
        guard credentials.useAgent else { return }
        do throws(Agent.Failure) { agent = try Agent.connect() } catch {
            notes.append(error.reason)
            return
        }
        guard let agent else { return }
        switch try agent.keys(watch) {
        case .success(let keys): agentKeys = keys
        case .failure(let failure): notes.append("ssh-agent: \(failure.reason)")
        }
    }

    /// Offers the key of a file, by the agent where the agent has it.
    private func tryIdentity(_ path: String) throws(SSHError) -> Bool {
        let identity: IdentityFile
        let blob: [UInt8]?
        do throws(SSHError) {
            identity = try IdentityFile(path)
            if let held = agentKeys.first(where: { $0.blob == identity.publicBlob }) {
                return try tryAgent(held)
            }
            if let known = identity.publicBlob, !identity.isPublicOnly {
                blob = known
            } else {
                blob = try unlock(identity).publicBlob
            }
        } catch {
            if error.code != .badIdentity, error.code != .badPassphrase { throw error }
            problems.append(error)
            return false
        }
        return try offer(blob, as: "key \(path)") { [self] () throws(SSHError) in
            try session.authenticate(user: user, identity: identity, blob: blob, watch: watch) {
                [self] () throws(SSHError) in try unlock(identity)
            }
        }
    }

    /// A person may be asked, and the deadline waits meanwhile.
    private func unlock(_ identity: IdentityFile) throws(SSHError) -> OpenKey {
        try watch.pausing {
            Result { () throws(SSHError) in
                try credentials.keyRing.unlock(identity, credentials: credentials)
            }
        }.get()
    }

    private func tryAgent(_ key: Agent.Key) throws(SSHError) -> Bool {
        guard let agent else { return false }
        guard Session.keyAlgorithms[key.type] != nil else {
            notes.append("agent key \(key.comment) passed over: type \(key.type)")
            return false
        }
        return try offer(key.blob, as: "agent key \(key.comment)") { [self] () throws(SSHError) in
            try session.authenticate(user: user, publicKey: key.blob, watch: watch) {
                [watch] data, algorithm throws(SSHError) in
                let answer = try agent.sign(data, with: key.blob, algorithm: algorithm, watch)
                do throws(Agent.Failure) { return try answer.get() } catch {
                    throw .cannotSign("ssh-agent did not sign with \(key.comment): \(error.reason)")
                }
            }
        }
    }

    /// - Parameters:
    ///   - blob: the public half, where it is known.
    ///   - prove: gives libssh2's code.
    private func offer(
        _ blob: [UInt8]?, as name: String, prove: () throws(SSHError) -> Int
    ) throws(SSHError) -> Bool {
        if let blob, !offered.insert(blob).inserted { return false }
        tried.append(blob.map { "\(name) (\(HostKey(blob: $0).type) \(HostKey(blob: $0).fingerprint))" } ?? name)
        session.context.signError = nil
        session.context.hasSigned = false
        let code = try prove()
        if code == 0 { return true }
        if session.context.hasSigned { taken = name }
        defer { taken = nil }
        if let error = session.context.signError {
            // Only what concerns this key alone lets the next one be tried.
            if ![.badIdentity, .badPassphrase].contains(error.code) { throw error }
            problems.append(error)
        } else if Session.isLoss(code) || session.isLost {
            throw ended()
        }
        return false
    }

    private static func takesPassword(_ methods: [String]) -> Bool {
        methods.contains("password") || methods.contains("keyboard-interactive")
    }

    /// By `password`. With PAM keyboard-interactive asks for the same one, and a wrong one counts twice: one is enough.
    private func tryPassword(_ methods: [String]) throws(SSHError) -> Bool {
        guard methods.contains("password"), !hasGivenPassword else { return false }
        guard let password = password() else { return false }
        hasGivenPassword = true
        tried.append("password")
        let code = try session.complete(watch) {
            Int(
                libssh2_userauth_password_ex(
                    session.handle, user, UInt32(user.utf8.count), password, UInt32(password.utf8.count), nil))
        }
        return try isIn(code)
    }

    /// By `keyboard-interactive` (RFC 4256): the password where it is asked for, a person for the rest.
    private func tryQuestions(_ methods: [String]) throws(SSHError) -> Bool {
        guard methods.contains("keyboard-interactive"), !hasAnswered else { return false }
        // What both would be asked for was wrong a moment ago.
        guard !(hasGivenPassword && methods.contains("password")) else { return false }
        let password = hasGivenPassword ? nil : password()
        guard password != nil || credentials.person != nil else { return false }
        hasAnswered = true
        tried.append(password == nil ? "a person's answers" : "password")
        var answering = Answering(host: host, user: user, password: password, person: credentials.person)
        let code = try session.answerQuestions(user: user, watch: watch) { [watch] in
            let challenge = $0
            return watch.pausing { answering.answers(to: challenge) }
        }
        return try isIn(code)
    }

    /// A person may be asked, and the deadline waits meanwhile.
    private func password() -> String? {
        switch watch.pausing(credentials.password) {
        case .success(let password): return password
        case .failure(let missing):
            withoutPassword = missing
            return nil
        case nil: return nil
        }
    }

    private func isIn(_ code: Int) throws(SSHError) -> Bool {
        if code == 0 { return true }
        if Session.isLoss(code) || session.isLost { throw ended() }
        if code == Int(LIBSSH2_ERROR_PASSWORD_EXPIRED) {
            throw SSHError(
                code: .authenticationRefused, stage: .authentication,
                message: "the password of \(user) has expired",
                remedy: "log in by hand (ssh \(user)@…) and set a new one, or use a key")
        }
        return false
    }

    /// The server hung up in the middle.
    private func ended() -> SSHError {
        let said = session.lossReason
        if let taken {
            return SSHError(
                code: .authenticationRefused, stage: .authentication,
                message: "the server took \(taken), but did not let \(user) in: \(said)",
                remedy: "look whether the account of \(user) has expired or is locked (as root on the host: "
                    + "chage -l \(Shell.quote(user))), and for /etc/nologin and access.conf; "
                    + "sshd's log on the host says which")
        }
        guard !tried.isEmpty, said.contains("Too many authentication failures") else {
            return .connectionLost(.authentication, said)
        }
        return SSHError(
            code: .authenticationRefused, stage: .authentication,
            message: "the server gave up on \(user) after \(tried.count) tries: \(said); tried: \(list(tried))",
            remedy: "name the one right key in the inventory (ssh: identity)")
    }

    /// - Parameter isMore: whether what was tried was good, and not enough.
    private func refused(_ methods: [String], isMore: Bool = false) -> SSHError {
        let accepts = methods.isEmpty ? "nothing" : methods.joined(separator: ", ")
        let lack = withoutPassword.map { SSHError.noPassword(user: user, missing: $0) }
        if isMore {
            return SSHError(
                code: .authenticationRefused, stage: .authentication,
                message: "the server took \(tried.last ?? "what was tried"), and wants more of \(user): \(accepts)"
                    + (lack.map { "; \($0.message)" } ?? ""),
                remedy: lack?.remedy
                    ?? "run haprov on a terminal, where a person can answer, or give the password (ssh: password)")
        }
        let extra = notes.isEmpty ? "" : "; \(list(notes))"
        if let lack { problems.append(lack) }
        if var problem = problems.first {
            problem.message += tried.isEmpty ? "" : "; also refused: \(list(tried))"
            problem.message += problems.dropFirst().reduce("") { $0 + "; " + $1.message } + extra
            return problem
        }
        if tried.isEmpty {
            let looked =
                methods.contains("publickey")
                ? "no agent key, no ~/.ssh/id_ed25519, id_ecdsa or id_rsa, no password" : "no password"
            return SSHError(
                code: .noIdentity, stage: .authentication,
                message: "nothing to log in with as \(user): there is \(looked); the server accepts \(accepts)\(extra)",
                remedy: "make a key (ssh-keygen -t ed25519), put it on the host (ssh-copy-id) and name it in the "
                    + "inventory (ssh: identity)")
        }
        return SSHError(
            code: .authenticationRefused, stage: .authentication,
            message: "the server refused \(user); tried: \(list(tried)); it accepts \(accepts)\(extra)",
            remedy: "add one of these keys to the host's ~\(user)/.ssh/authorized_keys, or name the right key in the "
                + "inventory (ssh: identity); sshd's log on the host says why it refused")
    }

    private func list(_ items: [String]) -> String { items.joined(separator: "; ") }
}
