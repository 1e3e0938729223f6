/// How a file is compressed.
package enum Compression: Sendable, CaseIterable {
    case gzip
    case xz
    case bzip2

    /// How many first bytes of a file tell.
    package static let magicSize = 6

    /// By the first bytes of a file; nil for anything else.
    package init?(magic: some Collection<UInt8>) {
        guard let found = Self.allCases.first(where: { magic.starts(with: $0.magic) }) else { return nil }
        self = found
    }

    /// RFC 1952; the format of .xz files 1.1; bzip2 1.0.
    private var magic: [UInt8] {
        switch self {
        case .gzip: [0x1F, 0x8B]
        case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
        case .bzip2: [0x42, 0x5A, 0x68]
        }
    }
}

/// Why compressed bytes cannot be read, in words that follow the name of what they are from.
package struct CompressionFault: Error, Equatable {
    package var reason: String

    static let damaged = CompressionFault(reason: "it is damaged")
    static let cutOff = CompressionFault(reason: "it ends in the middle")
}

/// What a decoder did with a piece of its input.
struct DecodingStep {
    /// Bytes of input used.
    var used: Int
    /// Bytes of output made.
    var made: Int
    /// Whether a compressed stream has come to its end.
    var isAtEnd: Bool
}

/// A decoder of one format.
protocol Decoder: AnyObject {
    func step(
        _ input: UnsafeMutableBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
    ) throws(CompressionFault) -> DecodingStep

    /// Makes it ready for another stream behind the first.
    func restart() throws(CompressionFault)
}
