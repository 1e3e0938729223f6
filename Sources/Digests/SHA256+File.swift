import CCrypto
import Errors
import Glibc

extension SHA256 {
    /// The digest of a file in hexadecimal digits, read piece by piece.
    ///
    /// - Parameter range: of which bytes; otherwise of all.
    /// - Throws: an input failure where it cannot be read.
    package static func hex(ofFile path: String, in range: Range<Int>? = nil) throws(Failure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        guard let context = EVP_MD_CTX_new() else { throw unreadable(path, ENOMEM) }
        defer { EVP_MD_CTX_free(context) }
        if let range { lseek(descriptor, range.lowerBound, SEEK_SET) }
        var left = range?.count ?? .max
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { throw unreadable(path, ENOSYS) }
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(descriptor, &piece, min(piece.count, left))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { break }
            EVP_DigestUpdate(context, piece, count)
            left -= count
        }
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { throw unreadable(path, ENOSYS) }
        return hex(digest: digest)
    }

    private static func unreadable(_ path: String, _ number: Int32) -> Failure {
        Failure(
            .input, step: "read \(path)", summary: "\(path) cannot be read: \(String(cString: strerror(number)))",
            remedy: "Check that the file is there and that you may read it.")
    }
}
