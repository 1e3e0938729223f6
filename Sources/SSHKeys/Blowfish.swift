/// Blowfish with the expensive key schedule of bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme").
struct Blowfish {
    /// 18 subkeys, then four S-boxes of 256 words each.
    private var state: [UInt32]
    private static let subkeys = 18

    /// The fractional digits of π, as Schneier chose them.
    private static let initial = PiDigits.words(subkeys + 4 * 256)

    init() { state = Self.initial }

    /// Big-endian 32-bit words; the count must be a multiple of four.
    static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// Mixes a key into the state, and where there is one a salt: ExpandKey of the paper.
    mutating func expand(key: [UInt32], salt: [UInt32]? = nil) {
        let count = state.count
        state.withUnsafeMutableBufferPointer { state in
            guard let words = state.baseAddress else { return }
            for index in 0..<Self.subkeys { words[index] ^= key[index % key.count] }
            var left: UInt32 = 0
            var right: UInt32 = 0
            var next = 0
            var index = 0
            while index < count {
                if let salt {
                    left ^= salt[next]
                    right ^= salt[next + 1]
                    next = (next + 2) % salt.count
                }
                Self.encipher(words, &left, &right)
                words[index] = left
                words[index + 1] = right
                index += 2
            }
        }
    }

    /// Encrypts pairs of words, each by itself.
    mutating func encrypt(_ text: inout [UInt32]) {
        state.withUnsafeMutableBufferPointer { state in
            guard let words = state.baseAddress else { return }
            for index in stride(from: 0, to: text.count, by: 2) {
                var left = text[index]
                var right = text[index + 1]
                Self.encipher(words, &left, &right)
                text[index] = left
                text[index + 1] = right
            }
        }
    }

    private static func encipher(_ words: UnsafeMutablePointer<UInt32>, _ left: inout UInt32, _ right: inout UInt32) {
        var l = left ^ words[0]
        var r = right
        var round = 1
        while round <= 16 {
            r ^= mix(words, l) ^ words[round]
            l ^= mix(words, r) ^ words[round + 1]
            round += 2
        }
        left = r ^ words[17]
        right = l
    }

    @inline(__always)
    private static func mix(_ words: UnsafeMutablePointer<UInt32>, _ x: UInt32) -> UInt32 {
        let first = words[18 + Int(x >> 24)] &+ words[274 + Int(x >> 16 & 0xff)]
        return (first ^ words[530 + Int(x >> 8 & 0xff)]) &+ words[786 + Int(x & 0xff)]
    }
}
