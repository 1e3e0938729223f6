import Foundation
import Testing

@testable import Inventory

/// Every message, word for word, by `Fixtures/diagnostics/*.txt`. A case begins with `== NAME`; lines with `-` and `+` are what
/// is taken from the valid inventory and put in its place (`\u{…}` stands for a character); the rest is what is then told.
@Suite struct DiagnosticTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var file: String
        var name: String
        var edits: [(old: [String], new: [String])] = []
        var expected: [String] = []

        var testDescription: String { "\(file): \(name)" }

        init(_ text: String, file: String) {
            let lines = text.split(separator: "\n").map(String.init)
            self.file = file
            name = lines[0]
            for line in lines.dropFirst() {
                let rest = String(line.dropFirst())
                switch line.first {
                case "-":
                    if edits.last?.new.isEmpty != true { edits.append(([], [])) }
                    edits[edits.count - 1].old.append(rest)
                case "+": edits[edits.count - 1].new.append(Self.unescaped(rest))
                case " ": expected[expected.count - 1] += "\n" + line
                default: expected.append(line)
                }
            }
        }

        private static func unescaped(_ text: String) -> String {
            text.replacing(/\\u\{([0-9a-f]+)\}/) { match in
                UInt32(match.output.1, radix: 16).flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? ""
            }
        }
    }

    static let files = ["form", "vip", "hosts", "services", "rest", "doubts"]

    static let cases: [Case] = files.flatMap { name -> [Case] in
        guard let file = Bundle.module.url(forResource: "Fixtures/diagnostics/\(name)", withExtension: "txt"),
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return [] }
        return text.components(separatedBy: "\n== ").dropFirst().map { Case($0, file: name) }
    }

    @Test(arguments: files) func everyFileHasCases(name: String) { #expect(Self.cases.count { $0.file == name } >= 15) }

    @Test func namesAreTheirOwn() { #expect(Set(Self.cases.map(\.testDescription)).count == Self.cases.count) }

    @Test(arguments: cases) func whatIsToldIsWhatStandsThere(_ example: Case) throws {
        var text = valid
        try #require(!example.edits.isEmpty)
        for (old, new) in example.edits {
            text = try inventory(
                old.joined(separator: "\n") + "\n", new.map { $0 + "\n" }.joined(), in: text + "\n")
            text.removeLast()
        }
        let reading = read(text)
        #expect(reading.diagnostics.map(\.description) == example.expected)
        #expect((reading.cluster == nil) == example.expected.contains { $0.contains(": error: ") })
    }
}
