import CCompression

/// gzip (RFC 1952).
package enum Gzip {
    /// - Throws: where there is no memory.
    package static func compressed(_ bytes: [UInt8]) throws(CompressionFault) -> [UInt8] {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        // 16: with gzip's header and checksum; 8: the usual amount of memory.
        let status = deflateInit2_(
            stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw CompressionFault(reason: "there is no memory to compress it") }
        defer { deflateEnd(stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(stream, UInt(bytes.count))))
        let count = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                // All at once: the output is as long as it can become.
                deflate(stream, Z_FINISH)
                return Int(stream.pointee.total_out)
            }
        }
        return Array(output[..<count])
    }
}
