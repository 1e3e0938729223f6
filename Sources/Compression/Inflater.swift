import CCompression

/// gzip, by zlib.
final class Inflater: Decoder {
    // zlib remembers where it stands.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init() throws(CompressionFault) {
        stream.initialize(to: z_stream())
        // 16: with gzip's header and checksum.
        let status = inflateInit2_(stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw CompressionFault(reason: "there is no memory to read it") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func step(
        _ input: UnsafeMutableBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
    ) throws(CompressionFault) -> DecodingStep {
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = inflate(stream, Z_NO_FLUSH)
        // Z_BUF_ERROR: nothing could be done without more input.
        guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else { throw .damaged }
        return DecodingStep(
            used: input.count - Int(stream.pointee.avail_in), made: output.count - Int(stream.pointee.avail_out),
            isAtEnd: status == Z_STREAM_END)
    }

    func restart() throws(CompressionFault) {
        guard inflateReset(stream) == Z_OK else { throw .damaged }
    }
}
