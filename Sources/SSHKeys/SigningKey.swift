import CCrypto
import SSHWire

/// A private key that can sign, and its public half as it travels.
///
/// The key is never changed after it was made, and libcrypto lets threads sign with one key at the same time.
package final class SigningKey: @unchecked Sendable {
    private let key: OpaquePointer
    /// RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4.
    package let publicBlob: [UInt8]

    /// Takes over the key.
    private init(_ key: OpaquePointer, _ publicBlob: [UInt8]) {
        self.key = key
        self.publicBlob = publicBlob
    }

    deinit { EVP_PKEY_free(key) }

    /// Takes over an `EVP_PKEY`; nil where it is of no kind that SSH uses.
    convenience init?(taking key: OpaquePointer) {
        guard let blob = Self.publicBlob(of: key) else {
            EVP_PKEY_free(key)
            return nil
        }
        self.init(key, blob)
    }

    /// The signature alone, without its algorithm's name; nil where libcrypto fails.
    ///
    /// - Parameter algorithm: such as `ssh-ed25519`, `rsa-sha2-512` (RFC 8332), `ecdsa-sha2-nistp256`.
    package func sign(_ data: [UInt8], algorithm: String) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        let digest: OpaquePointer? =
            switch algorithm {
            case "ssh-ed25519": nil
            case "rsa-sha2-512", "ecdsa-sha2-nistp521": EVP_sha512()
            case "ecdsa-sha2-nistp384": EVP_sha384()
            case "ssh-rsa": EVP_sha1()
            default: EVP_sha256()
            }
        var size = 0
        guard EVP_DigestSignInit(context, nil, digest, nil, key) == 1,
            EVP_DigestSign(context, nil, &size, data, data.count) == 1
        else { return nil }
        var signature = [UInt8](repeating: 0, count: size)
        guard EVP_DigestSign(context, &signature, &size, data, data.count) == 1 else { return nil }
        signature.removeLast(signature.count - size)
        guard algorithm.hasPrefix("ecdsa-") else { return signature }
        // X9.62's DER sequence of two integers becomes RFC 5656's two mpints (section 3.1.2).
        guard let (r, s) = DER.twoIntegers(signature) else { return nil }
        var writer = WireWriter()
        writer.mpint(r)
        writer.mpint(s)
        return writer.bytes
    }

    private static func publicBlob(of key: OpaquePointer) -> [UInt8]? {
        var writer = WireWriter()
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_ED25519:
            var bytes = [UInt8](repeating: 0, count: 32)
            var size = bytes.count
            guard EVP_PKEY_get_raw_public_key(key, &bytes, &size) == 1 else { return nil }
            writer.string("ssh-ed25519")
            writer.string(bytes)
        case EVP_PKEY_RSA:
            guard let e = number(key, "e"), let n = number(key, "n") else { return nil }
            writer.string("ssh-rsa")
            writer.mpint(e)
            writer.mpint(n)
        case EVP_PKEY_EC:
            var name = [CChar](repeating: 0, count: 64)
            var size = 0
            guard EVP_PKEY_get_group_name(key, &name, name.count, &size) == 1 else { return nil }
            let group = String(decoding: name.prefix(size).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard let curve = EllipticCurve.allCases.first(where: { $0.opensslName == group }) else { return nil }
            var point: UnsafeMutablePointer<UInt8>?
            let count = EVP_PKEY_get1_encoded_public_key(key, &point)
            guard let point else { return nil }
            defer { CRYPTO_free(point, #file, #line) }
            writer.string("ecdsa-sha2-\(curve.rawValue)")
            writer.string(curve.rawValue)
            writer.string(Array(UnsafeBufferPointer(start: point, count: count)))
        default: return nil
        }
        return writer.bytes
    }

    private static func number(_ key: OpaquePointer, _ name: String) -> [UInt8]? {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1, let number else { return nil }
        defer { BN_free(number) }
        return BigNumber.bytes(number)
    }
}
