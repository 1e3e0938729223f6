import Archives
import Compression
import Foundation

/// What a compressed tar archive holds, read to its end, its checksums included.
struct TarballListing {
    /// Names as they stand in the archive.
    let names: [String]

    /// - Throws: an ``ArchiveFault`` where it is no whole archive.
    init(path: String, compression: Compression) throws(ArchiveFault) {
        names = try ArchiveFault.telling {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            let decompressor = try Decompressor(compression)
            var reader = TarReader()
            while let piece = try file.read(upToCount: 1 << 18), !piece.isEmpty {
                try decompressor.read(Array(piece)) { try reader.read($0) }
            }
            try decompressor.finish()
            try reader.finish()
            return reader.entries.map(\.name)
        }
    }

    /// gzip, xz or bzip2, by a file's first bytes; nil for anything else.
    static func compression(of path: String) -> Compression? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return (try? file.read(upToCount: Compression.magicSize)).flatMap { Compression(magic: $0) }
    }
}
