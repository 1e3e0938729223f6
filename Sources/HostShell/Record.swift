/// What a host's script says in one line: `@WORD`, then fields parted by tabs. Fields that are missing read as empty.
package struct Record: Sendable {
    private var fields: [String]

    /// Nil for a line that is no record.
    package init?<L: StringProtocol>(line: L) {
        guard line.hasPrefix("@") else { return nil }
        // What a host says goes to the operator's terminal: control characters stay out of it.
        let text = String(String.UnicodeScalarView(line.unicodeScalars.dropFirst().filter(Self.isHarmless)))
        fields = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }

    /// All records of an output; other lines are passed over.
    package static func all(in output: [UInt8]) -> [Record] {
        // Cut as bytes: in a string, a carriage return and the newline after it are one character.
        output.split(separator: UInt8(ascii: "\n")).compactMap { Record(line: String(decoding: $0, as: UTF8.self)) }
    }

    /// Printable, or one of the separators of fields and arguments.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\t" || scalar == "\u{1E}" || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
    }

    package subscript(index: Int) -> String { index < fields.count ? fields[index] : "" }
    package var word: String { self[0] }
    package func flag(_ index: Int) -> Bool { self[index] == "yes" }
    package func number(_ index: Int) -> Int { Int(self[index]) ?? 0 }
}
