import Foundation

/// The terminal on standard output, if it is one.
struct Terminal: Sendable {
    /// Whether lines can move on it.
    let canMove: Bool
    /// Whether it is one at all.
    let isThere: Bool

    init() {
        isThere = isatty(STDOUT_FILENO) == 1
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        canMove = isThere && !kind.isEmpty && kind != "dumb"
    }

    /// Columns and rows now: the user may change them at any time.
    var size: (width: Int, height: Int) {
        var size = winsize()
        let known = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        let environment = ProcessInfo.processInfo.environment
        func choose(_ found: UInt16, _ name: String, _ usual: Int) -> Int {
            if known, found > 0 { return Int(found) }
            return environment[name].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? usual
        }
        return (choose(size.ws_col, "COLUMNS", 80), choose(size.ws_row, "LINES", 24))
    }
}
