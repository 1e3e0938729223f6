import CCrypto
import Errors
import Foundation
import Planning

/// FIPS 180-4 over a file, piece by piece.
enum FileDigest {
    /// The SHA-256 of a file in hexadecimal digits.
    ///
    /// - Throws: where it cannot be read.
    static func sha256(_ path: String) throws(Failure) -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw unreadable(path, "") }
        defer { try? handle.close() }
        guard let context = EVP_MD_CTX_new() else { throw unreadable(path, "OpenSSL has no memory") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            throw unreadable(path, "OpenSSL offers no SHA-256")
        }
        while true {
            let piece: Data?
            do {
                piece = try handle.read(upToCount: 1 << 18)
            } catch {
                throw unreadable(path, "\(error)")
            }
            guard let piece, !piece.isEmpty else { break }
            let fed = piece.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
            guard fed == 1 else { throw unreadable(path, "OpenSSL gave up") }
        }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_DigestFinal_ex(context, &digest, &count) == 1 else { throw unreadable(path, "OpenSSL gave up") }
        return digest.prefix(Int(count)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func unreadable(_ path: String, _ why: String) -> Failure {
        Failure(
            .input, step: "read \(path)", summary: "\(path) cannot be read\(why.isEmpty ? "" : ": \(why)")",
            remedy: "Check that the file is there and that you may read it.")
    }
}
