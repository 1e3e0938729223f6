import Digests
import Foundation
import Inventory
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

/// The host's side of `tree`.
@Suite("Files that belong together")
struct TreeTests {
    private static func change(
        _ host: ScratchHost, _ files: [(String, String)], removed: [String] = [], initial: [String] = [],
        check: String = ""
    ) -> WriteTree {
        let content = TreeResource.archive(files.map { TreeFile(path: $0.0, content: Array($0.1.utf8)) })
        return WriteTree(
            name: "haproxy", path: folder(host), group: Changes.group, digest: SHA256.hex(content), check: check,
            isPackaged: false, removed: removed, initial: initial, content: .bytes(content), summary: "change files")
    }

    private static func folder(_ host: ScratchHost) -> String { host.root + "/etc/haproxy" }
    private static let key = "-----BEGIN PRIVATE KEY-----\nx\n"

    private static func fact(_ host: ScratchHost, wanted: [(String, String)]) async throws -> TreeFact {
        let pairs = wanted.flatMap { [SHA256.hex(Array($0.1.utf8)), $0.0] }
        return try await host.facts([ProbeQuery("probe_tree", arguments: ["haproxy", folder(host)] + pairs)])
            .trees["haproxy"] ?? TreeFact()
    }

    @Test("They come, change, go, and all come back", arguments: ScratchHost.shells)
    func thereAndBack(shell: String) async throws {
        let host = try ScratchHost(shell)
        let bare = try host.snapshot()
        let first = [
            ("certs/site.pem", Self.key), ("maps/a b.map", "1\n"), ("deep/er/gone", "g"), ("haproxy.cfg", "one\n"),
        ]
        #expect(try await host.perform([Self.change(host, first)], run: "R1").failure == nil)
        #expect(host.text(Self.folder(host) + "/maps/a b.map") == "1\n")
        let fact = try await Self.fact(host, wanted: [("certs/site.pem", "another"), ("haproxy.cfg", "two\n")])
        #expect(fact.record == Set(first.map(\.0)))
        #expect(fact.files["certs/site.pem"]?.mode == "0600" && fact.files["haproxy.cfg"]?.mode == "0640")
        #expect(fact.files["haproxy.cfg"]?.content == Array("one\n".utf8))
        #expect(fact.files["certs/site.pem"]?.content == nil, "no secret leaves a host to be compared")
        #expect(fact.files["maps/a b.map"]?.digest == SHA256.hex(Array("1\n".utf8)))
        let installed = try host.snapshot()

        try host.write("theirs", "etc/haproxy/certs/acme.pem")
        let second = [("certs/site.pem", Self.key + "2"), ("maps/new/n.map", "n"), ("haproxy.cfg", "two\n")]
        let outcome = try await host.perform(
            [Self.change(host, second, removed: ["deep/er/gone", "maps/a b.map"])], run: "R2")
        #expect(outcome.failure == nil, "\(outcome.output)")
        #expect(!host.exists(Self.folder(host) + "/deep"), "a folder in which nothing is any more goes too")
        #expect(host.text(Self.folder(host) + "/certs/acme.pem") == "theirs")
        #expect(try await Self.fact(host, wanted: []).record == Set(second.map(\.0)))

        let undo = try await host.undo([1], run: "R2")
        #expect(undo.failure == nil && !undo.events.contains { $0.hasPrefix("note") }, "\(undo.events)")
        try FileManager.default.removeItem(atPath: Self.folder(host) + "/certs/acme.pem")
        #expect(try host.snapshot() == installed)
        #expect(try await Self.fact(host, wanted: []).record == Set(first.map(\.0)))
        #expect(try await host.undo([1], run: "R1").failure == nil)
        #expect(try host.snapshot() == bare)
        #expect(try await Self.fact(host, wanted: []) == TreeFact())
    }

    @Test("Where owners are kept, a file that was there has its mode still", arguments: ScratchHost.shells)
    func owners(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("theirs", "etc/haproxy/haproxy.cfg", mode: 0o604)
        let before = try host.snapshot()
        let files = [("new.map", "n"), ("haproxy.cfg", "ours")]
        var change = Self.change(host, files)
        change.keepsOwners = true
        #expect(WriteTree(function: change.function, arguments: change.arguments)?.keepsOwners == true)
        #expect(try await host.perform([change], run: "R1").failure == nil)
        let fact = try await Self.fact(host, wanted: files)
        #expect(fact.files["haproxy.cfg"]?.mode == "0604" && fact.files["new.map"]?.mode == "0640")
        #expect(host.text(Self.folder(host) + "/haproxy.cfg") == "ours")
        #expect(try await host.undo([1], run: "R1").failure == nil)
        #expect(try host.snapshot() == before)
    }

