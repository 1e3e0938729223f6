/// Whole pages in the place of each other, on a screen of their own: what stood on the terminal comes back afterwards.
///
/// A value: it says what to write and writes nothing.
struct PageDrawing {
    /// Whether it has the screen.
    private(set) var isShown = false

    /// xterm's other screen, no cursor, and lines that are cut off where the terminal ends.
    private static let beginning = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
    private static let end = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    /// - Parameter height: of the terminal; what goes beyond is counted in the last line.
    mutating func draw(_ lines: [String], height: Int) -> String {
        // A line may be wrapped already.
        var rows = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        if rows.count > height, height > 1 {
            let hidden = rows.count - height + 1
            rows = rows.prefix(height - 1) + ["… \(hidden) more lines"]
        }
        let beginning = isShown ? "" : Self.beginning
        isShown = true
        // Drawn over what stands there: a page that is cleared first flickers.
        return beginning + "\u{1B}[H" + rows.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
    }

    /// What gives the terminal back; nothing where it was not taken.
    mutating func leave() -> String {
        guard isShown else { return "" }
        isShown = false
        return Self.end
    }
}
