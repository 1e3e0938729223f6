import CCrypto

/// FIPS 180-4, by OpenSSL.
package enum SHA256 {
    /// The digest, 32 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = CCrypto.SHA256(bytes, bytes.count, &digest)
        return digest
    }

    /// The digest in hexadecimal digits.
    package static func hex(_ bytes: [UInt8]) -> String { hex(digest: digest(bytes)) }

    static func hex(digest: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
