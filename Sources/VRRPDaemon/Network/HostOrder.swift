extension [UInt8] {
    /// Appends an integer as the kernel's structures have it.
    mutating func append(host value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value) { append(contentsOf: $0) }
    }

    /// Overwrites an integer as the kernel's structures have it.
    mutating func replace(host value: some FixedWidthInteger, at offset: Int) {
        Swift.withUnsafeBytes(of: value) { replaceSubrange(offset..<(offset + $0.count), with: $0) }
    }

    /// Appends a `struct rtattr` with its data, filled up to 4 octets.
    mutating func attribute(_ type: UInt16, _ data: [UInt8]) {
        append(host: UInt16(4 + data.count))
        append(host: type)
        append(contentsOf: data)
        while count % 4 != 0 { append(0) }
    }
}

extension UnsafeRawBufferPointer {
    /// An integer as the kernel's structures have it; nil where it would reach beyond the end.
    func host<Integer: FixedWidthInteger & BitwiseCopyable>(_ type: Integer.Type, at offset: Int) -> Integer? {
        guard offset >= 0, offset <= count - MemoryLayout<Integer>.size else { return nil }
        return loadUnaligned(fromByteOffset: offset, as: type)
    }
}
