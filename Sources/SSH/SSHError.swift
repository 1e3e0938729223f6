/// Why a host could not be worked with.
package struct SSHError: Error, Sendable, Equatable {
    /// How far the connection had come.
    package enum Stage: String, Sendable {
        case tcp = "connecting"
        case banner = "waiting for the SSH banner"
        case keyExchange = "key exchange"
        case hostKey = "checking the host key"
        case authentication = "authentication"
        case command = "running a command"
    }

    /// What went wrong, for code that tells errors apart.
    package enum Code: String, Sendable, CaseIterable {
        case refused, unreachable, timedOut, notSSH, noCommonAlgorithm, hostKeyUnknown, hostKeyChanged, hostKeyRevoked
        case authenticationRefused, noIdentity, badIdentity, badPassphrase, knownHostsUnreadable
        case connectionLost, sudoRefused, localFile
        /// A host that was said to be the machine that haprov runs on is another one.
        case notThisMachine
        /// The login shell ended without running the script.
        case shellRefused
        /// The task that asked was cancelled.
        case cancelled
    }

    /// What went wrong.
    package var code: Code
    /// How far the connection had come.
    package var stage: Stage
    /// What was expected and what was found, without the host's name.
    package var message: String
    /// What to do next.
    package var remedy: String

    /// An error is made where it is noticed, with words that fit what was found.
    package init(code: Code, stage: Stage, message: String, remedy: String) {
        self.code = code
        self.stage = stage
        self.message = message
        self.remedy = remedy
    }
}
