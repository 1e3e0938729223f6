/// Reads the headers of a tar archive, handed over in pieces of any size: ustar and pax of POSIX.1-2001, and what GNU tar
/// writes (long names, numbers to base 256, sparse files).
package struct TarReader: Sendable {
    /// What was found so far.
    package private(set) var entries: [TarEntry] = []
    /// Bytes ahead at which it does not look: contents, and what stands behind the end.
    package private(set) var idle = 0

    private static let block = 512
    /// Bytes of content, at most: more than any file has, and far from what cannot be counted on with.
    private static let largest = 1 << 48
    /// What is to be gathered next, before it can be read as a whole.
    private enum Part {
        case header
        /// Names and sizes that are too long for the header to come, by the letter of their kind.
        case extended(UInt8)
        /// The map of a sparse file of GNU's goes on, and then the content follows.
        case sparseMap(content: Int)
    }

    private var part = Part.header
    private var wanted = TarReader.block
    private var gathered: [UInt8] = []
    private var position = 0
    private var override = Override()
    private var isEnded = false

    /// What extended headers say of the entry to come.
    private struct Override {
        var name: String?
        var size: Int?
    }

    /// For an archive's first byte.
    package init() {}

    /// Takes the next bytes.
    package mutating func read(_ bytes: ArraySlice<UInt8>) throws(ArchiveFault) {
        var rest = bytes
        while !rest.isEmpty {
            if isEnded { return }
            if idle > 0 {
                let count = min(idle, rest.count)
                skip(count)
                rest = rest.dropFirst(count)
                continue
            }
            let piece = rest.prefix(wanted - gathered.count)
            gathered += piece
            position += piece.count
            rest = rest.dropFirst(piece.count)
            if gathered.count == wanted { try take() }
        }
    }

    /// Passes over bytes that were not handed over, ``idle`` of them at most.
    package mutating func skip(_ count: Int) {
        idle -= count
        position += count
    }

    /// To be called when no bytes are left.
    ///
    /// - Throws: where the archive ends in the middle of something.
    package func finish() throws(ArchiveFault) {
        guard isEnded || (idle == 0 && gathered.isEmpty && wanted == Self.block) else {
            throw ArchiveFault("it ends in the middle")
        }
    }

    /// Reads what has been gathered.
    private mutating func take() throws(ArchiveFault) {
        let bytes = gathered
        gathered = []
        wanted = Self.block
        switch part {
        case .header: try takeHeader(bytes)
        case .extended(let kind):
            part = .header
            try takeExtended(kind, bytes)
        case .sparseMap(let content):
            if bytes[504] == 0 {
                part = .header
                idle = Self.padded(content)
            }
        }
    }

    private mutating func takeHeader(_ header: [UInt8]) throws(ArchiveFault) {
        if header.allSatisfy({ $0 == 0 }) {
            isEnded = true
            return
        }
        guard Self.isSound(header) else {
            throw ArchiveFault(entries.isEmpty ? "it is not in the format of tar" : "a header in it is damaged")
        }
        let kind = header[156]
        let stored = try Self.number(header[124..<136])
        guard stored <= Self.largest else { throw ArchiveFault("a header in it is damaged") }
        switch kind {
        case UInt8(ascii: "x"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard stored <= 1 << 20 else { throw ArchiveFault("a name in it is longer than a megabyte") }
            guard stored > 0 else { return }
            part = .extended(kind)
            wanted = Self.padded(stored)
            extendedSize = stored
        case UInt8(ascii: "g"): idle = Self.padded(stored)
        default:
            let name = override.name ?? Self.name(header)
            // A link's size is that of the file which it leads to.
            let size = kind == UInt8(ascii: "1") ? 0 : override.size ?? stored
            override = Override()
            var entry = TarEntry(name: name, kind: Self.kind(kind, name), offset: position, size: size)
            if entry.kind == .folder || entry.kind == .symbolicLink { entry.size = 0 }
            entries.append(entry)
            if kind == UInt8(ascii: "S"), header[482] != 0 {
                part = .sparseMap(content: size)
            } else {
                idle = Self.padded(size)
            }
        }
    }

    /// Bytes of an extended header that are not padding.
    private var extendedSize = 0

    private mutating func takeExtended(_ kind: UInt8, _ bytes: [UInt8]) throws(ArchiveFault) {
        let content = bytes.prefix(extendedSize)
        switch kind {
        case UInt8(ascii: "L"): override.name = Self.text(content)
        case UInt8(ascii: "x"):
            for (key, value) in try Self.records(content) {
                switch key {
                case "path": override.name = override.name ?? value
                // Of a sparse file, whose path is a made-up one.
                case "GNU.sparse.name": override.name = value
                case "size":
                    guard let size = Int(value), (0...Self.largest).contains(size) else {
                        throw ArchiveFault("a header in it is damaged")
                    }
                    override.size = size
                default: break
                }
            }
        default: break
        }
    }
}

extension TarReader {
    /// Up to where a content's last block reaches.
    private static func padded(_ size: Int) -> Int { (size + block - 1) / block * block }

    /// By the sum of its bytes, those of the sum itself taken as blanks. Some have summed signed bytes.
    private static func isSound(_ header: [UInt8]) -> Bool {
        guard let expected = try? number(header[148..<156]) else { return false }
        let others = header[..<148] + header[156...]
        let blanks = 8 * 32
        return others.reduce(blanks) { $0 + Int($1) } == expected
            || others.reduce(blanks) { $0 + Int(Int8(bitPattern: $1)) } == expected
    }

    /// Octal digits, or GNU's numbers to base 256.
    private static func number(_ field: ArraySlice<UInt8>) throws(ArchiveFault) -> Int {
        let damaged = ArchiveFault("a number in it cannot be read")
        guard let first = field.first else { throw damaged }
        var value = 0
        if first & 0x80 != 0 {
            guard first == 0x80 else { throw damaged }
            for byte in field.dropFirst() {
                guard value <= Int.max >> 16 else { throw damaged }
                value = value << 8 | Int(byte)
            }
            return value
        }
        for byte in field.drop(while: { $0 == 32 }).prefix(while: { $0 != 0 && $0 != 32 }) {
            guard (48...55).contains(byte) else { throw damaged }
            value = value << 3 | Int(byte - 48)
        }
        return value
    }

    private static func name(_ header: [UInt8]) -> String {
        let name = text(header[..<100])
        // GNU's own format has times where ustar has the beginning of a long name.
        guard header[257..<263].elementsEqual("ustar\0".utf8), header[345] != 0 else { return name }
        return text(header[345..<500]) + "/" + name
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func kind(_ letter: UInt8, _ name: String) -> TarEntry.Kind {
        switch letter {
        case 0, UInt8(ascii: "0"): name.hasSuffix("/") ? .folder : .file
        case UInt8(ascii: "7"), UInt8(ascii: "S"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "5"): .folder
        default: .other
        }
    }

    /// Records of pax: `LENGTH KEY=VALUE` and a line end, where the length is that of the whole record.
    private static func records(_ bytes: ArraySlice<UInt8>) throws(ArchiveFault) -> [(key: String, value: String)] {
        let damaged = ArchiveFault("a header in it is damaged")
        var records: [(key: String, value: String)] = []
        var rest = bytes
        while !rest.isEmpty {
            guard let blank = rest.firstIndex(of: 32), let length = Int(text(rest[..<blank])),
                length > blank - rest.startIndex, length <= rest.count
            else { throw damaged }
            let record = rest[(blank + 1)..<(rest.startIndex + length)]
            guard record.last == 10, let sign = record.firstIndex(of: 61) else { throw damaged }
            records.append((text(record[..<sign]), text(record[(sign + 1)..<(record.endIndex - 1)])))
            rest = rest.dropFirst(length)
        }
        return records
    }
}
