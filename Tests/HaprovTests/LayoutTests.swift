import Testing

@testable import haprov

@Suite struct LayoutTests {
    @Test(arguments: [(0, "0 changes"), (1, "1 change"), (2, "2 changes")])
    func nounsAgreeWithTheirNumbers(number: Int, text: String) { #expect(Layout.count(number, "change") == text) }

    @Test func linesBreakBetweenWords() {
        let text = "install gcc, make, openssl-devel, pcre-devel and zlib-devel by yum"
        #expect(
            Layout.wrap(text, width: 34, indent: 4)
                == "install gcc, make,\n    openssl-devel, pcre-devel and\n    zlib-devel by yum")
        for line in Layout.wrap(text, width: 30, indent: 2).split(separator: "\n") { #expect(line.count <= 30) }
    }

    @Test func shortTextsAndPipesAreLeftAlone() {
        #expect(Layout.wrap("a few  words", width: 80, indent: 4) == "a few  words")
        let long = String(repeating: "word ", count: 100)
        #expect(Layout.wrap(long, width: nil, indent: 4) == long)
        // On a page this narrow, wrapping would not help.
        #expect(Layout.wrap(long, width: 20, indent: 4) == long)
    }

    @Test func aWordWiderThanThePageStaysWhole() {
        let path = String(repeating: "/folder", count: 10)
        #expect(Layout.wrap("see \(path) there", width: 40, indent: 2) == "see\n  \(path)\n  there")
    }

    @Test func tableColumnsAlign() {
        #expect(
            Layout.table([["RUN", "BY"], ["20260131", "root@host"], ["1", ""]]) == [
                "RUN       BY", "20260131  root@host", "1         ",
            ])
        #expect(Layout.table([]) == [])
    }
}
