/// Where a host's sshd is, who logs in, and where its host key is known from.
public struct SSHEndpoint: Sendable, Equatable {
    /// The host's name in the inventory; for humans only.
    public var name: String
    /// A numeric address, or a name for the system's resolver.
    public var address: String
    /// 1…65535.
    public var port: Int
    /// Who logs in.
    public var user: String
    /// A file as sshd(8) describes under "SSH_KNOWN_HOSTS FILE FORMAT"; a leading `~/` is expanded.
    public var knownHosts: String

    /// Nothing is checked before the connection is opened.
    public init(name: String, address: String, port: Int = 22, user: String, knownHosts: String) {
        self.name = name
        self.address = address
        self.port = port
        self.user = user
        self.knownHosts = knownHosts
    }
}
