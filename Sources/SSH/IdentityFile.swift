import Glibc
import HostShell
import Texts

/// A private key file: OpenSSH's own format, or PEM as OpenSSL writes it.
struct IdentityFile {
    let path: String
    /// The public half; nil where only the passphrase tells it, or only libssh2 could.
    let publicBlob: [UInt8]?
    /// Nil where the file holds a public key alone: good for asking an agent, and for nothing else.
    private let key: PrivateKey?

    var isPublicOnly: Bool { key == nil }
    var isEncrypted: Bool { key?.isEncrypted == true }

    /// Reads a file; throws `.badIdentity` where it cannot be a key.
    init(_ path: String) throws(SSHError) {
        let expanded = LocalFile.expand(path)
        self.path = path
        let bytes: [UInt8]
        do throws(LocalFile.Failure) { bytes = try LocalFile.read(expanded) } catch {
            // The private half may be with an agent alone, even on another machine.
            if error.number == ENOENT, let blob = Self.publicKey(ofFile: expanded + ".pub") {
                (publicBlob, key) = (blob, nil)
                return
            }
            throw Self.bad(path, "cannot be read: \(error.reason)", "name an existing, readable key in the inventory")
        }
        do throws(PrivateKey.Problem) {
            if let section = Self.section("OPENSSH PRIVATE KEY", of: bytes) {
                key = try PrivateKey(bytes, openSSH: section)
            } else if bytes.firstRange(of: Array("PRIVATE KEY-----".utf8)) != nil {
                key = try PrivateKey(pem: bytes)
            } else {
                key = nil
            }
        } catch { throw Self.error(path, error) }
        if let key {
            publicBlob = key.publicBlob ?? Self.publicKey(ofFile: expanded + ".pub")
        } else if let blob = Self.publicKey(bytes) {
            publicBlob = blob
        } else {
            throw Self.bad(path, "is not a private key in OpenSSH or PEM format", Self.otherKey)
        }
        guard publicBlob.map({ HostKey(blob: $0).type }) != "ssh-dss" else { throw Self.error(path, .dsa) }
    }

    /// Gives the key itself, asking for a passphrase only where there is need of one.
    ///
    /// - Parameter missing: why there is no passphrase, where there is none.
    func unlock(
        missing: SSHCredentials.Missing = .unsaid, passphrase: () -> String?
    ) throws(SSHError) -> OpenKey {
        guard let key else {
            throw Self.bad(
                path, "holds only a public key, and no agent has its private half",
                "name the private key (the file without .pub), or add it to the agent with ssh-add")
        }
        var given: String?
        if key.isEncrypted {
            given = passphrase()
            guard given != nil else {
                throw SSHError(
                    code: .badPassphrase, stage: .authentication,
                    message: "the key \(path) is encrypted, and there is no passphrase: \(missing.reason)",
                    remedy: "\(missing.remedy), or add the key to the agent: ssh-add \(Shell.quote(path))")
            }
        }
        do throws(PrivateKey.Problem) { return try key.open(passphrase: given) } catch {
            throw Self.error(path, error)
        }
    }

    /// What a problem with the key means for whoever named the file.
    func error(_ problem: PrivateKey.Problem) -> SSHError { Self.error(path, problem) }

    private static func error(_ path: String, _ problem: PrivateKey.Problem) -> SSHError {
        switch problem {
        case .damaged(let reason): bad(path, "is damaged: \(reason)", "restore it from a copy, or " + otherKey)
        case .unsupported(let reason): bad(path, "cannot be used: \(reason)", otherKey)
        case .otherKind: bad(path, "holds no Ed25519, ECDSA or RSA key", otherKey)
        case .dsa: bad(path, "holds a DSA key, which no sshd takes since OpenSSH 7.0", otherKey)
        case .wrongPassphrase:
            SSHError(
                code: .badPassphrase, stage: .authentication,
                message: "the key \(path) is encrypted, and the passphrase given does not open it",
                remedy: "give the right passphrase, or add the key to the agent: ssh-add \(Shell.quote(path))")
        }
    }

    private static let otherKey = "name another private key; ssh-keygen -t ed25519 makes one"

    private static func bad(_ path: String, _ problem: String, _ remedy: String) -> SSHError {
        SSHError(
            code: .badIdentity, stage: .authentication, message: "the key file \(path) \(problem)", remedy: remedy)
    }

    /// The decoded content of a PEM frame.
    private static func section(_ label: String, of bytes: [UInt8]) -> [UInt8]? {
        guard let begin = bytes.firstRange(of: Array("-----BEGIN \(label)-----".utf8)),
            let end = bytes[begin.upperBound...].firstRange(of: Array("-----END \(label)-----".utf8))
        else { return nil }
        return Base64.decode(bytes[begin.upperBound..<end.lowerBound])
    }

    /// The public key, or the certificate, that a file holds; nil where there is none.
    static func publicKey(ofFile path: String) -> [UInt8]? {
        (try? LocalFile.read(LocalFile.expand(path))).flatMap(publicKey)
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

extension PrivateKey {
    /// Why a key is of no use.
    enum Problem: Error {
        case damaged(String)
        case unsupported(String)
        case otherKind
        case dsa
        case wrongPassphrase
    }
}
