/// How long each stage of opening a connection may take. Seconds.
package struct SSHDeadlines: Sendable, Equatable {
    /// Until the TCP connection stands.
    package var tcp: Double
    /// From then until the server's banner is complete.
    package var banner: Double
    /// From then until both sides have keys.
    package var keyExchange: Double
    /// Without the time that a person takes to type a passphrase or a password.
    package var authentication: Double
    /// How long a session that is open may give nothing before a script begins in it.
    package var begin: Double
    /// Between signs of life while nothing runs, so that neither sshd nor a firewall takes the connection for dead.
    package var keepAlive: Double

    /// The defaults suit hosts on a local network that may be busy, and whose directory of users may be slow.
    package init(
        tcp: Double = 10, banner: Double = 10, keyExchange: Double = 10, authentication: Double = 60,
        begin: Double = 60, keepAlive: Double = 10
    ) {
        self.tcp = tcp
        self.banner = banner
        self.keyExchange = keyExchange
        self.authentication = authentication
        self.begin = begin
        self.keepAlive = keepAlive
    }
}
