/// Octets from annotated hexadecimal: whatever follows `|` on a line is for the reader.
func octets(_ text: String) -> [UInt8] {
    text.split(separator: "\n").flatMap { line in
        line.prefix { $0 != "|" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
}
