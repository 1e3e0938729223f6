import Digests
import SSHWire
import Texts

/// A server's public key as it travels (RFC 4253 section 6.6).
struct HostKey: Sendable, Equatable {
    var blob: [UInt8]

    /// Such as `ssh-ed25519`.
    var type: String {
        var reader = WireReader(blob)
        return reader.text() ?? "unknown"
    }

    /// As `ssh-keygen -l` prints it.
    var fingerprint: String {
        "SHA256:" + Base64.encodeUnpadded(SHA256.digest(blob))
    }

    /// What `ssh-keyscan -t` and the name of sshd's key file call the type.
    var shortType: String { Self.shortType(type) }

    /// The type of the keys that an algorithm signs with: RSA has several (RFC 8332).
    static func type(ofAlgorithm name: String) -> String { name.hasPrefix("rsa-sha2-") ? "ssh-rsa" : name }

    static func shortType(_ type: String) -> String {
        if type.hasPrefix("ecdsa-sha2-") { return "ecdsa" }
        if type == "ssh-rsa" || type.hasPrefix("rsa-sha2-") { return "rsa" }
        return type.hasPrefix("ssh-") ? String(type.dropFirst(4)) : type
    }
}
