import Testing

@testable import YAMLReading

@Suite("Where a place within a value stands in the file")
struct SourceLinesTests {
    @Test(arguments: [
        ("a: plain", "plain", 1, 3, (1, 6)), ("a: \"plain\"", "plain", 1, 3, (1, 7)),
        ("a: 'plain'", "plain", 1, 1, (1, 5)),
        ("a: |\n  one\n   two\n", "one\n two\n", 2, 2, (3, 4)),
        ("a: |\r\n  one\r\n  two\r\n", "one\ntwo\n", 2, 1, (3, 3)),
        // An escape, a folded text: the value's own place.
        ("a: \"p\\x6cain\"", "plain", 1, 3, (1, 4)), ("a: >\n  one\n  two\n", "one two\n", 1, 5, (1, 4)),
        ("a: one\n  two", "one two", 1, 5, (1, 4)),
    ])
    func place(text: String, value: String, line: Int, column: Int, expected: (Int, Int)) {
        let found = SourceLines(text).place(
            SourcePlace(line: line, column: column), of: value, at: SourcePlace(line: 1, column: 4))
        #expect(found == SourcePlace(line: expected.0, column: expected.1))
    }
}
