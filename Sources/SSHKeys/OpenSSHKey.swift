import CCrypto
import SSHWire

/// A private key in OpenSSH's own format (PROTOCOL.key of OpenSSH), still encrypted where it is.
package struct OpenSSHKey {
    /// Why it is of no use.
    package enum Failure: Error, Equatable {
        case malformed(String)
        case unsupported(String)
        case badPassphrase
    }

    /// The public half as it travels.
    package let publicBlob: [UInt8]
    private let cipherName: String
    private let salt: [UInt8]
    private let rounds: Int
    private let privateSection: [UInt8]
    /// The tag of an authenticated cipher.
    private let tag: [UInt8]

    package var isEncrypted: Bool { cipherName != "none" }

    /// - Parameter bytes: what the PEM frame `OPENSSH PRIVATE KEY` holds, decoded.
    package init(_ bytes: [UInt8]) throws(Failure) {
        var reader = WireReader(bytes)
        guard reader.take(15).map(Array.init) == Array("openssh-key-v1\0".utf8) else {
            throw .malformed("it does not begin with openssh-key-v1")
        }
        guard let cipher = reader.text(), let kdf = reader.text(), let options = reader.string(),
            let count = reader.uint32(), let blob = reader.string(), let section = reader.string()
        else { throw .malformed("it ends too early") }
        guard count == 1 else { throw .unsupported("it holds \(count) keys; one is expected") }
        cipherName = cipher
        publicBlob = blob
        privateSection = section
        tag = Array(reader.remaining)
        var parameters = WireReader(options)
        switch kdf {
        case "none" where cipher == "none":
            salt = []
            rounds = 0
        case "bcrypt":
            guard let salt = parameters.string(), let rounds = parameters.uint32(), rounds > 0, !salt.isEmpty else {
                throw .malformed("its bcrypt options end too early")
            }
            self.salt = salt
            self.rounds = Int(rounds)
        default: throw .unsupported("its key derivation \(kdf) is not known; bcrypt is")
        }
    }

    /// Decrypts the key. A wrong passphrase is noticed by the two check numbers.
    package func signingKey(passphrase: String?) throws(Failure) -> SigningKey {
        var reader = WireReader(try decrypted(passphrase))
        guard let check = reader.uint32(), check == reader.uint32() else {
            throw isEncrypted ? .badPassphrase : .malformed("its check numbers differ")
        }
        guard let type = reader.text() else { throw .malformed("its private part ends too early") }
        guard let key = try privateKey(type, &reader), let signing = SigningKey(taking: key) else {
            throw .malformed("its private part is not a whole \(type) key")
        }
        guard signing.publicBlob == publicBlob else { throw .malformed("its two halves do not belong together") }
        return signing
    }

    private func decrypted(_ passphrase: String?) throws(Failure) -> [UInt8] {
        guard isEncrypted else { return privateSection }
        guard let passphrase, !passphrase.isEmpty else { throw .badPassphrase }
        guard let cipher = EVP_get_cipherbyname(opensslCipherName) else {
            throw .unsupported("its cipher \(cipherName) is not known; aes256-ctr is")
        }
        let keySize = Int(EVP_CIPHER_get_key_length(cipher))
        let material = BcryptPBKDF.derive(
            passphrase: Array(passphrase.utf8), salt: salt, count: keySize + Int(EVP_CIPHER_get_iv_length(cipher)),
            rounds: rounds)
        guard let context = EVP_CIPHER_CTX_new() else { throw .malformed("out of memory") }
        defer { EVP_CIPHER_CTX_free(context) }
        let iv = Array(material[keySize...])
        guard EVP_DecryptInit_ex(context, cipher, nil, material, iv) == 1 else {
            throw .unsupported("its cipher \(cipherName) is not available")
        }
        EVP_CIPHER_CTX_set_padding(context, 0)
        if !tag.isEmpty {
            var tag = tag
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag)
        }
        var result = [UInt8](repeating: 0, count: privateSection.count + 32)
        var size: Int32 = 0
        var last: Int32 = 0
        guard EVP_DecryptUpdate(context, &result, &size, privateSection, Int32(privateSection.count)) == 1 else {
            throw .malformed("its private part has a length that its cipher does not allow")
        }
        let finished = result.withUnsafeMutableBufferPointer { buffer in
            EVP_DecryptFinal_ex(context, buffer.baseAddress.map { $0 + Int(size) }, &last)
        }
        // Of the supported ciphers only the authenticated ones fail here.
        guard finished == 1 else { throw .badPassphrase }
        return Array(result.prefix(Int(size + last)))
    }

    /// OpenSSL's name of the cipher: `aes256-ctr` is `aes-256-ctr` there.
    private var opensslCipherName: String {
        let name = cipherName.hasSuffix("@openssh.com") ? String(cipherName.dropLast(12)) : cipherName
        guard name.hasPrefix("aes"), name.hasSuffix("-ctr") || name.hasSuffix("-cbc") || name.hasSuffix("-gcm") else {
            return ""
        }
        return "aes-" + name.dropFirst(3)
    }

    private func privateKey(_ type: String, _ reader: inout WireReader) throws(Failure) -> OpaquePointer? {
        switch type {
        case "ssh-ed25519":
            guard reader.string() != nil, let secret = reader.string(), secret.count == 64 else { return nil }
            return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, secret, 32)
        case "ssh-rsa":
            guard let n = reader.string(), let e = reader.string(), let d = reader.string(), let q1 = reader.string(),
                let p = reader.string(), let q = reader.string(),
                let dp = BigNumber.remainder(d, modulusMinusOne: p),
                let dq = BigNumber.remainder(d, modulusMinusOne: q)
            else { return nil }
            // RFC 8017 appendix A.1.2.
            let numbers = [[0], n, e, d, p, q, dp, dq, q1].flatMap(DER.integer)
            return decode(EVP_PKEY_RSA, DER.sequence(numbers))
        case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
            guard let curve = reader.text().flatMap(EllipticCurve.init), type.hasSuffix(curve.rawValue),
                let point = reader.string(), let secret = reader.string()
            else { return nil }
            // RFC 5915 section 3 wants the number at its full width.
            let digits = secret.drop { $0 == 0 }
            guard digits.count <= curve.size else { return nil }
            let padded = [UInt8](repeating: 0, count: curve.size - digits.count) + digits
            return decode(
                EVP_PKEY_EC,
                DER.sequence(
                    DER.integer([1]), DER.octetString(padded),
                    DER.explicit(0, DER.objectIdentifier(curve.objectIdentifier)),
                    DER.explicit(1, DER.bitString(point))))
        default: throw .unsupported("keys of type \(type) are not supported; use Ed25519, ECDSA or RSA")
        }
    }

    private func decode(_ kind: Int32, _ bytes: [UInt8]) -> OpaquePointer? {
        bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return d2i_PrivateKey(kind, nil, &position, buffer.count)
        }
    }
}
