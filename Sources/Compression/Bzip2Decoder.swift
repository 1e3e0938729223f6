import CCompression

/// bzip2, by libbz2.
final class Bzip2Decoder: Decoder {
    // libbz2 remembers where it stands.
    private let stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)

    init() throws(CompressionFault) {
        stream.initialize(to: bz_stream())
        try begin()
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }

    func step(
        _ input: UnsafeMutableBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
    ) throws(CompressionFault) -> DecodingStep {
        try input.withMemoryRebound(to: CChar.self) { input throws(CompressionFault) in
            try output.withMemoryRebound(to: CChar.self) { output throws(CompressionFault) in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let status = BZ2_bzDecompress(stream)
                guard [BZ_OK, BZ_STREAM_END].contains(status) else { throw CompressionFault.damaged }
                return DecodingStep(
                    used: input.count - Int(stream.pointee.avail_in),
                    made: output.count - Int(stream.pointee.avail_out),
                    isAtEnd: status == BZ_STREAM_END)
            }
        }
    }

    func restart() throws(CompressionFault) {
        BZ2_bzDecompressEnd(stream)
        stream.pointee = bz_stream()
        try begin()
    }

    private func begin() throws(CompressionFault) {
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            throw CompressionFault(reason: "there is no memory to read it")
        }
    }
}