    @Test("What stood there, whoever put it there, comes back", arguments: ScratchHost.shells)
    func foreign(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("theirs", "etc/haproxy/haproxy.cfg", mode: 0o604)
        try host.write("state", "etc/haproxy/state.map")
        let before = try host.snapshot()
        let files = [("state.map", "initial"), ("other.map", "initial"), ("haproxy.cfg", "ours")]
        let change = Self.change(host, files, initial: ["state.map", "other.map"])
        #expect(try await host.perform([change]).failure == nil)
        #expect(host.text(Self.folder(host) + "/state.map") == "state", "it is not haprov's to change")
        #expect(host.text(Self.folder(host) + "/other.map") == "initial")
        #expect(try await Self.fact(host, wanted: []).record == ["haproxy.cfg"])
        #expect(try await host.undo([1]).failure == nil)
        #expect(try host.snapshot() == before)
    }

    @Test("What somebody made of it since is kept aside", arguments: ScratchHost.shells)
    func edited(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("old", "etc/haproxy/haproxy.cfg")
        #expect(try await host.perform([Self.change(host, [("maps/a", "1"), ("haproxy.cfg", "new")])]).failure == nil)
        try host.write("by hand", "etc/haproxy/haproxy.cfg")
        try host.write("by hand too", "etc/haproxy/maps/a")
        let seen = try await host.facts([ProbeQuery("probe_edited", "R1")]).edited["R1"]?["0001"] ?? []
        #expect(seen.map(\.found) == ["by hand too", "by hand"].map { Array($0.utf8) })
        #expect(seen.map(\.before) == ["", "old"].map { Array($0.utf8) })
        let undo = try await host.undo([1])
        #expect(undo.events.filter { $0.hasPrefix("note") }.count == 2, "\(undo.events)")
        #expect(host.text(Self.folder(host) + "/haproxy.cfg") == "old" && !host.exists(Self.folder(host) + "/maps"))
        #expect(host.journal("found/haproxy.cfg", of: 1) == "by hand")
        #expect(host.journal("found/maps/a", of: 1) == "by hand too")
    }

    /// Whoever tests sees the folder as it is going to be at the place where it is going to be, others' files in it; nobody else does.
    @Test("A program tries them out before they are put in place", arguments: ScratchHost.shells)
    func check(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("theirs", "etc/haproxy/certs/acme.pem")
        try host.write("old", "etc/haproxy/haproxy.cfg")
        let folder = Self.folder(host)
        let script = try host.write(
            """
            #!/bin/sh
            cat "$1/haproxy.cfg" "$1/maps/a" "$1/certs/acme.pem"
            [ ! -e "$1/certs/gone.pem" ] || exit 3
            grep -q good "$1/haproxy.cfg"
            """, "check", mode: 0o755)
        try host.write("gone", "etc/haproxy/certs/gone.pem")
        let before = try host.snapshot()
        let bad = try await host.perform(
            [
                Self.change(
                    host, [("maps/a", "1"), ("haproxy.cfg", "bad")], removed: ["certs/gone.pem"],
                    check: "\(script) \(folder)")
            ])
        #expect(bad.failure?.cause?.hasSuffix("refuses it; the old files are still in place") == true, "\(bad.output)")
        #expect(try host.snapshot() == before)
        let good = try await host.perform(
            [
                Self.change(
                    host, [("maps/a", "1"), ("haproxy.cfg", "good")], removed: ["certs/gone.pem"],
                    check: "\(script) \(folder)")
            ],
            run: "R2")
        #expect(good.failure == nil, "\(good.output)")
        #expect(host.text(folder + "/haproxy.cfg") == "good")
    }

    @Test("A folder where a file should be stops it before anything is changed", arguments: ScratchHost.shells)
    func folderInTheWay(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("x", "etc/haproxy/maps/a/b")
        let before = try host.snapshot()
        let outcome = try await host.perform([Self.change(host, [("maps/a", "1"), ("haproxy.cfg", "new")])])
        #expect(outcome.failure != nil)
        #expect(try host.snapshot() == before)
    }

    @Test("Folded, all comes back as it was before the oldest run", arguments: ScratchHost.shells)
    func folded(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("theirs", "etc/haproxy/haproxy.cfg")
        try host.write("m", "etc/haproxy/maps/b")
        let before = try host.snapshot()
        #expect(
            try await host.perform([Self.change(host, [("maps/a", "1"), ("haproxy.cfg", "1")])], run: "R1").failure
                == nil)
        let later = Self.change(host, [("maps/b", "2"), ("haproxy.cfg", "2")], removed: ["maps/a"])
        #expect(try await host.perform([later], run: "R2").failure == nil)
        try await FoldTests.fold(["R1", "R2"], on: host)
        #expect(!host.exists("\(host.home)/runs/R2/0001"))
        #expect(try await FoldTests.takeBack(["R2", "R1"], on: host) == [])
        #expect(try host.snapshot() == before)
    }
}
