import CSSH2
import Glibc
import SSHWire
import Texts

/// A user's certificate: a public key with what an authority says of it and signs (PROTOCOL.certkeys of OpenSSH).
struct Certificate {
    /// As it travels.
    let blob: [UInt8]
    /// The key by itself.
    let key: [UInt8]
    /// Seconds since 1970, both.
    let validAfter: UInt64
    let validBefore: UInt64
    /// Whom it lets in; anybody, where empty.
    let principals: [String]

    static let suffix = "-cert-v01@openssh.com"

    /// Whether libssh2 logs in by them, as it does since 1.11.
    static let areSupported = libssh2_version(0x01_0b_00) != nil

    /// Nil where it is none.
    init?(_ blob: [UInt8]) {
        var reader = WireReader(blob)
        guard let type = reader.text(), type.hasSuffix(Self.suffix), reader.string() != nil else { return nil }
        let plain = String(type.dropLast(Self.suffix.count))
        // The public key's own fields: RSA has an exponent and a modulus, ECDSA a curve and a point.
        let count = ["ssh-ed25519": 1][plain] ?? 2
        guard Session.keyAlgorithms[plain] != nil else { return nil }
        var writer = WireWriter()
        writer.string(plain)
        for _ in 0..<count {
            guard let field = reader.string() else { return nil }
            writer.string(field)
        }
        guard reader.uint64() != nil, reader.uint32() == 1, reader.string() != nil, let names = reader.string(),
            let after = reader.uint64(), let before = reader.uint64()
        else { return nil }
        var list = WireReader(names)
        var principals: [String] = []
        while let name = list.text() { principals.append(name) }
        (self.blob, key, validAfter, validBefore, self.principals) = (blob, writer.bytes, after, before, principals)
    }

    /// Why a server will not take it, as far as it says so itself, for a part of a sentence.
    ///
    /// - Parameter now: seconds since 1970.
    func fault(for user: String, now: UInt64) -> String? {
        if now >= validBefore { return "it has expired" }
        if now < validAfter { return "it is not valid yet" }
        if !principals.isEmpty, !principals.contains(user) { return "it is for \(principals.joined(separator: ", "))" }
        return nil
    }
}

extension WireReader {
    fileprivate mutating func uint64() -> UInt64? {
        guard let high = uint32(), let low = uint32() else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }
}
