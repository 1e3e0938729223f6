import Synchronization

/// Cuts a stream into lines.
final class LineSplitter: Sendable {
    private let rest = Mutex<[UInt8]>([])

    /// - Returns: the lines that these bytes complete.
    func take(_ bytes: [UInt8]) -> [String] {
        rest.withLock { rest in
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
}
