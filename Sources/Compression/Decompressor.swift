/// Gives back what was compressed, handed over in pieces of any size. Several streams one after the other, as pigz and pbzip2
/// write them, are one.
package final class Decompressor {
    private let decoder: any Decoder
    private var output = [UInt8](repeating: 0, count: 1 << 16)
    private var isAtEnd = false

    /// - Throws: where there is no memory.
    package init(_ compression: Compression) throws(CompressionFault) {
        decoder =
            switch compression {
            case .gzip: try Inflater()
            case .xz: try XZDecoder()
            case .bzip2: try Bzip2Decoder()
            }
    }

    /// Takes the next bytes.
    ///
    /// - Parameter sink: gets what comes of them, piece by piece.
    /// - Throws: where they are damaged, and what `sink` throws.
    package func read(_ bytes: [UInt8], into sink: (ArraySlice<UInt8>) throws -> Void) throws {
        var input = bytes
        try input.withUnsafeMutableBufferPointer { input in
            var rest = input[...]
            while true {
                if isAtEnd {
                    // Tapes were filled up with zeros.
                    rest = rest.drop { $0 == 0 }
                    guard !rest.isEmpty else { return }
                    try decoder.restart()
                    isAtEnd = false
                }
                let step = try output.withUnsafeMutableBufferPointer { output in
                    try decoder.step(UnsafeMutableBufferPointer(rebasing: rest), output)
                }
                isAtEnd = step.isAtEnd
                rest = rest.dropFirst(step.used)
                if step.made > 0 { try sink(output[..<step.made]) }
                if !isAtEnd, rest.isEmpty, step.made < output.count { return }
                if !isAtEnd, step.used == 0, step.made == 0 { throw CompressionFault.damaged }
            }
        }
    }

    /// To be called when no bytes are left.
    ///
    /// - Throws: where the end is missing.
    package func finish() throws(CompressionFault) {
        guard isAtEnd else { throw .cutOff }
    }
}
