/// What there is to log in with.
///
/// Copies share the keys that were decrypted, so a passphrase is asked for once for all hosts.
public struct SSHCredentials: Sendable {
    /// Private key files to try in this order, `~/` expanded. Where empty: the agent's keys, then `~/.ssh/id_ed25519`,
    /// `id_ecdsa` and `id_rsa`.
    public var identities: [String]
    /// Whether the agent at `$SSH_AUTH_SOCK` may be asked.
    public var useAgent: Bool
    /// Gives the passphrase of the key file at a path, or nil where there is none.
    public var passphrase: @Sendable (_ keyPath: String) -> String?
    /// Why there may be no passphrase, and what to do then, for an error's text.
    public var withoutPassphrase = Missing.unsaid
    /// Gives the user's password, or nil where there is none. Called only when no key was accepted.
    public var password: @Sendable () -> String?

    let keyRing = KeyRing()

    /// Why something is not there.
    public struct Missing: Sendable {
        static let unsaid = Missing(reason: "none was given", remedy: "give the passphrase")
        var reason: String
        var remedy: String

        /// Parts of sentences, without a full stop.
        public init(reason: String, remedy: String) {
            self.reason = reason
            self.remedy = remedy
        }
    }

    /// By default: the agent and the usual files, without passphrase or password.
    public init(
        identities: [String] = [], useAgent: Bool = true,
        passphrase: @escaping @Sendable (_ keyPath: String) -> String? = { _ in nil },
        password: @escaping @Sendable () -> String? = { nil }
    ) {
        self.identities = identities
        self.useAgent = useAgent
        self.passphrase = passphrase
        self.password = password
    }
}
