/// Writes the data types of RFC 4251 section 5.
package struct WireWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func byte(_ value: UInt8) { bytes.append(value) }

    package mutating func uint32(_ value: Int) {
        let value = UInt32(truncatingIfNeeded: value)
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    package mutating func string(_ value: some Collection<UInt8>) {
        uint32(value.count)
        bytes.append(contentsOf: value)
    }

    package mutating func string(_ value: String) { string(Array(value.utf8)) }

    /// An unsigned number, most significant byte first.
    package mutating func mpint(_ magnitude: some Collection<UInt8>) {
        let significant = magnitude.drop { $0 == 0 }
        string((significant.first ?? 0) & 0x80 == 0 ? Array(significant) : [0] + significant)
    }
}
