import CCompression

/// xz, by liblzma.
final class XZDecoder: Decoder {
    private var stream = lzma_stream()

    init() throws(CompressionFault) { try restart() }

    deinit { lzma_end(&stream) }

    func step(
        _ input: UnsafeMutableBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
    ) throws(CompressionFault) -> DecodingStep {
        stream.next_in = input.baseAddress.map { UnsafePointer($0) }
        stream.avail_in = input.count
        stream.next_out = output.baseAddress
        stream.avail_out = output.count
        let status = lzma_code(&stream, LZMA_RUN)
        guard [LZMA_OK, LZMA_STREAM_END, LZMA_BUF_ERROR].contains(status) else { throw .damaged }
        return DecodingStep(
            used: input.count - stream.avail_in, made: output.count - stream.avail_out,
            isAtEnd: status == LZMA_STREAM_END)
    }

    func restart() throws(CompressionFault) {
        // It takes whatever memory the file asks for, as xz does.
        guard lzma_stream_decoder(&stream, .max, 0) == LZMA_OK else {
            throw CompressionFault(reason: "there is no memory to read it")
        }
    }
}
