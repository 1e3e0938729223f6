import Foundation
import Processes
import Testing

@testable import Planning
@testable import Provisioning

@Suite("Diffs in plans")
struct TextDiffTests {
    @Test func none() { #expect(TextDiff.unified(from: "a\nb\n", to: "a\nb\n", path: "/f") == nil) }

    @Test(arguments: [
        ("", "a\n", "@@ -0,0 +1 @@\n+a\n"),
        ("a\n", "", "@@ -1 +0,0 @@\n-a\n"),
        ("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nf\n", "@@ -2,5 +2,5 @@\n b\n c\n-d\n+X\n e\n f\n"),
        ("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
        ("a\n", "a", "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"),
        ("a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"),
        (
            "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "X\n2\n3\n4\n5\n6\n7\n8\nY\n",
            "@@ -1,3 +1,3 @@\n-1\n+X\n 2\n 3\n@@ -7,3 +7,3 @@\n 7\n 8\n-9\n+Y\n"
        ),
        ("1\n2\n3\n4\n5\n", "X\n2\n3\n4\nY\n", "@@ -1,5 +1,5 @@\n-1\n+X\n 2\n 3\n 4\n-5\n+Y\n"),
    ])
    func examples(old: String, new: String, hunks: String) {
        #expect(TextDiff.unified(from: old, to: new, path: "/f") == "--- /f\n+++ /f\n" + hunks)
    }

    /// Texts of few different lines, so that the same line stands in many places.
    private static func text(_ random: inout SplitMix) -> String {
        let words = ["", "a", "b", "+", "-", "-- x", "@@", "ü", "\\ No newline", "c\r"]
        let count = Int.random(in: 0...12, using: &random)
        let lines = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
        return lines.joined(separator: "\n") + (count > 0 && Bool.random(using: &random) ? "\n" : "")
    }

    @Test("Applied to the old text, a diff gives the new one; turned around, the old one")
    func roundTrip() throws {
        for seed in 0..<2000 {
            var random = SplitMix(state: UInt64(seed))
            let (old, new) = (Self.text(&random), Self.text(&random))
            guard let diff = TextDiff.unified(from: old, to: new, path: "/f") else {
                #expect(old == new)
                continue
            }
            #expect(try Self.apply(diff, to: old) == new, "seed \(seed)")
            #expect(try Self.apply(diff, to: new, reversed: true) == old, "seed \(seed)")
        }
    }

    @Test("`patch` takes them", .enabled(if: Command.find(["patch"]) != nil, "patch is not installed"))
    func patch() async throws {
        let scratch = try ScratchFolder()
        for seed in 5000..<5030 {
            var random = SplitMix(state: UInt64(seed))
            let (old, new) = (Self.text(&random), Self.text(&random))
            guard let diff = TextDiff.unified(from: old, to: new, path: "f"), !new.isEmpty else { continue }
            try scratch.write(old, to: "f")
            try scratch.write(diff, to: "d")
            try await Command(
                ["patch", "--binary", "-s", "-f", "\(scratch.path)/f", "\(scratch.path)/d"]).output(
                    step: "seed \(seed)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/f")) == Data(new.utf8), "seed \(seed)")
        }
    }

    /// What `patch` does, without its guessing: every line must be where the hunk says it is.
    private static func apply(_ diff: String, to text: String, reversed: Bool = false) throws -> String {
        var source = split(text)[...]
        var result: [String] = []
        var line = 1
        var patch = split(diff).dropFirst(2)
        let (gone, new) = reversed ? ("+", "-") : ("-", "+")
        while let head = patch.popFirst() {
            let numbers = try #require(head.wholeMatch(of: /@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n/), "\(head)")
            let start = try #require(Int(reversed ? numbers.3 : numbers.1))
            let text = reversed ? numbers.4 : numbers.2
            var count = text.flatMap { Int($0) } ?? 1
            while line < start + (count == 0 ? 1 : 0) {
                let next = source.popFirst()
                result.append(try #require(next))
                line += 1
            }
            while let next = patch.first, !next.hasPrefix("@@ -") || !next.hasSuffix(" @@\n") {
                patch.removeFirst()
                var content = String(decoding: next.utf8.dropFirst(), as: UTF8.self)
                if patch.first == "\\ No newline at end of file\n" {
                    patch.removeFirst()
                    content = String(decoding: content.utf8.dropLast(), as: UTF8.self)
                }
                let sign = String(decoding: next.utf8.prefix(1), as: UTF8.self)
                if sign != new {
                    let next = source.popFirst()
                    #expect(next == content)
                    line += 1
                    count -= 1
                }
                if sign != gone { result.append(content) }
            }
            #expect(count == 0, "the hunk's count is right")
        }
        return (result + source).joined()
    }

    private static func split(_ text: String) -> [String] {
        var lines: [[UInt8]] = [[]]
        for byte in text.utf8 {
            lines[lines.count - 1].append(byte)
            if byte == UInt8(ascii: "\n") { lines.append([]) }
        }
        if lines.last == [] { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Steele and others, "Fast splittable pseudorandom number generators" (2014): the same numbers everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
