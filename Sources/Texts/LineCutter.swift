/// Cuts a stream into lines.
package struct LineCutter: Sendable {
    /// The beginning of a line that has not ended.
    private var rest: [UInt8] = []

    package init() {}

    /// Bytes of the line that has not ended.
    package var pending: Int { rest.count }

    /// - Returns: the lines that these bytes complete, without their ends.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            } else {
                rest.append(byte)
            }
        }
        return lines
    }
}
