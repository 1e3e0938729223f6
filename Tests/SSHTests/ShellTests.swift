import Foundation
import HostShell
import Testing

@testable import SSH

@Suite("Quoting")
struct ShellTests {
    @Test(
        "golden",
        arguments: [
            ("", "''"), ("plain", "plain"), ("/usr/local/haproxy-1.8.25", "/usr/local/haproxy-1.8.25"),
            ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("$HOME", "'$HOME'"), ("`id`", "'`id`'"), ("a\nb", "'a\nb'"),
            ("~", "'~'"), ("#", "'#'"), ("=", "'='"), ("*", "'*'"), ("a\\b", #"'a\b'"#), ("ü", "'ü'"), ("!", "'!'"),
            ("a\0b", "'ab'"), ("\r\n", "'\r\n'"), ("'", #"''\'''"#),
        ])
    func golden(value: String, quoted: String) {
        #expect(Shell.quote(value) == quoted)
    }

    @Test("words are joined by spaces")
    func join() {
        #expect(Shell.join(["cp", "a b", "c"]) == "cp 'a b' c")
    }

    @Test("whatever a value holds, a real shell gives it back as one word", arguments: ["/bin/dash", "/bin/bash"])
    func property(shell: String) throws {
        var generator = SeededGenerator(state: 0x5eed)
        let letters = Array("ab \t\n\r'\"\\$`!*?[]{}()<>|&;#~=%-+^,.:/@_ü漢🙂é\u{301}\u{7f}\u{1}")
        var values = (0..<500).map { _ in
            String(
                (0..<Int.random(in: 0...24, using: &generator)).compactMap { _ in
                    letters.randomElement(using: &generator)
                })
        }
        values += ["-n", "-e \\n", "\n\n", "\\", "'", "''", "$(id)", "${x:-y}", "\\\n"]
        // One NUL after each word: no word can hold one.
        let script = values.map { "printf '%s\\0' \(Shell.quote($0))\n" }.joined()
        let directory = try TemporaryDirectory()
        let result = try Command.run(shell, [directory.file("script", script)])
        #expect(result.status == 0)
        #expect(result.output == values.map { $0 + "\0" }.joined())
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
