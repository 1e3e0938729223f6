import ArgumentParser
import Testing

@testable import haprov

@Suite struct CommandLineTests {
    @Test(arguments: [
        (["aply"], "there is no `haprov aply`. Did you mean `haprov apply`?"),
        (["help", "stats"], "there is no `haprov stats`. Did you mean `haprov status`?"),
        (["lab", "statsu", "--json"], "there is no `haprov lab statsu`. Did you mean `haprov lab status`?"),
        (["lab", "xyzzy"], "there is no `haprov lab xyzzy`.\n"),
    ])
    func mistypedSubcommandsAreNamed(words: [String], text: String) throws {
        let hint = try #require(UnknownSubcommand(words, of: Haprov.self))
        #expect("\(hint)".contains(text))
        #expect("\(hint)".contains("--help"))
    }

    @Test(arguments: [
        [], ["apply", "inventory.yml"], ["lab", "up", "--bogus"], ["--bogus"], ["assets", "lst"],
        ["lab", "exec", "haproxy1", "--", "ls"],
    ])
    func otherFaultsAreLeftToTheParser(words: [String]) { #expect(UnknownSubcommand(words, of: Haprov.self) == nil) }

    /// Every command there is, with the words that lead to it.
    private static func all(
        _ command: any ParsableCommand.Type = Haprov.self, _ path: [String] = []
    ) -> [(path: [String], command: any ParsableCommand.Type)] {
        [(path, command)]
            + command.configuration.subcommands.flatMap { all($0, path + [$0._commandName]) }
    }

    @Test func everyCommandAndOptionIsExplained() {
        let commands = Self.all()
        #expect(commands.count > 20)
        for (path, command) in commands {
            #expect(!command.configuration.abstract.isEmpty, "\(path)")
            let lines = Haprov.helpMessage(for: command, columns: 100).split(separator: "\n")
            for (line, next) in zip(lines, lines.dropFirst() + [""])
            where line.hasPrefix("  -") || line.hasPrefix("  <") {
                // The words stand beside the option, or on the next line where it is long.
                let isExplained = line.dropFirst(2).contains("  ") || next.hasPrefix("          ")
                #expect(isExplained, "\(path): \(line)")
            }
        }
    }

    @Test(arguments: [
        ["rollback", "--all", "--to", "x"], ["verify", "--limit", "a"], ["verify", "--drill", "no-such"],
        ["apply", "--verify", "--limit", "a"], ["apply", "--verify", "--without", "a"],
        ["apply", "--without", "b", "--limit", "a"], ["plan", "--without", "b", "--limit", "a"],
        ["lab", "down", "--all", "--name", "a"], ["lab", "up", "--name", "Not a name"], ["init", "--language", "fr"],
        ["check", "one.yml", "two.yml"], ["check", "one.yml", "--files", "a.conf"], ["check", "--promise", "5s"],
        ["check", "--files", "a.conf", "--promise", "soon"], ["lab", "run"],
        ["apply", "one.yml", "two.yml", "--parallel", "2"],
        ["apply", "one.yml", "--parallel", "0", "--yes"], ["plan", "--shard", "1/2"], ["plan", "--keep-going"],
        ["plan", "one.yml", "--shard", "3/2"], ["plan", "one.yml", "--shard", "0/2"],
        ["plan", "one.yml", "--shard", "+1/2"], ["apply", "one.yml", "two.yml", "--limit", "a"],
        ["apply", "one.yml", "two.yml", "--without", "a"], ["plan", "one.yml", "two.yml", "--out", "a.plan"],
    ])
    func contradictionsAreUsageFaults(words: [String]) {
        let error = #expect(throws: (any Error).self) { _ = try Haprov.parseAsRoot(words) }
        #expect(error.map(Haprov.exitCode) == .validationFailure)
    }

    @Test func aDrillThatDoesNotExistIsAnsweredByThoseThatDo() throws {
        let error = #expect(throws: (any Error).self) {
            _ = try Haprov.parseAsRoot(["verify", "--drill", "haproxy-killed", "--drill", "haproxy-kiled"])
        }
        let text = error.map(Haprov.message) ?? ""
        #expect(text.hasPrefix("There is no drill 'haproxy-kiled'. There are haproxy-restarted, haproxy-killed"))
    }

    @Test(arguments: [
        ["plan"], ["plan", "one.yml", "two.yml", "--parallel", "2"], ["apply", "one.yml", "two.yml"],
        ["apply", "one.yml", "--parallel", "3", "--keep-going", "--shard", "2/2", "--yes"],
        ["apply", "--limit", "a,b", "--yes", "mine.yml"], ["lab", "exec", "h", "--", "ls", "-l"], ["assets"],
        ["assets", "add", "a.tar.gz", "b.tar.gz"], ["explain"], ["explain", "HV101", "--language", "zh"],
        ["check", "--files", "a.conf", "b.cfg", "--promise", "5s", "--strict"], ["rollback", "--to", "x", "--json"],
        ["lab", "power", "h", "off"],
    ])
    func soundCommandLinesAreAccepted(words: [String]) throws { _ = try Haprov.parseAsRoot(words) }
}
