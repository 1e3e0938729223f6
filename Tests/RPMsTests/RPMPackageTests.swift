import Testing

@testable import RPMs

/// Headers by value; those of real RPMs are read where folders of them are.
@Suite("Headers of RPMs") struct RPMPackageTests {
    private static func bytes(_ number: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// A header of tags, each with its type, how many items it has, and their bytes.
    private static func header(_ tags: [(tag: UInt64, type: UInt64, items: UInt64, content: [UInt8])]) -> [UInt8] {
        var (index, store) = ([UInt8](), [UInt8]())
        for (tag, type, items, content) in tags {
            index += [tag, type, UInt64(store.count), items].flatMap { bytes($0, 4) }
            store += content
        }
        let head: [UInt8] = [0x8E, 0xAD, 0xE8, 0x01, 0, 0, 0, 0]
        return head + bytes(UInt64(tags.count), 4) + bytes(UInt64(store.count), 4) + index + store
    }

    /// A package with one file, whose folder is that of an index of eight bytes.
    private static func package(folder: UInt64) throws(RPMFault) -> RPMPackage {
        let signature = header([])
        let main = header([
            (1000, 6, 1, Array("alpha\0".utf8)), (1116, 5, 1, bytes(folder, 8)), (1117, 8, 1, Array("file\0".utf8)),
            (1118, 8, 2, Array("/etc/\0/usr/\0".utf8)),
        ])
        return try RPMPackage([0xED, 0xAB, 0xEE, 0xDB] + [UInt8](repeating: 0, count: 92) + signature + main)
    }

    @Test("A file is in the folder of its index", arguments: [(0, "/etc/file"), (1, "/usr/file"), (2, "file")])
    func folders(index: UInt64, path: String) throws {
        #expect(try Self.package(folder: index).files.map(\.path) == [path])
    }

    @Test("A number that nothing can count is refused", arguments: [1 << 63, UInt64.max]) func signs(index: UInt64) {
        #expect(throws: RPMFault.damaged) { try Self.package(folder: index) }
    }
}
