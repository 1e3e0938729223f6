import CCrypto

/// A private key in one of the formats of OpenSSL, framed as PEM (RFC 7468).
package enum PEMKey {
    /// What reading it gives.
    package enum Decoded {
        case key(SigningKey)
        case dsa
        case needsPassphrase
        case unsupported
    }

    /// Lets libcrypto read PEM. Where it wants a passphrase and gets none or a wrong one: `.needsPassphrase`.
    package static func decode(_ bytes: [UInt8], passphrase: String?) -> Decoded {
        final class Asked {
            var passphrase: [UInt8]
            var wasAsked = false
            init(_ passphrase: [UInt8]) { self.passphrase = passphrase }
        }
        let asked = Asked(Array((passphrase ?? "").utf8))
        defer { ERR_clear_error() }
        guard let file = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { return .unsupported }
        defer { BIO_free(file) }
        let key = PEM_read_bio_PrivateKey(
            file, nil,
            { buffer, size, _, context in
                guard let buffer, let context else { return -1 }
                let asked = Unmanaged<Asked>.fromOpaque(context).takeUnretainedValue()
                asked.wasAsked = true
                guard !asked.passphrase.isEmpty, asked.passphrase.count <= size else { return -1 }
                for (index, byte) in asked.passphrase.enumerated() { buffer[index] = CChar(bitPattern: byte) }
                return Int32(asked.passphrase.count)
            }, Unmanaged.passUnretained(asked).toOpaque())
        guard let key else { return asked.wasAsked ? .needsPassphrase : .unsupported }
        if EVP_PKEY_get_base_id(key) == EVP_PKEY_DSA {
            EVP_PKEY_free(key)
            return .dsa
        }
        return SigningKey(taking: key).map(Decoded.key) ?? .unsupported
    }
}
