import Testing

@testable import SSH

@Suite("Telling a script's output from what came before")
struct ScriptOutputTests {
    @Test("wherever the pieces are cut", arguments: 1...40)
    func pieces(size: Int) {
        let gathered = Gathered()
        var output = ScriptOutput(RemoteCommand(RemoteScript(""), root: nil)) { gathered.add($0) }
        let bytes = Array("motd\nhaprov: beghaprov: begin\none\nhaprov: begin\ntwo".utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            output.write(bytes[start..<min(start + size, bytes.count)], toError: false)
            output.write([UInt8(ascii: "e")], toError: true)
        }
        #expect(output.began)
        #expect(output.noise == Array("motd\nhaprov: beg".utf8))
        #expect(output.standardOutput == Array("one\nhaprov: begin\ntwo".utf8))
        #expect(gathered.output == output.standardOutput)
        #expect(gathered.error == output.standardError)
        #expect(output.standardError.count == (bytes.count + size - 1) / size)
    }

    @Test("on a terminal, standard error comes behind a mark, wherever the pieces are cut", arguments: 1...60)
    func terminal(size: Int) throws {
        var way = RootWay(RootAccess(isGiven: true))
        way.terminal = true
        let command = RemoteCommand(RemoteScript(""), root: way)
        let mark = try #require(command.errorMark)
        let gathered = Gathered()
        var output = ScriptOutput(command) { gathered.add($0) }
        let bytes =
            Array("A lecture.\nhaprov%password:\nhaprov: begin\none\nhaprov: errors\n".utf8) + mark + Array("two".utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            output.write(bytes[start..<min(start + size, bytes.count)], toError: false)
        }
        output.end()
        #expect(output.questions == 1)
        #expect(output.standardOutput == Array("one\nhaprov: errors\n".utf8))
        #expect(output.standardError == Array("two".utf8))
        #expect(gathered.output == output.standardOutput)
        #expect(gathered.error == output.standardError)
    }

    @Test("what is said before the script begins is none of its words, and the question is heard once")
    func question() {
        let gathered = Gathered()
        var output = ScriptOutput(RemoteCommand(RemoteScript(""), root: RootWay(RootAccess(isGiven: true)))) {
            gathered.add($0)
        }
        output.write(Array("haprov%%password: lecture\nhaprov%pass".utf8), toError: true)
        #expect(output.questions == 0)
        output.write(Array("word:".utf8), toError: true)
        output.write(Array("\n".utf8), toError: true)
        #expect(output.questions == 1)
        output.write(Array("haprov: begin\n".utf8), toError: false)
        output.write(Array("haprov%password:".utf8), toError: true)
        #expect(output.questions == 1)
        #expect(output.standardError == Array("haprov%password:".utf8))
        #expect(gathered.error == output.standardError)
    }

    @Test(
        "the questions of su",
        arguments: [
            ("Password: ", true), ("Password:", true), ("\nVerification code: ", true), ("su: ", false), ("su:", false),
            ("Password: \n", false), ("", false), ("su: Authentication failure\n", false),
        ])
    func questionsOfSu(heard: String, isQuestion: Bool) {
        #expect(RootWay(RootAccess(by: .su)).isQuestion(Array(heard.utf8)) == isQuestion)
    }

    @Test("noise without end is cut at its beginning")
    func endless() {
        var output = ScriptOutput(RemoteCommand(RemoteScript(""), root: nil)) { _ in }
        for _ in 0..<100 { output.write([UInt8](repeating: 7, count: 10_000), toError: false) }
        output.write(Array("last words\n".utf8), toError: false)
        #expect(!output.began)
        #expect(output.noise.count <= 64 * 1024)
        #expect(output.noise.suffix(11) == Array("last words\n".utf8)[...])
    }
}
