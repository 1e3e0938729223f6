/// As much of X.690 as keys and signatures need.
enum DER {
    static func sequence(_ parts: [UInt8]...) -> [UInt8] { tagged(0x30, parts.flatMap { $0 }) }

    /// An unsigned number, most significant byte first.
    static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let significant = Array(magnitude.drop { $0 == 0 })
        guard let first = significant.first else { return tagged(0x02, [0]) }
        return tagged(0x02, first & 0x80 == 0 ? significant : [0] + significant)
    }

    static func octetString(_ bytes: [UInt8]) -> [UInt8] { tagged(0x04, bytes) }
    static func bitString(_ bytes: [UInt8]) -> [UInt8] { tagged(0x03, [0] + bytes) }
    static func objectIdentifier(_ bytes: [UInt8]) -> [UInt8] { tagged(0x06, bytes) }
    static func explicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { tagged(0xa0 | number, content) }

    private static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        guard content.count > 127 else { return [tag, UInt8(content.count)] + content }
        var size: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            size.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(size.count)] + size + content
    }

    /// The content of a sequence of two integers: an ECDSA signature.
    static func twoIntegers(_ bytes: [UInt8]) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        var outer = bytes[...]
        guard var inner = element(0x30, &outer), outer.isEmpty, let first = element(0x02, &inner),
            let second = element(0x02, &inner), inner.isEmpty
        else { return nil }
        return (first, second)
    }

    private static func element(_ tag: UInt8, _ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.popFirst() == tag, let short = bytes.popFirst() else { return nil }
        var size = Int(short)
        if short & 0x80 != 0 {
            size = 0
            guard short & 0x7f <= 3 else { return nil }
            for _ in 0..<(short & 0x7f) {
                guard let byte = bytes.popFirst() else { return nil }
                size = size << 8 | Int(byte)
            }
        }
        guard size <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(size) }
        return bytes.prefix(size)
    }
}
