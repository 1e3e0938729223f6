/// Writes the data types of RFC 4251 section 5.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func uint32(_ value: Int) {
        let value = UInt32(truncatingIfNeeded: value)
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    mutating func string(_ value: some Collection<UInt8>) {
        uint32(value.count)
        bytes.append(contentsOf: value)
    }

    mutating func string(_ value: String) { string(Array(value.utf8)) }

    /// An unsigned number, most significant byte first.
    mutating func mpint(_ magnitude: some Collection<UInt8>) {
        let significant = magnitude.drop { $0 == 0 }
        string((significant.first ?? 0) & 0x80 == 0 ? Array(significant) : [0] + significant)
    }
}
