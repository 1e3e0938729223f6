import Testing

@testable import SSH

@Suite("Telling a script's output from what came before")
struct ScriptOutputTests {
    @Test("wherever the pieces are cut", arguments: 1...40)
    func pieces(size: Int) {
        let gathered = Gathered()
        var output = ScriptOutput { gathered.add($0) }
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

    @Test("noise without end is cut at its beginning")
    func endless() {
        var output = ScriptOutput { _ in }
        for _ in 0..<100 { output.write([UInt8](repeating: 7, count: 10_000), toError: false) }
        output.write(Array("last words\n".utf8), toError: false)
        #expect(!output.began)
        #expect(output.noise.count <= 64 * 1024)
        #expect(output.noise.suffix(11) == Array("last words\n".utf8)[...])
    }
}
