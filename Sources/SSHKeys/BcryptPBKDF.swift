import CCrypto
import SSHWire

/// The key derivation of OpenSSH's private keys: PBKDF2 with a bcrypt hash as its function (OpenBSD bcrypt_pbkdf(3)).
enum BcryptPBKDF {
    /// Bytes that one hash gives.
    private static let hashSize = 32

    /// - Parameters:
    ///   - count: bytes wanted.
    ///   - rounds: at least 1; ssh-keygen's default is 16, later 24.
    static func derive(passphrase: [UInt8], salt: [UInt8], count: Int, rounds: Int) -> [UInt8] {
        let password = sha512(passphrase)
        var key = [UInt8](repeating: 0, count: count)
        // Unlike PBKDF2, the blocks' bytes are interleaved.
        let stride = (count + hashSize - 1) / hashSize
        for block in 0..<stride {
            var counted = WireWriter()
            counted.uint32(block + 1)
            var hash = bcryptHash(password, sha512(salt + counted.bytes))
            var sum = hash
            for _ in 1..<max(rounds, 1) {
                hash = bcryptHash(password, sha512(hash))
                for index in sum.indices { sum[index] ^= hash[index] }
            }
            for index in 0..<hashSize where index * stride + block < count {
                key[index * stride + block] = sum[index]
            }
        }
        return key
    }

    private static func bcryptHash(_ password: [UInt8], _ salt: [UInt8]) -> [UInt8] {
        var cipher = Blowfish()
        let password = Blowfish.words(password)
        let salt = Blowfish.words(salt)
        cipher.expand(key: password, salt: salt)
        for _ in 0..<64 {
            cipher.expand(key: salt)
            cipher.expand(key: password)
        }
        var text = Blowfish.words(Array("OxychromaticBlowfishSwatDynamite".utf8))
        for _ in 0..<64 { cipher.encrypt(&text) }
        // The words leave in little-endian order.
        return text.flatMap { word in [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) } }
    }

    private static func sha512(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA512_DIGEST_LENGTH))
        SHA512(bytes, bytes.count, &digest)
        return digest
    }
}
