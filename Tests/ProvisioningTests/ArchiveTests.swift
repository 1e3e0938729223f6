import Foundation
import Processes
import Testing

@testable import Planning
@testable import Provisioning

@Suite("Compiled trees on a host")
struct ArchiveTests {
    private let scratch: ScratchFolder
    private let one = BuildID("1111111111111111")
    private let two = BuildID("2222222222222222")

    init() throws { scratch = try ScratchFolder() }

    /// Packs a tree as the build does.
    private func tree(_ name: String, _ files: [String: String], links: [String: String] = [:]) async throws -> String {
        for (path, text) in files {
            try scratch.write(text, to: "\(name)/\(path)")
            if path.hasPrefix("sbin/") {
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: "\(scratch.path)/\(name)/\(path)")
            }
        }
        for (path, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: "\(scratch.path)/\(name)/\(path)", withDestinationPath: target)
        }
        let file = "\(scratch.path)/\(name).tar.gz"
        try await Command(["tar", "-czf", file, "-C", "\(scratch.path)/\(name)", "."]).output(step: "test")
        return file
    }

    private func install(
        _ build: BuildID, from file: String, on host: ScratchHost, run: String, overrides: String = ""
    ) async throws -> ScratchHost.Outcome {
        try await host.perform(
            [.change(Changes.archive("haproxy", host.root + "/usr/local/haproxy", build))], run: run,
            overrides: overrides, artifacts: [build: file])
    }

    private func fact(_ host: ScratchHost) async throws -> ArchiveFact? {
        try await host.facts([ProbeQuery("probe_archive", "haproxy", host.root + "/usr/local/haproxy")])
            .archives["haproxy"]
    }

    @Test(arguments: ScratchHost.shells)
    func installUpgradeAndBack(shell: String) async throws {
        let host = try ScratchHost(shell)
        let bare = try host.snapshot()
        let files = ["sbin/haproxy": "#!/bin/sh\n1", "doc/old.txt": "old", "doc/ünï cöde $(x)": "u"]
        let first = try await tree("one", files, links: ["sbin/alias": "haproxy", "sbin/gone": "haproxy"])
        #expect(try await fact(host) == ArchiveFact(build: "", isIntact: false))
        #expect(try await install(one, from: first, on: host, run: "R1").failure == nil)
        #expect(try await fact(host) == ArchiveFact(build: one.value, isIntact: true))
        let prefix = host.root + "/usr/local/haproxy"
        #expect(host.text(prefix + "/sbin/alias") == "#!/bin/sh\n1", "links come too")
        #expect(host.text(prefix + "/doc/ünï cöde $(x)") == "u")
        #expect(try host.snapshot()["usr/local/haproxy/sbin/haproxy"]?.contains(" 755 ") == true)
        // A configuration of somebody's below the prefix is none of the tree's.
        try host.write("cfg", "usr/local/haproxy/conf/haproxy.cfg")
        let installed = try host.snapshot()

        let second = try await tree(
            "two", ["sbin/haproxy": "#!/bin/sh\n2", "share/new/deep": "n"], links: ["sbin/alias": "../share"])
        #expect(try await install(two, from: second, on: host, run: "R2").failure == nil)
        #expect(try await fact(host) == ArchiveFact(build: two.value, isIntact: true))
        let upgraded = try host.snapshot()
        #expect(upgraded["usr/local/haproxy/doc/old.txt"] == nil && upgraded["usr/local/haproxy/sbin/gone"] == nil)
        #expect(upgraded["usr/local/haproxy/doc/ünï cöde $(x)"] == nil, "files of the old version alone go")
        #expect(upgraded["usr/local/haproxy/sbin/alias"]?.hasSuffix("../share") == true)
        #expect(host.text(prefix + "/conf/haproxy.cfg") == "cfg")

        #expect(try await host.undo([1], run: "R2").failure == nil)
        #expect(try host.snapshot() == installed)
        #expect(try await fact(host) == ArchiveFact(build: one.value, isIntact: true))
        try FileManager.default.removeItem(atPath: prefix + "/conf")
        #expect(try await host.undo([1], run: "R1").failure == nil)
        #expect(try host.snapshot() == bare)
        #expect(try await fact(host) == ArchiveFact(build: "", isIntact: false))
    }

    @Test("Files that stood in the tree's way come back", arguments: ScratchHost.shells)
    func foreignFiles(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("mine", "usr/local/haproxy/sbin/haproxy", mode: 0o700)
        try host.write("mine", "usr/local/haproxy/notes")
        let before = try host.snapshot()
        let file = try await tree("one", ["sbin/haproxy": "theirs", "doc/a": "a"])
        #expect(try await install(one, from: file, on: host, run: "R1").failure == nil)
        #expect(host.text(host.root + "/usr/local/haproxy/sbin/haproxy") == "theirs")
        let undo = try await host.undo([1], run: "R1")
        #expect(undo.failure == nil && !undo.events.contains { $0.hasPrefix("note") })
        #expect(try host.snapshot() == before)
    }

    @Test("What was put below the prefix since stays, and its directories", arguments: ScratchHost.shells)
    func filesSince(shell: String) async throws {
        let host = try ScratchHost(shell)
        let file = try await tree("one", ["sbin/haproxy": "x", "doc/a": "a"])
        _ = try await install(one, from: file, on: host, run: "R1")
        try host.write("mine", "usr/local/haproxy/doc/mine")
        let undo = try await host.undo([1], run: "R1")
        #expect(undo.failure == nil)
        #expect(
            try host.snapshot().keys.filter { $0.contains("haproxy") }.sorted() == [
                "usr/local/haproxy", "usr/local/haproxy/doc", "usr/local/haproxy/doc/mine",
            ])
        #expect(
            undo.events.contains(
                "note \(host.root)/usr/local/haproxy is kept: it holds files that haprov did not put there"))
    }

    @Test("A changed, a missing file: the tree is not intact", arguments: ScratchHost.shells)
    func drift(shell: String) async throws {
        let host = try ScratchHost(shell)
        let file = try await tree("one", ["sbin/haproxy": "x", "doc/a": "a"])
        _ = try await install(one, from: file, on: host, run: "R1")
        try host.write("changed", "usr/local/haproxy/doc/a")
        #expect(try await fact(host) == ArchiveFact(build: one.value, isIntact: false))
        _ = try await install(one, from: file, on: host, run: "R2")
        #expect(try await fact(host)?.isIntact == true)
        try FileManager.default.removeItem(atPath: host.root + "/usr/local/haproxy/sbin/haproxy")
        #expect(try await fact(host)?.isIntact == false)
        _ = try await host.undo([1], run: "R2")
        #expect(host.text(host.root + "/usr/local/haproxy/doc/a") == "changed", "as it was found")
    }

    @Test("Paths outside the tree are refused", arguments: ScratchHost.shells, ["dots", "absolute"])
    func outside(shell: String, kind: String) async throws {
        let host = try ScratchHost(shell)
        let before = try host.snapshot()
        let file = "\(scratch.path)/bad.tar.gz"
        try scratch.write("evil", to: "evil")
        try scratch.write("x", to: "in/x")
        let name = kind == "dots" ? "x/../../evil" : scratch.path + "/evil"
        try await Command(
            [
                "tar", "-czPf", file, "-C", scratch.path + "/in", "--transform=s,^EVIL$,\(name),", "x", "-C",
                scratch.path,
            ]
                + (kind == "dots" ? ["--transform=s,^evil$,\(name),", "evil"] : [name])
        ).output(step: "test")
        let outcome = try await install(one, from: file, on: host, run: "R1")
        #expect(outcome.failure?.cause == "the archive holds paths outside its tree")
        #expect(try host.snapshot() == before)
    }

    @Test("A file of an installed RPM is not overwritten", arguments: ScratchHost.shells)
    func ownedByAnRPM(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("theirs", "usr/local/haproxy/sbin/haproxy")
        let file = try await tree("one", ["sbin/haproxy": "ours", "doc/a": "a"])
        let outcome = try await install(one, from: file, on: host, run: "R1", overrides: "rpm() { echo haproxy-1.5; }")
        #expect(
            outcome.failure?.cause
                == "these files belong to an installed package and are not overwritten: \(path)")
        #expect(host.text(path) == "theirs" && !host.exists(host.root + "/usr/local/haproxy/doc"))
    }

    @Test("A program that misses a library is noticed before it is started", arguments: ScratchHost.shells)
    func missingLibrary(shell: String) async throws {
        let host = try ScratchHost(shell)
        let before = try host.snapshot()
        let file = try await tree("one", ["sbin/haproxy": "x"])
        let outcome = try await install(
            one, from: file, on: host, run: "R1", overrides: #"ldd() { printf '\tlibpcre.so.1 => not found\n'; }"#)
        #expect(
            outcome.failure?.cause
                == "shared libraries are missing: \(host.root)/usr/local/haproxy/sbin/haproxy:  libpcre.so.1 => not found "
        )
        let query = ProbeQuery("probe_archive", "haproxy", host.root + "/usr/local/haproxy")
        #expect(try await host.facts([query]).archives["haproxy"]?.build == "", "the next run installs it again")
        _ = try await host.undo([1], run: "R1")
        #expect(try host.snapshot() == before)
    }

    @Test("A damaged archive changes nothing", arguments: ScratchHost.shells)
    func damaged(shell: String) async throws {
        let host = try ScratchHost(shell)
        let before = try host.snapshot()
        let file = try await tree("one", ["sbin/haproxy": String(repeating: "x", count: 9), "doc/a": "a"])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: file))
        let outcome = try await install(one, from: file, on: host, run: "R1")
        #expect(outcome.failure?.cause?.hasSuffix("the archive is damaged") == true)
        #expect(host.state(of: 1) == nil, "it was not begun")
        _ = try await host.undo([1], run: "R1")
        #expect(try host.snapshot() == before)
    }

    @Test(
        "Where the shell dies in the middle, what was moved goes and what was replaced comes back",
        arguments: ScratchHost.shells)
    func interrupted(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("mine", "usr/local/haproxy/sbin/haproxy")
        let before = try host.snapshot()
        let file = try await tree("one", ["a/1": "1", "sbin/haproxy": "x", "z/1": "z"])
        let outcome = try await install(
            one, from: file, on: host, run: "R1",
            overrides: "mv() { case \"$*\" in */z/1) kill -9 $$; sh -c 'kill -9 $PPID' ;; esac; command mv \"$@\"; }")
        #expect(outcome.failure?.summary == "what was begun here was killed")
        #expect(host.text(host.root + "/usr/local/haproxy/sbin/haproxy") == "x", "the test is in the middle")
        let undo = try await host.undo([1], run: "R1")
        #expect(undo.failure == nil)
        #expect(try host.snapshot() == before)
    }
}
