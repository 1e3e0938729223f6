/// How long each stage of opening a connection may take. Seconds.
public struct SSHDeadlines: Sendable, Equatable {
    public var tcp: Double
    public var banner: Double
    public var keyExchange: Double
    /// Without the time that a person takes to type a passphrase or a password.
    public var authentication: Double

    public init(tcp: Double = 10, banner: Double = 10, keyExchange: Double = 10, authentication: Double = 20) {
        self.tcp = tcp
        self.banner = banner
        self.keyExchange = keyExchange
        self.authentication = authentication
    }
}
