import Digests
import Foundation
import SSH
import Testing

@testable import Planning
@testable import Provisioning

@Suite("Names that a shell could stumble over")
struct NamesTests {
    static let names = [
        "with space", "-dash", "--help", "-rf", "it's", #"two "quotes""#, "$(touch pwned)", "`touch pwned`", "$HOME",
        "a;touch pwned", "back\\slash\\n", "*", "[ab]?", "~root", "ünïcode-日本", " lead", "trail ", "#hash", "a&b|c",
        "{}",
        "%s%n",
    ]

    @Test(arguments: ScratchHost.shells)
    func everyKind(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("keep", "etc/keep")
        let before = try host.snapshot()
        var changes: [any Change] = []
        for name in Self.names {
            let folder = "\(host.root)/etc/\(name)"
            changes += [
                Changes.directory(folder), Changes.write("\(folder)/\(name)", name, check: "test -f {}"),
                Changes.link("\(folder)/link", name),
            ]
        }
        let outcome = try await host.perform(changes)
        #expect(outcome.failure == nil)
        let after = try host.snapshot()
        for name in Self.names {
            #expect(after["etc/\(name)/\(name)"]?.hasSuffix(SHA256.hex(Array(name.utf8))) == true, "\(name)")
            #expect(after["etc/\(name)/link"]?.hasSuffix(" " + name) == true, "\(name)")
        }
        #expect(after.count == before.count + 3 * Self.names.count)
        let facts = try await host.facts(
            Self.names.flatMap { name in
                [
                    ProbeQuery.file("\(host.root)/etc/\(name)/\(name)", content: true),
                    .file("\(host.root)/etc/\(name)/link"), .file("\(host.root)/etc/\(name)"),
                ]
            } + [ProbeQuery("probe_run", "R1")])
        for name in Self.names {
            let folder = "\(host.root)/etc/\(name)"
            let file = try #require(facts.files["\(folder)/\(name)"], "\(name)")
            #expect(file.kind == .file && file.mode == "0644" && file.owner == Changes.user, "\(name)")
            #expect(file.content == Array(name.utf8) && file.size == name.utf8.count, "\(name)")
            #expect(facts.files["\(folder)/link"]?.digest == name)
            #expect(facts.files[folder]?.kind == .directory)
        }
        #expect(facts.entries["R1"]?.map(\.arguments) == changes.map(\.arguments))
        #expect(facts.entries["R1"]?.map(\.summary) == changes.map(\.summary))
        #expect(try await host.undo(Array(1...changes.count)).failure == nil)
        #expect(try host.snapshot() == before)
    }

    @Test("Rights and contents", arguments: ScratchHost.shells)
    func others(shell: String) async throws {
        let host = try ScratchHost(shell)
        let names = ["-rf", " it's $(false) "]
        for name in names { try host.write("x", "etc/\(name)/\(name)") }
        let before = try host.snapshot()
        let changes = names.flatMap { name in
            let folder = "\(host.root)/etc/\(name)"
            return [Changes.mode(folder, "0700"), Changes.write("\(folder)/\(name)", "y")]
        }
        #expect(try await host.perform(changes).failure == nil)
        let after = try host.snapshot()
        for name in names {
            #expect(after["etc/\(name)"]?.contains(" 700 ") == true)
            #expect(host.text("\(host.root)/etc/\(name)/\(name)") == "y")
        }
        #expect(try await host.undo([1, 2, 3, 4]).failure == nil)
        #expect(try host.snapshot() == before)
    }

    @Test("A check is split at blanks only, and its file may have any name", arguments: ScratchHost.shells)
    func check(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/it's $(touch pwned).conf"
        // In the folder with the odd name, so that the new file's path has it too.
        let folder = host.root + "/etc/it's a $(false) folder"
        let outcome = try await host.perform([
            Changes.directory(folder), Changes.write(folder + "/f", "x", check: "test -s {}"), Changes.write(path, "y"),
        ])
        #expect(outcome.failure == nil)
        #expect(host.text(folder + "/f") == "x" && host.text(path) == "y")
    }
}
