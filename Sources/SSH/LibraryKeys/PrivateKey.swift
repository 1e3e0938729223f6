import CSSH2
import Glibc
import SSHWire
import Texts

/// A private key that libssh2 reads, from 1.11 on: as it stands in its file, with what can be known of it beforehand.
struct PrivateKey {
    /// The public half; nil where only libssh2 could tell it.
    let publicBlob: [UInt8]?
    let isEncrypted: Bool
    private let bytes: [UInt8]

    /// OpenSSH's own format (PROTOCOL.key of OpenSSH), the whole file.
    ///
    /// - Parameter section: what its PEM frame holds, decoded.
    init(_ bytes: [UInt8], openSSH section: [UInt8]) throws(Problem) {
        var reader = WireReader(section)
        guard reader.take(15).map(Array.init) == Array("openssh-key-v1\0".utf8) else {
            throw .damaged("it does not begin with openssh-key-v1")
        }
        guard let cipher = reader.text(), reader.string() != nil, reader.string() != nil,
            let count = reader.uint32(), let blob = reader.string(), reader.string() != nil
        else { throw .damaged("it ends too early") }
        guard count == 1 else { throw .unsupported("it holds \(count) keys; one is expected") }
        guard Session.keyAlgorithms[HostKey(blob: blob).type] != nil || HostKey(blob: blob).type == "ssh-dss" else {
            throw .unsupported("keys of type \(HostKey(blob: blob).type) are not supported; use Ed25519, ECDSA or RSA")
        }
        (publicBlob, isEncrypted, self.bytes) = (blob, cipher != "none", bytes)
    }

    /// A format of OpenSSL's (RFC 7468), the whole file.
    init(pem bytes: [UInt8]) throws(Problem) {
        func has(_ words: String) -> Bool { bytes.firstRange(of: Array(words.utf8)) != nil }
        guard !has("BEGIN DSA PRIVATE KEY-----"), !Self.isDSA(bytes) else { throw .dsa }
        (publicBlob, isEncrypted) = (nil, has("Proc-Type: 4,ENCRYPTED") || has("BEGIN ENCRYPTED PRIVATE KEY-----"))
        self.bytes = bytes
    }

    /// - Parameter passphrase: given where the key is encrypted.
    func open(passphrase: String?) throws(Problem) -> OpenKey {
        // Without one, libcrypto would ask on the terminal by itself.
        OpenKey(publicBlob: publicBlob, bytes: bytes, passphrase: passphrase ?? "")
    }

    /// Whether PKCS #8 names id-dsa (RFC 3279 section 2.3.2), which libssh2 only calls unsupported.
    private static func isDSA(_ bytes: [UInt8]) -> Bool {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { !$0.starts(with: Array("-----".utf8)) }
        let decoded = Base64.decode(lines.joined())
        return decoded?.prefix(40).firstRange(of: [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01]) != nil
    }
}

/// A private key with what opens it; libssh2 finds out whether it does.
struct OpenKey: Sendable {
    let publicBlob: [UInt8]?
    fileprivate let bytes: [UInt8]
    fileprivate let passphrase: String
}

extension Session {
    /// Offers the key of a file and, where the server would take it, signs; libssh2's code. See also `context.signError`.
    ///
    /// - Parameter unlock: called only once the server would take the key, or where its public half is unknown.
    func authenticate(
        user: String, identity: IdentityFile, blob: [UInt8]?, watch: Watch,
        unlock: @escaping () throws(SSHError) -> OpenKey
    ) throws(SSHError) -> Int {
        if identity.isEncrypted, let blob {
            // libssh2 wants the passphrase before it asks the server, and nobody is to be asked for one in vain.
            var isWanted = false
            let code = try authenticate(user: user, publicKey: blob, watch: watch) { _, _ throws(SSHError) in
                isWanted = true
                throw identity.error(.wrongPassphrase)
            }
            guard isWanted else { return code }
            context.signError = nil
        }
        let key: OpenKey
        do throws(SSHError) { key = try unlock() } catch {
            context.signError = error
            return Int(LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
        }
        // libssh2 makes as much room for what it decodes as whole groups of four letters need: never without padding.
        let line = blob.map { "\(HostKey(blob: $0).type) \(Base64.encode($0))\n" } ?? ""
        let before = context.replies
        let file = key.bytes.map(CChar.init(bitPattern:))
        let code = try complete(watch) {
            Int(
                libssh2_userauth_publickey_frommemory(
                    handle, user, user.utf8.count, line, line.utf8.count, file, file.count, key.passphrase))
        }
        // The question whether the key would do was one, the signature is the second.
        context.hasSigned = context.replies >= before + 2
        let isAnswer = code == Int(LIBSSH2_ERROR_AUTHENTICATION_FAILED) || context.hasSigned
        if code != 0, !isAnswer, !Self.isLoss(code), !isLost {
            context.signError = identity.error(
                identity.isEncrypted ? .wrongPassphrase : blob == nil ? .otherKind : .damaged(lastError))
        }
        return code
    }
}
