/// The header of an ELF program for x86-64 (ELF-64).
struct ELFHeader {
    private let bytes: [UInt8]

    /// - Parameter bytes: a file's first ones, as many as there are up to 4096; nil where it is no such program.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
        self.bytes = bytes
        guard number(at: 18, 2) == 62 else { return nil }
    }

    /// Whether it asks for no interpreter (PT_INTERP), and so for no shared library.
    var isStatic: Bool {
        let (offset, size, count) = (number(at: 32, 4), number(at: 54, 2), number(at: 56, 2))
        guard size >= 56, count > 0, offset + size * count <= bytes.count else { return false }
        return (0..<count).allSatisfy { number(at: offset + $0 * size, 4) != 3 }
    }

    /// Where a section's content stands in the file; nil where there is none of this name.
    ///
    /// - Parameter read: gives the bytes of the file in a range.
    func section(_ name: String, read: (Range<Int>) throws -> [UInt8]) rethrows -> Range<Int>? {
        let (offset, size, count) = (number(at: 40, 8), number(at: 58, 2), number(at: 60, 2))
        let namesIndex = number(at: 62, 2)
        guard size == 64, offset > 0, namesIndex < count else { return nil }
        let table = ELFTable(bytes: try read(offset..<(offset + size * count)))
        guard table.bytes.count == size * count else { return nil }
        func range(_ index: Int) -> Range<Int> {
            let start = table.number(at: index * size + 24, 8)
            return start..<(start + table.number(at: index * size + 32, 8))
        }
        let names = try read(range(namesIndex))
        let index = (0..<count).first { index in
            let start = table.number(at: index * size, 4)
            return start < names.count && names[start...].prefix { $0 != 0 }.elementsEqual(name.utf8)
        }
        return index.map(range)
    }

    private func number(at offset: Int, _ count: Int) -> Int { ELFTable(bytes: bytes).number(at: offset, count) }
}

/// Numbers whose lowest byte comes first.
private struct ELFTable {
    let bytes: [UInt8]

    /// What does not fit is no place in a file.
    func number(at offset: Int, _ count: Int) -> Int {
        bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | Int($1) } & (1 << 48 - 1)
    }
}
