import Testing

@testable import Prober

@Suite struct AnswerReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var answer: String
        var status: UInt16
        var label: String
        var progress: AnswerReader.Progress
        var afterClose: AnswerReader.Progress?
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "counted", answer: "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 10\r\n\r\napp1\nrest\n",
            status: 200,
            label: "app1", progress: .complete),
        Case(
            name: "counted, one byte short", answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\napp1", status: 200,
            label: "app1", progress: .incomplete, afterClose: .malformed),
        Case(
            name: "header names in any case, blanks around the value",
            answer: "HTTP/1.0 404 Not Found\r\ncOnTeNt-LeNgTh: \t4  \r\n\r\noops", status: 404, label: "oops",
            progress: .complete),
        Case(
            name: "bare newlines", answer: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", status: 200, label: "ok",
            progress: .complete),
        Case(
            name: "until close", answer: "HTTP/1.0 200 OK\r\n\r\napp2", status: 200, label: "app2",
            progress: .incomplete,
            afterClose: .complete),
        Case(
            name: "no body", answer: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, label: "", progress: .complete),
        Case(
            name: "empty body", answer: "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", status: 302, label: "",
            progress: .complete),
        Case(
            name: "interim answer first",
            answer: "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            status: 200, label: "ok", progress: .complete),
        Case(
            name: "chunked",
            answer:
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nap\r\n3\r\np1\n\r\n0\r\nT: v\r\n\r\n",
            status: 200, label: "app1", progress: .complete),
        Case(
            name: "chunked, cut off", answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\napp1\r\n",
            status: 200, label: "app1", progress: .incomplete, afterClose: .malformed),
        Case(
            name: "bad chunk size", answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", status: 200,
            label: "", progress: .malformed),
        Case(
            name: "chunk size without digits", answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
            status: 200, label: "", progress: .malformed),
        Case(name: "not HTTP", answer: "SSH-2.0-OpenSSH_7.4\r\n\r\n", status: 0, label: "", progress: .malformed),
        Case(
            name: "bad length", answer: "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n", status: 200, label: "",
            progress: .malformed),
        Case(name: "nothing", answer: "", status: 0, label: "", progress: .incomplete, afterClose: .malformed),
    ]

    @Test(arguments: cases, [1, 3, 4096])
    func reads(_ test: Case, piece: Int) {
        var reader = AnswerReader()
        reader.reset()
        let bytes = Array(test.answer.utf8)
        var progress = AnswerReader.Progress.incomplete
        for start in stride(from: 0, to: bytes.count, by: piece) where progress == .incomplete {
            progress = bytes[start..<min(bytes.count, start + piece)].withUnsafeBytes { reader.read($0) }
        }
        #expect(progress == test.progress)
        #expect(reader.status == test.status)
        #expect(String(decoding: reader.label, as: UTF8.self) == test.label)
        if let afterClose = test.afterClose { #expect(reader.end() == afterClose) }
    }

    @Test func refusesEndlessHeads() {
        var reader = AnswerReader()
        let line = Array("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".utf8)
        let progress = (0..<200).map { _ in line.withUnsafeBytes { reader.read($0) } }
        #expect(progress.last == .malformed)
    }

    @Test func cutsLongLines() {
        var reader = AnswerReader()
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + String(repeating: "a", count: 100)
        #expect(Array(answer.utf8).withUnsafeBytes { reader.read($0) } == .complete)
        #expect(reader.label.count == AnswerReader.maximumLabel)
    }
}
