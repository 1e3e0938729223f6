import Synchronization

/// The keys that were unlocked, so that hosts that are worked on in parallel ask a person once and decrypt once.
final class KeyRing: Sendable {
    private let keys = Mutex<[String: Result<OpenKey, SSHError>]>([:])

    /// Holds everybody else back while a passphrase is asked for: they need the same answer, and a terminal can ask
    /// one question at a time. A wrong answer counts for all hosts, too.
    func unlock(_ identity: IdentityFile, credentials: SSHCredentials) throws(SSHError) -> OpenKey {
        let result = keys.withLock { keys in
            if let known = keys[identity.path] { return known }
            let result = Result { () throws(SSHError) in
                try identity.unlock(missing: credentials.withoutPassphrase) { credentials.passphrase(identity.path) }
            }
            keys[identity.path] = result
            return result
        }
        return try result.get()
    }
}
