/// Reads the data types of RFC 4251 section 5; nil where the bytes end too early.
package struct WireReader {
    private let bytes: ArraySlice<UInt8>
    private var offset: Int

    package init(_ bytes: some Sequence<UInt8>) {
        self.bytes = ArraySlice(bytes)
        offset = self.bytes.startIndex
    }

    package var remaining: ArraySlice<UInt8> { bytes[offset...] }

    package mutating func byte() -> UInt8? { take(1)?.first }

    package mutating func uint32() -> UInt32? { take(4)?.reduce(0) { $0 << 8 | UInt32($1) } }

    package mutating func string() -> [UInt8]? {
        guard let count = uint32() else { return nil }
        return take(Int(count)).map(Array.init)
    }

    package mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }

    package mutating func nameList() -> [String]? { text()?.split(separator: ",").map(String.init) }

    package mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.endIndex - offset else { return nil }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }
}
