import Foundation

/// A line that a person types at a terminal.
enum TypedLine {
    /// Waits for it: not by `readLine`, nor by read(2) alone, which Ctrl-C would not end.
    ///
    /// - Returns: without its newline; nil where the task was cancelled first, or the input has ended.
    static func read(from terminal: Int32) -> String? {
        var line: [UInt8] = []
        while !Task.isCancelled {
            var wait = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wait, 1, 100)
            if ready == 0 || (ready < 0 && errno == EINTR) { continue }
            var byte: UInt8 = 0
            let count = Foundation.read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }
}
