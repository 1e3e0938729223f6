import HostShell
import SSHKeys
import Texts

/// A private key file: OpenSSH's own format, or PEM as OpenSSL writes it.
struct IdentityFile {
    private enum Content {
        case openSSH(OpenSSHKey)
        case pem([UInt8])
        case publicOnly
    }

    let path: String
    /// The public half; nil where only the passphrase tells it.
    let publicBlob: [UInt8]?
    private let content: Content

    /// Whether the file holds a public key alone: good for asking an agent, and for nothing else.
    var isPublicOnly: Bool {
        if case .publicOnly = content { return true }
        return false
    }

    /// Reads a file; throws `.badIdentity` where it cannot be a key.
    init(_ path: String) throws(SSHError) {
        let expanded = LocalFile.expand(path)
        self.path = path
        let bytes: [UInt8]
        do throws(LocalFile.Failure) { bytes = try LocalFile.read(expanded) } catch {
            throw Self.bad(path, "cannot be read: \(error.reason)", "name an existing, readable key in the inventory")
        }
        if let section = Self.section("OPENSSH PRIVATE KEY", of: bytes) {
            let key: OpenSSHKey
            do throws(OpenSSHKey.Failure) { key = try OpenSSHKey(section) } catch { throw Self.bad(path, error) }
            guard HostKey(blob: key.publicBlob).type != "ssh-dss" else { throw Self.dsa(path) }
            content = .openSSH(key)
            publicBlob = key.publicBlob
        } else if bytes.firstRange(of: Array("PRIVATE KEY-----".utf8)) != nil {
            content = .pem(bytes)
            guard bytes.firstRange(of: Array("BEGIN DSA PRIVATE KEY-----".utf8)) == nil else { throw Self.dsa(path) }
            switch PEMKey.decode(bytes, passphrase: nil) {
            case .key(let key): publicBlob = key.publicBlob
            case .dsa: throw Self.dsa(path)
            default: publicBlob = (try? LocalFile.read(expanded + ".pub")).flatMap(Self.publicKey)
            }
        } else if let blob = Self.publicKey(bytes) {
            guard HostKey(blob: blob).type != "ssh-dss" else { throw Self.dsa(path) }
            content = .publicOnly
            publicBlob = blob
        } else {
            throw Self.bad(path, "is not a private key in OpenSSH or PEM format", Self.otherKey)
        }
    }

    /// Gives the key itself, asking for a passphrase only where there is need of one.
    ///
    /// - Parameter missing: why there is no passphrase, where there is none.
    func unlock(
        missing: SSHCredentials.Missing = .unsaid, passphrase: () -> String?
    ) throws(SSHError) -> SigningKey {
        func given() throws(SSHError) -> String {
            if let given = passphrase() { return given }
            throw SSHError(
                code: .badPassphrase, stage: .authentication,
                message: "the key \(path) is encrypted, and there is no passphrase: \(missing.reason)",
                remedy: "\(missing.remedy), or add the key to the agent: ssh-add \(Shell.quote(path))")
        }
        switch content {
        case .publicOnly:
            throw Self.bad(
                path, "holds only a public key, and no agent has its private half",
                "name the private key (the file without .pub), or add it to the agent with ssh-add")
        case .openSSH(let key):
            let passphrase = key.isEncrypted ? try given() : nil
            do throws(OpenSSHKey.Failure) {
                return try key.signingKey(passphrase: passphrase)
            } catch .badPassphrase {
                throw badPassphrase("does not open it")
            } catch {
                throw Self.bad(path, error)
            }
        case .pem(let bytes):
            var decoded = PEMKey.decode(bytes, passphrase: nil)
            if case .needsPassphrase = decoded {
                decoded = PEMKey.decode(bytes, passphrase: try given())
            }
            switch decoded {
            case .key(let key): return key
            case .needsPassphrase: throw badPassphrase("does not open it")
            case .dsa: throw Self.dsa(path)
            case .unsupported: throw Self.bad(path, "holds no Ed25519, ECDSA or RSA key", Self.otherKey)
            }
        }
    }

    private func badPassphrase(_ problem: String) -> SSHError {
        SSHError(
            code: .badPassphrase, stage: .authentication,
            message: "the key \(path) is encrypted, and the passphrase given \(problem)",
            remedy: "give the right passphrase, or add the key to the agent: ssh-add \(Shell.quote(path))")
    }

    private static let otherKey = "name another private key; ssh-keygen -t ed25519 makes one"

    private static func bad(_ path: String, _ problem: String, _ remedy: String) -> SSHError {
        SSHError(
            code: .badIdentity, stage: .authentication, message: "the key file \(path) \(problem)", remedy: remedy)
    }

    private static func bad(_ path: String, _ failure: OpenSSHKey.Failure) -> SSHError {
        switch failure {
        case .malformed(let reason): bad(path, "is damaged: \(reason)", "restore it from a copy, or " + otherKey)
        case .unsupported(let reason): bad(path, "cannot be used: \(reason)", otherKey)
        case .badPassphrase: bad(path, "is encrypted", otherKey)
        }
    }

    private static func dsa(_ path: String) -> SSHError {
        bad(path, "holds a DSA key, which no sshd takes since OpenSSH 7.0", otherKey)
    }

    /// The decoded content of a PEM frame.
    private static func section(_ label: String, of bytes: [UInt8]) -> [UInt8]? {
        guard let begin = bytes.firstRange(of: Array("-----BEGIN \(label)-----".utf8)),
            let end = bytes[begin.upperBound...].firstRange(of: Array("-----END \(label)-----".utf8))
        else { return nil }
        return Base64.decode(bytes[begin.upperBound..<end.lowerBound])
    }

    /// The blob of a line such as `ssh-ed25519 AAAA… comment`.
    private static func publicKey(_ bytes: [UInt8]) -> [UInt8]? {
        let fields = bytes.split(whereSeparator: { [0x20, 0x09, 0x0a, 0x0d].contains($0) })
        guard fields.count >= 2, let blob = Base64.decode(fields[1]),
            HostKey(blob: blob).type.utf8.elementsEqual(fields[0])
        else { return nil }
        return blob
    }
}
