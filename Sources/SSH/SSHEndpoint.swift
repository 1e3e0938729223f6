/// Where a host's sshd is, who logs in, and where its host key is known from.
package struct SSHEndpoint: Sendable, Hashable {
    /// The host's name in the inventory; for humans only.
    package var name: String
    /// A numeric address, or a name for the system's resolver.
    package var address: String
    /// 1…65535.
    package var port: Int
    /// Who logs in.
    package var user: String
    /// A file as sshd(8) describes under "SSH_KNOWN_HOSTS FILE FORMAT"; a leading `~/` is expanded.
    package var knownHosts: String
    /// What the connection goes through in place of TCP.
    package var proxyCommand: ProxyCommand?

    /// Nothing is checked before the connection is opened.
    package init(
        name: String, address: String, port: Int = 22, user: String, knownHosts: String,
        proxyCommand: ProxyCommand? = nil
    ) {
        self.name = name
        self.address = address
        self.port = port
        self.user = user
        self.knownHosts = knownHosts
        self.proxyCommand = proxyCommand
    }
}
