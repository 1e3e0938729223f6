import CSSH2
import Glibc

/// Logs a user in: keys first, the password last, and a person's answers where the server has questions.
final class Authentication {
    let session: Session
    /// For a person who is asked.
    let host: String
    let user: String
    let credentials: SSHCredentials
    let watch: Watch
    /// What was offered, for the error's text.
    var tried: [String] = []
    /// What could not even be offered.
    var problems: [SSHError] = []
    var notes: [String] = []
    /// The key that the server took last, so that it asked for a signature.
    var taken: String?
    var offered: Set<[UInt8]> = []
    private var hasGivenPassword = false
    /// Why there is no password, where one was to come from somewhere.
    var withoutPassword: SSHCredentials.Missing?
    private var hasAnswered = false
    var agent: Agent?
    var agentKeys: [Agent.Key] = []
    /// From files that are named by themselves.
    var certificates: [(path: String, certificate: Certificate)] = []

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
        let code = try session.answerQuestions(user: user, watch: watch) { [watch, session] in
            let challenge = $0
            let answers = watch.pausing { answering.answers(to: challenge) }
            // What nobody answered any more would be tried and found wrong, which accounts lock after.
            if watch.isCancelled { shutdown(session.descriptor, Int32(SHUT_RDWR)) }
            return answers
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
}
