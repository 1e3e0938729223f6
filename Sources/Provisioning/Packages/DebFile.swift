import Archives
import Compression
import Foundation

/// A Debian package: an ar archive of `debian-binary`, `control.tar` and `data.tar`, the latter two compressed. deb(5), ar(5).
enum DebFile {
    private static let magic = Array("!<arch>\n".utf8)
    private static let headerSize = 60
    /// What a package says of itself is small.
    private static let largest = 16 << 20

    /// What it says of itself: the text of its file `control`.
    static func control(of path: String) throws(ArchiveFault) -> String {
        try ArchiveFault.telling {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            guard try bytes(file, magic.count) == magic else { throw ArchiveFault("it is no Debian package") }
            while true {
                let header = try bytes(file, headerSize)
                guard header.count == headerSize else { throw ArchiveFault("it ends in the middle") }
                let name = text(header[0..<16])
                guard let size = Int(text(header[48..<58])), (0...largest).contains(size) || name.hasPrefix("data.tar")
                else { throw ArchiveFault("it is damaged") }
                guard name.hasPrefix("control.tar") else {
                    // Members begin at even places.
                    try file.seek(toOffset: try file.offset() + UInt64(size + size % 2))
                    continue
                }
                return try control(in: try bytes(file, size))
            }
        }
    }

    private static func control(in packed: [UInt8]) throws -> String {
        if packed.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            throw ArchiveFault("it is compressed by zstd, which haprov cannot read")
        }
        var tar: [UInt8] = []
        if let compression = Compression(magic: packed.prefix(Compression.magicSize)) {
            let decompressor = try Decompressor(compression)
            try decompressor.read(packed) { piece in
                tar += piece
                guard tar.count <= largest else { throw ArchiveFault("what it says of itself is far too large") }
            }
            try decompressor.finish()
        } else {
            tar = packed
        }
        var reader = TarReader()
        try reader.read(tar[...])
        try reader.finish()
        let names = ["control", "./control"]
        guard let entry = reader.entries.first(where: { $0.kind == .file && names.contains($0.name) }) else {
            throw ArchiveFault("it says nothing of itself")
        }
        return String(decoding: tar[entry.offset..<entry.offset + entry.size], as: UTF8.self)
    }

    private static func bytes(_ file: FileHandle, _ count: Int) throws -> [UInt8] {
        Array(try file.read(upToCount: count) ?? Data())
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(String(decoding: bytes, as: UTF8.self).prefix { $0 != " " && $0 != "/" })
    }
}
