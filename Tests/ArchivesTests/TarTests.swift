import Archives
import Compression
import Foundation
import Processes
import Testing

/// Archives as tar(1) writes them are read, and what is written is read by it.
@Suite("tar") struct TarTests {
    private static let long = "a-name-of-some-length/".repeated(9) + "file"
    private static let longer = "a-name-of-some-length/".repeated(20) + "file"

    /// A folder with one of everything.
    private static let content = """
        mkdir -p in/empty "in/$(dirname '\(long)')" "in/$(dirname '\(longer)')"
        printf 'some text' >'in/\(long)'; printf 'more text' >'in/\(longer)'
        seq 1 1000 >in/numbers; : >in/nothing; printf 1 >'in/名 字'
        ln -s numbers in/link; ln in/numbers in/other; mkfifo in/pipe
        truncate -s 1M in/sparse
        i=0; while [ $i -lt 40 ]; do printf x | dd of=in/sparse bs=1 seek=$((i * 16384)) conv=notrunc 2>/dev/null; i=$((i + 1)); done
        """

    @Test(
        "What tar(1) lists is found, in whatever pieces it comes",
        arguments: ["gnu", "oldgnu", "posix", "posix --sparse", "gnu --sparse"], [1 << 16, 512, 700])
    func reading(format: String, piece: Int) async throws {
        let scratch = try Scratch()
        let listed = try await scratch.shell(
            "\(Self.content)\ntar --format=\(format) -cf a.tar in\ntar --list --quoting-style=literal --file a.tar")
        let bytes = try scratch.bytes("a.tar")
        let entries = try Self.entries(bytes, piece: piece)
        #expect(entries.map(\.name) == listed.split(separator: "\n").map(String.init))
        func entry(_ name: String) throws -> TarEntry { try #require(entries.first { $0.name == "in/" + name }) }
        let text = try entry(Self.long)
        #expect(bytes[text.offset..<(text.offset + text.size)].elementsEqual("some text".utf8))
        #expect(try entry("nothing").size == 0)
        #expect(try entry("empty/").kind == .folder)
        #expect(try entry("link").kind == .symbolicLink)
        #expect(try entry("pipe").kind == .other)
        #expect(try [entry("numbers").kind, entry("other").kind].contains(.hardLink))
    }

    @Test("Sizes that octal digits cannot hold", arguments: ["gnu", "posix"]) func largeFiles(format: String)
        async throws
    {
        let scratch = try Scratch()
        _ = try await scratch.shell("truncate -s 9G big; tar --format=\(format) -cf - big | head -c 4096 >a.tar")
        var reader = TarReader()
        try reader.read(scratch.bytes("a.tar"))
        #expect(reader.entries.map(\.size) == [9 << 30])
        #expect(throws: ArchiveFault("it ends in the middle")) { try reader.finish() }
    }

    @Test(
        "What is compressed, also in several streams",
        arguments: [("gzip", Compression.gzip), ("xz", .xz), ("bzip2", .bzip2)])
    func compressed(program: String, compression: Compression) async throws {
        let scratch = try Scratch()
        _ = try await scratch.shell(
            """
            \(Self.content)
            tar -cf a.tar in
            { head -c 10000 a.tar | \(program); tail -c +10001 a.tar | \(program); head -c 512 /dev/zero; } >a.packed
            """)
        let packed = try scratch.bytes("a.packed")
        #expect(Compression(magic: packed) == compression)
        for piece in [1 << 20, 1000, 1] {
            #expect(try Self.unpacked(packed, compression, piece: piece) == Array(scratch.bytes("a.tar")))
        }
        // Whatever is missing or has changed is noticed.
        for count in [0, 1, 20, packed.count / 3, packed.count - 520] {
            #expect(throws: CompressionFault.self) {
                try Self.unpacked(packed.prefix(count), compression, piece: 1 << 16)
            }
        }
        var changed = packed
        changed[changed.startIndex + packed.count / 2] ^= 0x10
        #expect(throws: CompressionFault.self) { try Self.unpacked(changed, compression, piece: 1 << 16) }
        #expect(throws: CompressionFault.self) {
            try Self.unpacked(packed + Array("garbage".utf8), compression, piece: 1 << 16)
        }
    }

    @Test("What is no archive, or not whole, is refused") func faults() async throws {
        let scratch = try Scratch()
        _ = try await scratch.shell("seq 1 1000 >numbers; tar -cf a.tar numbers")
        let bytes = try scratch.bytes("a.tar")
        // The two blocks at its end may be missing, as for tar(1), and what follows them may be anything.
        #expect(try Self.entries(bytes.prefix(512 + 4096), piece: 512).count == 1)
        #expect(try Self.entries(bytes.prefix(512 + 4608) + Array("garbage".utf8), piece: 512).count == 1)
        for count in [1, 511, 513, 4000] {
            #expect(throws: ArchiveFault("it ends in the middle")) { try Self.entries(bytes.prefix(count), piece: 512) }
        }
        var damaged = bytes
        damaged[0] ^= 1
        #expect(throws: ArchiveFault("it is not in the format of tar")) { try Self.entries(damaged, piece: 512) }
        damaged = bytes.prefix(512 + 4096) + Array(repeating: 7, count: 512)
        #expect(throws: ArchiveFault("a header in it is damaged")) { try Self.entries(damaged, piece: 512) }
    }

    @Test("What is written is unpacked by tar(1)") func writing() async throws {
        let scratch = try Scratch()
        // Names of every length around those that fit, in one part and in parts.
        var names = [1, 99, 100, 101, 200, 255].map { String(repeating: "n", count: $0) }
        names += [80, 99, 100, 101, 155, 156].map {
            "\(String(repeating: "p", count: $0))/\(String(repeating: "n", count: 100))"
        }
        names += ["in/a/名 字", "repodata/" + "名".repeated(70), Self.longer]
        var archive: [UInt8] = []
        for (index, name) in names.enumerated() {
            let content = Array(String(repeating: "\(index) ", count: index * 100).utf8)
            archive += TarWriter.header(name, size: content.count, mode: 0o640, modified: 1_600_000_000 + index)
            archive += content + TarWriter.padding(after: content.count)
        }
        archive += TarWriter.end
        #expect(try Self.entries(archive[...], piece: 1 << 16).map(\.name) == names)
        try Data(archive).write(to: scratch.url("a.tar"))
        #expect(try await scratch.shell("mkdir out; tar -xf a.tar -C out 2>&1") == "")
        for (index, name) in names.enumerated() {
            let text = try String(contentsOf: scratch.url("out/\(name)"), encoding: .utf8)
            #expect(text == String(repeating: "\(index) ", count: index * 100))
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.url("out/\(name)").path)
            #expect(attributes[.posixPermissions] as? Int == 0o640)
            #expect((attributes[.modificationDate] as? Date)?.timeIntervalSince1970 == 1_600_000_000 + Double(index))
        }
    }

    @Test("A size of any length is written") func writingLargeFiles() async throws {
        let scratch = try Scratch()
        for size in [1 << 33 - 1, 1 << 33, 1 << 40] {
            let header = TarWriter.header("big", size: size, modified: 1)
            var reader = TarReader()
            try reader.read(header[...])
            #expect(reader.entries.map(\.size) == [size])
            try Data(header).write(to: scratch.url("a.tar"))
            #expect(try await scratch.shell("tar -tvf a.tar 2>/dev/null || :").contains(" \(size) "))
        }
    }

    @Test("A size that no file has is refused, whatever would be counted with it") func impossibleSizes() throws {
        for (size, isTaken) in [(1 << 48, true), (1 << 48 + 1, false), (.max - 511, false), (Int.max, false)] {
            var reader = TarReader()
            let header = TarWriter.header("big", size: size, modified: 1)
            if isTaken {
                try reader.read(header[...])
                #expect(reader.idle == size)
            } else {
                #expect(throws: ArchiveFault("a header in it is damaged")) { try reader.read(header[...]) }
            }
        }
    }

    private static func entries(_ bytes: ArraySlice<UInt8>, piece: Int) throws -> [TarEntry] {
        var reader = TarReader()
        for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: piece) {
            try reader.read(bytes[start..<min(start + piece, bytes.endIndex)])
        }
        try reader.finish()
        return reader.entries
    }

    private static func unpacked(_ bytes: ArraySlice<UInt8>, _ compression: Compression, piece: Int) throws -> [UInt8] {
        let decompressor = try Decompressor(compression)
        var output: [UInt8] = []
        for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: piece) {
            try decompressor.read(Array(bytes[start..<min(start + piece, bytes.endIndex)])) { output += $0 }
        }
        try decompressor.finish()
        return output
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}

/// A folder that is removed with its content at the end of a test.
private final class Scratch {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("haprov-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

    func bytes(_ name: String) throws -> ArraySlice<UInt8> { try Array(Data(contentsOf: url(name)))[...] }

    func shell(_ text: String) async throws -> String {
        let output = try await Command(["sh", "-ec", "cd '\(folder.path)'\n\(text)"]).output(step: "test")
        return String(decoding: output, as: UTF8.self)
    }
}
