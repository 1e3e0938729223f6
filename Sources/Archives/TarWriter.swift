/// The parts of a tar archive that are not content: ustar, with pax headers where a name or a size does not fit it.
package enum TarWriter {
    /// What ends an archive.
    package static let end = [UInt8](repeating: 0, count: 1024)

    /// What follows a content.
    package static func padding(after size: Int) -> [UInt8] { .init(repeating: 0, count: (512 - size % 512) % 512) }

    /// What comes before a file's content; the file belongs to root.
    ///
    /// - Parameters:
    ///   - size: of the content, in bytes.
    ///   - mode: permission bits.
    ///   - modified: in seconds since 1970.
    package static func header(_ name: String, size: Int, mode: Int = 0o644, modified: Int) -> [UInt8] {
        var records = ""
        let parts = split(name)
        if parts == nil { records += record("path", name) }
        if size >= 1 << 33 { records += record("size", "\(size)") }
        let (prefix, rest) = parts ?? ([], Array(name.utf8)[..<100])
        let own = block(
            rest, prefix: prefix, size: size < 1 << 33 ? size : 0, mode: mode, modified: modified, kind: "0")
        guard !records.isEmpty else { return own }
        let extended = Array(records.utf8)
        let head = block(
            Array("PaxHeaders/haprov".utf8)[...], prefix: [], size: extended.count, mode: 0o644, modified: modified,
            kind: "x")
        return head + extended + padding(after: extended.count) + own
    }

    /// The two fields of a name, 155 and 100 bytes; nil where it does not fit them.
    private static func split(_ name: String) -> (prefix: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        let bytes = Array(name.utf8)
        if bytes.count <= 100 { return ([], bytes[...]) }
        let slash = bytes.indices.first { bytes[$0] == UInt8(ascii: "/") && bytes.count - $0 - 1 <= 100 }
        guard let slash, (1...155).contains(slash), slash + 1 < bytes.count else { return nil }
        return (bytes[..<slash], bytes[(slash + 1)...])
    }

    /// A record of pax, whose length counts its own digits.
    private static func record(_ key: String, _ value: String) -> String {
        let text = " \(key)=\(value)\n"
        var length = text.utf8.count
        while length != "\(length)".utf8.count + text.utf8.count { length = "\(length)".utf8.count + text.utf8.count }
        return "\(length)\(text)"
    }

    private static func block(
        _ name: ArraySlice<UInt8>, prefix: ArraySlice<UInt8>, size: Int, mode: Int, modified: Int, kind: String
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            block.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        }
        func put(_ number: Int, digits: Int, at offset: Int) {
            let octal = String(number, radix: 8)
            put((String(repeating: "0", count: max(0, digits - octal.utf8.count)) + octal).utf8, at: offset)
        }
        put(name, at: 0)
        put(mode, digits: 7, at: 100)
        put(0, digits: 7, at: 108)
        put(0, digits: 7, at: 116)
        put(size, digits: 11, at: 124)
        put(max(0, modified), digits: 11, at: 136)
        put("        ".utf8, at: 148)
        put(kind.utf8, at: 156)
        put("ustar\u{0}00".utf8, at: 257)
        put("root".utf8, at: 265)
        put("root".utf8, at: 297)
        put(prefix, at: 345)
        put(block.reduce(0) { $0 + Int($1) }, digits: 6, at: 148)
        block[154] = 0
        return block
    }
}
