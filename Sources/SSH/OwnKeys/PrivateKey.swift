import CSSH2
import SSHKeys

/// A private key as this module reads it, because libssh2 before 1.11 cannot: still encrypted where it is.
struct PrivateKey {
    private enum Content {
        case openSSH(OpenSSHKey)
        case pem([UInt8])
    }

    /// The public half; nil where only the passphrase tells it.
    let publicBlob: [UInt8]?
    let isEncrypted: Bool
    private let content: Content

    /// OpenSSH's own format.
    ///
    /// - Parameter section: what its PEM frame holds, decoded.
    init(_: [UInt8], openSSH section: [UInt8]) throws(Problem) {
        do throws(OpenSSHKey.Failure) {
            let key = try OpenSSHKey(section)
            (publicBlob, isEncrypted, content) = (key.publicBlob, key.isEncrypted, .openSSH(key))
        } catch { throw Problem(error) }
    }

    /// A format of OpenSSL's, the whole file.
    init(pem bytes: [UInt8]) throws(Problem) {
        guard bytes.firstRange(of: Array("BEGIN DSA PRIVATE KEY-----".utf8)) == nil else { throw .dsa }
        content = .pem(bytes)
        switch PEMKey.decode(bytes, passphrase: nil) {
        case .key(let key): (publicBlob, isEncrypted) = (key.publicBlob, false)
        case .dsa: throw .dsa
        case .needsPassphrase: (publicBlob, isEncrypted) = (nil, true)
        case .unsupported: throw .otherKind
        }
    }

    /// - Parameter passphrase: given where the key is encrypted.
    func open(passphrase: String?) throws(Problem) -> OpenKey {
        switch content {
        case .openSSH(let key):
            do throws(OpenSSHKey.Failure) { return try key.signingKey(passphrase: passphrase) } catch {
                throw Problem(error)
            }
        case .pem(let bytes):
            switch PEMKey.decode(bytes, passphrase: passphrase) {
            case .key(let key): return key
            case .needsPassphrase: throw .wrongPassphrase
            case .dsa: throw .dsa
            case .unsupported: throw .otherKind
            }
        }
    }
}

/// A private key that can sign.
typealias OpenKey = SigningKey

extension PrivateKey.Problem {
    fileprivate init(_ failure: OpenSSHKey.Failure) {
        switch failure {
        case .malformed(let reason): self = .damaged(reason)
        case .unsupported(let reason): self = .unsupported(reason)
        case .badPassphrase: self = .wrongPassphrase
        }
    }
}

extension Session {
    /// Offers the key of a file and, where the server would take it, signs; libssh2's code. See also `context.signError`.
    ///
    /// - Parameter unlock: called only once the server would take the key.
    func authenticate(
        user: String, identity: IdentityFile, blob: [UInt8]?, watch: Watch,
        unlock: @escaping () throws(SSHError) -> OpenKey
    ) throws(SSHError) -> Int {
        let known: [UInt8]
        if let blob { known = blob } else { known = try unlock().publicBlob }
        return try authenticate(user: user, publicKey: known, watch: watch) { data, algorithm throws(SSHError) in
            guard let signature = try unlock().sign(data, algorithm: algorithm) else {
                throw .cannotSign("libcrypto cannot sign with the key \(identity.path)")
            }
            return signature
        }
    }
}
