/// Why a host could not be worked with.
public struct SSHError: Error, Sendable, Equatable {
    /// How far the connection had come.
    public enum Stage: String, Sendable {
        case tcp = "connecting"
        case banner = "waiting for the SSH banner"
        case keyExchange = "key exchange"
        case hostKey = "checking the host key"
        case authentication = "authentication"
        case command = "running a command"
    }

    /// What went wrong, for code that tells errors apart.
    public enum Code: String, Sendable, CaseIterable {
        case refused, unreachable, timedOut, notSSH, noCommonAlgorithm, hostKeyUnknown, hostKeyChanged, hostKeyRevoked
        case authenticationRefused, noIdentity, badIdentity, badPassphrase, knownHostsUnreadable
        case connectionLost, sudoRefused, localFile
        /// The login shell ended without running the script.
        case shellRefused
        /// The task that asked was cancelled.
        case cancelled
    }

    /// What went wrong.
    public var code: Code
    /// How far the connection had come.
    public var stage: Stage
    /// What was expected and what was found, without the host's name.
    public var message: String
    /// What to do next.
    public var remedy: String

    /// An error is made where it is noticed, with words that fit what was found.
    public init(code: Code, stage: Stage, message: String, remedy: String) {
        self.code = code
        self.stage = stage
        self.message = message
        self.remedy = remedy
    }
}
