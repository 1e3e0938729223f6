import Archives
import Foundation
import Planning

/// What a program of haprov's carries inside, so that it needs no file beside it: a tar archive that stands in an ELF section
/// named `haprov`, where `make dist` puts it and strip(1) leaves it alone.
package struct BuiltIn: Sendable {
    /// That of the running program; nil where it was built and nothing more.
    package static let here = BuiltIn(path: "/proc/self/exe")

    private let path: String
    /// Where contents are in the file, by name.
    private let places: [String: Range<Int>]

    /// - Parameter path: of the program.
    package init?(path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        func read(_ range: Range<Int>) throws -> [UInt8] {
            try file.seek(toOffset: UInt64(range.lowerBound))
            return try file.read(upToCount: range.count).map { Array($0) } ?? []
        }
        guard let header = (try? read(0..<4096)).flatMap({ ELFHeader($0) }),
            let section = try? header.section("haprov", read: read)
        else { return nil }
        var reader = TarReader()
        var position = section.lowerBound
        while position < section.upperBound {
            let next = min(position + 512, section.upperBound)
            guard let block = try? read(position..<next), (try? reader.read(block[...])) != nil else { return nil }
            // Contents are passed over.
            position = min(next + reader.idle, section.upperBound)
            reader.skip(reader.idle)
        }
        self.path = path
        let files = reader.entries.filter { $0.kind == .file }.map { entry in
            let start = section.lowerBound + entry.offset
            return (entry.name, start..<(start + entry.size))
        }
        places = Dictionary(files) { $1 }
    }

    /// The names of a folder's files.
    package func names(in folder: String) -> [String] {
        places.keys.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1)) }.sorted()
    }

    /// A file; nil where there is none of this name.
    package func text(_ name: String) -> String? {
        guard let place = places[name], let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: UInt64(place.lowerBound))) != nil,
            let bytes = try? file.read(upToCount: place.count) ?? Data()
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A program for hosts.
    package func program(_ name: String) -> StaticProgram? {
        guard let place = places["programs/" + name] else { return nil }
        return StaticProgram(path: path, in: place)
    }
}
