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
    /// Gives the user's password, or nil where there is none. Called only when no key was accepted.
    public var password: @Sendable () -> String?

    let keyRing = KeyRing()

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
