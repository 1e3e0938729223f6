/// A short name for a long text. Not for security: it tells versions of the lab's own recipe apart.
enum Digest {
    /// The 64-bit FNV-1a hash (Fowler, Noll, Vo) as 16 hexadecimal digits.
    static func fnv1a(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x0000_0100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
