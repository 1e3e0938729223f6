/// What there is to log in with.
///
/// Copies share the keys that were decrypted, so a passphrase is asked for once for all hosts.
package struct SSHCredentials: Sendable {
    /// Private key files to try in this order, `~/` expanded. Where empty: the agent's keys, then the usual files.
    package var identities: [String]
    /// Whether those are tried: `~/.ssh/id_ed25519`, `id_ecdsa` and `id_rsa`.
    package var triesUsualFiles = true
    /// Whether the agent's other keys are not offered; where nil, if there are identities.
    package var identitiesOnly: Bool?
    /// Files of certificates for keys; one that stands beside its key (`KEY-cert.pub`) needs no naming.
    package var certificates: [String] = []
    /// Whether the agent at `$SSH_AUTH_SOCK` may be asked.
    package var useAgent: Bool
    /// Gives the passphrase of the key file at a path, or nil where there is none.
    package var passphrase: @Sendable (_ keyPath: String) -> String?
    /// Why there may be no passphrase, and what to do then, for an error's text.
    package var withoutPassphrase = Missing.unsaid
    /// Gives the user's password, or why it cannot be had; nil where there is none. Called for each connection, and only when
    /// no key was accepted.
    package var password: @Sendable () -> Result<String, Missing>?

    /// Answers what a server asks beyond the password, such as one-time codes; nil where nobody can be asked.
    package var person: Person?
    /// How a user other than root becomes root.
    package var root = RootAccess()

    let keyRing = KeyRing()

    /// Why something is not there.
    package struct Missing: Error {
        static let unsaid = Missing(reason: "none was given", remedy: "give the passphrase")
        var reason: String
        var remedy: String

        /// Parts of sentences, without a full stop.
        package init(reason: String, remedy: String) {
            self.reason = reason
            self.remedy = remedy
        }
    }

    /// By default: the agent and the usual files, without passphrase or password.
    package init(
        identities: [String] = [], useAgent: Bool = true,
        passphrase: @escaping @Sendable (_ keyPath: String) -> String? = { _ in nil },
        password: @escaping @Sendable () -> Result<String, Missing>? = { nil }
    ) {
        self.identities = identities
        self.useAgent = useAgent
        self.passphrase = passphrase
        self.password = password
    }
}
