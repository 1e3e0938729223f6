import Testing

@testable import haprov

@Suite struct ProgressBoardTests {
    private var board = ProgressBoard()
    private var screen = Screen()

    private mutating func draw(at seconds: Int, width: Int = 80, height: Int = 24) {
        screen.write(board.draw(width: width, height: height, at: .seconds(seconds)))
    }

    /// As the console does: off with the lines, then the text, then the lines again.
    private mutating func say(_ text: String, at seconds: Int) {
        screen.write(board.erase() + text + "\n")
        draw(at: seconds)
    }

    @Test mutating func hostsHaveALineEachWithTheirSeconds() {
        board.start("install gcc", on: "haproxy1", at: .seconds(1))
        draw(at: 1)
        #expect(screen.lines == ["  haproxy1  install gcc …"])
        board.start("extract the tree", on: "lb2", at: .seconds(8))
        draw(at: 13)
        #expect(screen.lines == ["  haproxy1  install gcc … 12 s", "  lb2       extract the tree … 5 s"])
        board.end("install gcc", on: "haproxy1")
        draw(at: 73)
        #expect(screen.lines == ["  lb2  extract the tree … 1 min 5 s"])
        board.end("extract the tree", on: "lb2")
        draw(at: 74)
        #expect(screen.lines == [""])
        #expect(board.isEmpty)
    }

    @Test mutating func plainLinesStayAboveThem() {
        say("Prepare", at: 0)
        board.start("a", on: "h1", at: .zero)
        board.start("b", on: "h2", at: .zero)
        draw(at: 2)
        board.end("a", on: "h1")
        say("  done: a", at: 3)
        say("  note", at: 4)
        #expect(screen.lines == ["Prepare", "  done: a", "  note", "  h2  b … 4 s"])
        screen.write(board.erase())
        #expect(screen.lines == ["Prepare", "  done: a", "  note", ""])
    }

    @Test mutating func whereNothingMovesLongStepsAreTold() {
        board.start("compile haproxy", on: "haproxy1", at: .zero)
        board.start("install", on: "haproxy2", at: .seconds(10))
        #expect(board.lasting(.seconds(60), at: .seconds(65)) == ["haproxy1: compile haproxy … 1 min 5 s"])
        board.end("compile haproxy", on: "haproxy1")
        #expect(board.lasting(.seconds(60), at: .seconds(65)) == [])
    }

    @Test mutating func innerStepsGiveWayToTheOuterOne() {
        board.start("compile", on: "h", at: .zero)
        board.detail("checking for gcc", on: "h")
        draw(at: 1)
        #expect(screen.lines == ["  h  compile … 1 s  checking for gcc"])
        board.start("install openssl-devel", on: "h", at: .seconds(2))
        draw(at: 3)
        #expect(screen.lines == ["  h  install openssl-devel … 1 s"])
        board.end("install openssl-devel", on: "h")
        draw(at: 9)
        #expect(screen.lines == ["  h  compile … 9 s"])
    }

    @Test mutating func whatPrecedesAStepDoesNotOutliveIt() {
        board.detail("3 of 9 MiB sent", on: "h")
        draw(at: 1)
        #expect(screen.lines == ["  h  3 of 9 MiB sent"])
        board.start("extract", on: "h", at: .seconds(1))
        board.end("extract", on: "h")
        #expect(board.isEmpty)
    }

    @Test mutating func passingWorkShowsWhereNoHostIsBusy() {
        board.pass("at work", at: .zero)
        draw(at: 3)
        #expect(screen.lines == ["  at work … 3 s"])
        board.start("x", on: "h", at: .seconds(3))
        draw(at: 3)
        #expect(screen.lines == ["  h  x …"])
        board.endPassing()
        board.end("x", on: "h")
        draw(at: 4)
        #expect(screen.lines == [""])
    }

    @Test mutating func nothingIsWrittenWhereNothingChanged() {
        board.start("x", on: "h", at: .zero)
        #expect(board.draw(width: 80, height: 24, at: .milliseconds(1100)) != "")
        #expect(board.draw(width: 80, height: 24, at: .milliseconds(1900)) == "")
        #expect(board.draw(width: 80, height: 24, at: .milliseconds(2000)) != "")
        #expect(board.erase() != "")
        #expect(board.erase() == "")
    }

    @Test(arguments: [1, 2, 10, 24, 40, 79, 80])
    mutating func linesLeaveTheLastColumnFree(width: Int) {
        board.start("install " + String(repeating: "package, ", count: 40), on: "haproxy1", at: .zero)
        board.detail("a long line of a compiler " + String(repeating: "-I. ", count: 40), on: "haproxy1")
        draw(at: 12, width: width)
        let longest = screen.lines.map(\.count).max() ?? 0
        #expect(longest == width - 1 || width == 1 && longest == 1)
        #expect(width < 24 || screen.lines.first?.contains("… 12 s") == true)
    }

    @Test mutating func aLowTerminalShowsTheFirstHosts() {
        for number in 1...9 { board.start("x", on: "h\(number)", at: .zero) }
        draw(at: 1, height: 4)
        #expect(screen.lines.map { String($0.prefix(4)) } == ["  h1", "  h2", "  h3"])
    }

    @Test mutating func noHostTakesTheTerminalOver() {
        board.start("x", on: "h", at: .zero)
        board.detail("\u{1B}[2J\tred\u{07}\u{9B}31m", on: "h")
        draw(at: 1)
        #expect(screen.lines == ["  h  x … 1 s   [2J red  31m"])
    }
}
