import Glibc
import Testing
import VRRP

@testable import VRRPDaemon

@Suite struct ProgramSearchTests {
    private final class Lines { var lines: [String] = [] }

    private func resolved(_ words: [String], as user: String = "root") throws -> (words: [String], said: [String]) {
        let lines = Lines()
        let account = try #require(Account(ScriptUser(user: user)))
        let log = Log(level: .debug) { lines.lines.append("\($0): \($1)") }
        return (ProgramSearch.resolved(words, as: account, log: log), lines.lines)
    }

    @Test(arguments: ["root", "nobody"]) func aNameIsLookedUpInThePath(_ user: String) throws {
        let (words, said) = try resolved(["sh", "-c", "true"], as: user)
        #expect(words.first?.hasSuffix("/sh") == true && words.first?.hasPrefix("/") == true)
        #expect(Array(words.dropFirst()) == ["-c", "true"])
        #expect(said == ["notice: sh is \(words[0]), by the PATH"])
        let account = try #require(Account(ScriptUser(user: user)))
        #expect(ScriptSecurity.objection(to: words[0], as: account) == nil)
    }

    @Test func aPathIsLeftAlone() throws {
        #expect(try resolved(["/no/such/sh", "sh"]).words == ["/no/such/sh", "sh"])
        #expect(try resolved(["./sh"]).words == ["./sh"])
        #expect(try resolved([]).words == [])
    }

    @Test func whatIsNotThereIsNamedAndNotRun() throws {
        let (words, said) = try resolved(["no-such-program-here", "x"])
        #expect(words == ["no-such-program-here", "x"])
        #expect(said.count == 1 && said[0].hasPrefix("error: there is no program no-such-program-here in the PATH ("))
        #expect(ScriptSecurity.objection(to: words[0], as: .root)?.contains("not named by its whole path") == true)
    }
}
