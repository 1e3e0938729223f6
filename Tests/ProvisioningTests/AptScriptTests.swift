import Foundation
import PlanningSamples
import Processes
import Testing

@testable import Planning
@testable import Provisioning

/// Real apt-get and dpkg, with a database, sources and packages of the test's own.
@Suite("Packages by apt", .enabled(if: Command.find(["apt-get"]) != nil, "apt-get is missing"))
struct AptScriptTests {
    private static let policy = "policy-rc.d"

    /// A host that has `old` and a source with others.
    private struct Debian {
        let folder: ScratchFolder
        let host: ScratchHost
        let overrides: String

        init(_ shell: String) async throws {
            folder = try ScratchFolder()
            host = try ScratchHost(shell, in: folder)
            let root = host.root
            // Programs of the machine, on the host's database and files: maintainer scripts are left out, there are none.
            let settings = """
                Dir "\(root)/";
                Dir::State::status "\(root)/var/lib/dpkg/status";
                Dir::Bin::dpkg "\(folder.path)/bin/dpkg";
                APT::Architecture "all";
                Apt::Architectures { "all"; };
                """
            try folder.write(settings + "\n", to: "apt.conf")
            overrides = """
                PATH=\(folder.path)/bin:$PATH
                APT_CONFIG=\(folder.path)/apt.conf
                export APT_CONFIG
                apt_policy_file=\(root)/\(AptScriptTests.policy)
                apt_marks=\(root)/var/lib/apt/extended_states
                apt_sources=\(root)/etc/apt
                user_etc=\(root)/etc
                ldconfig() { :; }
                """
            for (name, control) in [
                ("old", ""), ("ours-lib", "Provides: libours\n"), ("ours-tool", "Depends: libours\n"),
                ("ours-other", ""), ("theirs", "Depends: ours-tool\n"),
            ] {
                let head = "Package: \(name)\nVersion: 1:1\nArchitecture: all\nMaintainer: x\n"
                let text = head + "Description: x\n\(control)"
                try folder.write(text, to: "\(name)/DEBIAN/control")
                if name == "old" {
                    try folder.write("as packed\n", to: "old/etc/old.conf")
                    try folder.write("/etc/old.conf\n", to: "old/DEBIAN/conffiles")
                }
            }
            _ = try await host.shell(
                """
                set -e
                cd '\(folder.path)'
                mkdir bin
                printf '#!/bin/sh\\nexec /usr/bin/dpkg --root=\(root) --force-not-root "$@"\\n' >bin/dpkg
                printf '#!/bin/sh\\nexec /usr/bin/dpkg-query --admindir=\(root)/var/lib/dpkg "$@"\\n' >bin/dpkg-query
                chmod 755 bin/*
                for d in old ours-lib ours-tool ours-other theirs; do /usr/bin/dpkg-deb -b $d debs-$d.deb >/dev/null; done
                mkdir -p debs '\(root)'/var/lib/dpkg/info '\(root)'/var/lib/dpkg/updates '\(root)'/var/lib/apt/lists/partial \
                    '\(root)'/etc/apt '\(root)'/var/cache/apt/archives/partial '\(root)'/var/log/apt '\(root)'/etc/apt/preferences.d
                : >'\(root)'/var/lib/dpkg/status
                : >'\(root)'/var/lib/dpkg/available
                mv debs-*.deb debs
                for f in debs/*.deb; do
                    /usr/bin/dpkg-deb -f $f
                    printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "${f#debs/}" "$(stat -c %s $f)" "$(sha256sum $f | cut -d ' ' -f 1)"
                done >debs/Packages
                echo 'deb [trusted=yes] file:\(folder.path)/debs ./' >'\(root)'/etc/apt/sources.list
                dpkg -i debs/debs-old.deb >/dev/null
                """, overrides: overrides)
        }

        func packages() async throws -> [String] {
            let result = try await host.shell("apt_list", overrides: overrides)
            return String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
        }

        func install(_ names: String..., from source: String = "host") async throws -> ScratchHost.Outcome {
            let change = Call(
                "apt_install", [source, "refuse-upgrades"] + names, resource: "package ours", summary: "install",
                isBarrier: true)
            return try await host.perform([change], overrides: overrides)
        }

        func undo() async throws -> ScratchHost.Outcome {
            let undo = Step.undo(Undo(run: "R1", number: "0001", resource: "r", summary: "s"))
            return try await host.perform([undo], run: "U", overrides: overrides)
        }
    }

    @Test("What it would do, and nothing done", arguments: ScratchHost.shells)
    func resolve(shell: String) async throws {
        let debian = try await Debian(shell)
        let before = try await debian.packages()
        let result = try await debian.host.shell("apt_resolve ours-tool", overrides: debian.overrides)
        let found = Apt().transaction(source: "host", answer: String(decoding: result.standardOutput, as: UTF8.self))
        #expect(found.installs == ["ours-lib_1:1", "ours-tool_1:1"] && found.problems == [], "\(found)")
        #expect(try await debian.packages() == before && before == ["old 1:1 installed"])
    }

    @Test("From a folder of .deb files on the controller, without any source", arguments: ScratchHost.shells)
    func folderOfPackages(shell: String) async throws {
        let debian = try await Debian(shell)
        let debs = debian.folder.path + "/debs"
        // Without an index: haprov makes its own. One file is named as apt itself names what it fetches.
        _ = try await debian.host.shell(
            """
            rm '\(debs)/Packages' '\(debian.host.root)/etc/apt/sources.list'
            mv '\(debs)/debs-ours-lib.deb' '\(debs)/ours-lib_1%3a1_all.deb'
            """)
        let before = try await debian.packages()
        let cache = debian.folder.path + "/cache"
        let folder = try DebFolder(path: debs, cache: cache)
        let index = try folder.indexArchive()
        let result = try await debian.host.shell(
            "apt_try_debs \(index.count) ours-tool", input: index, overrides: debian.overrides)
        let answer = String(decoding: result.standardOutput, as: UTF8.self)
        let found = Apt().transaction(source: "host", answer: answer)
        #expect(found.installs == ["ours-lib_1:1", "ours-tool_1:1"] && found.problems == [], "\(answer)")
        let missing = try await debian.host.shell(
            "apt_try_debs \(index.count) nowhere", input: index, overrides: debian.overrides)
        let none = Apt().transaction(source: "host", answer: String(decoding: missing.standardOutput, as: UTF8.self))
        #expect(none.problems.contains("E: Unable to locate package nowhere"), "\(none)")

        let sent = debian.folder.path + "/sent.tar"
        try folder.archive(of: found, to: sent)
        let bytes = try Data(contentsOf: URL(filePath: sent))
        let source = debian.folder.path + "/source"
        let unpacked = try await debian.host.shell(
            "apt_debs '\(source)' \(bytes.count)", input: Array(bytes), overrides: debian.overrides)
        #expect(unpacked.exitStatus == 0)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: source).sorted()
                == ["Packages", "debs-ours-tool.deb", "ours-lib_1_3a1_all.deb"],
            "what the transaction needs and no more; and no name that an older apt decodes")
        let done = try await debian.install("ours-tool", from: source)
        #expect(done.failure == nil, "\(done.output)")
        #expect(try await debian.packages().count == 3)
        #expect(try await debian.undo().failure == nil)
        #expect(try await debian.packages() == before)
    }

    @Test("Installed and taken back; what had only left its configuration does so again", arguments: ScratchHost.shells)
    func thereAndBack(shell: String) async throws {
        let debian = try await Debian(shell)
        let conf = debian.host.root + "/etc/old.conf"
        _ = try await debian.host.shell("echo mine >\(conf); dpkg --remove old >/dev/null", overrides: debian.overrides)
        let before = try await debian.packages()
        #expect(before == ["old 1:1 config-files"])
        let done = try await debian.install("ours-tool", "old")
        #expect(done.failure == nil, "\(done.output)")
        #expect(
            try await debian.packages() == ["old 1:1 installed", "ours-lib 1:1 installed", "ours-tool 1:1 installed"])
        #expect(try String(contentsOfFile: conf, encoding: .utf8) == "mine\n")
        #expect(!debian.host.exists(debian.host.root + "/" + Self.policy))
        let undone = try await debian.undo()
        #expect(undone.failure == nil && !undone.events.contains { $0.hasPrefix("note") }, "\(undone.output)")
        #expect(try await debian.packages() == before)
        #expect(try String(contentsOfFile: conf, encoding: .utf8) == "mine\n")
    }

    @Test("What others have come to need stays and is named; the rest goes", arguments: ScratchHost.shells)
    func needed(shell: String) async throws {
        let debian = try await Debian(shell)
        #expect(try await debian.install("ours-tool", "ours-other").failure == nil)
        let debs = debian.host.root + "/../../debs"
        _ = try await debian.host.shell("dpkg -i '\(debs)/debs-theirs.deb'", overrides: debian.overrides)
        let undone = try await debian.undo()
        #expect(undone.failure == nil, "\(undone.output)")
        let words = "these packages are kept, because others have come to need them (theirs): ours-lib, ours-tool"
        #expect(undone.events.contains("note " + words), "\(undone.events)")
        #expect(
            try await debian.packages()
                == ["old", "ours-lib", "ours-tool", "theirs"].map { "\($0) 1:1 installed" })
    }

    @Test("Somebody's own policy comes back, a link too, whatever becomes of a run", arguments: ScratchHost.shells)
    func policies(shell: String) async throws {
        let debian = try await Debian(shell)
        let file = debian.host.root + "/" + Self.policy
        func say(_ script: String) async throws -> String {
            let overrides = debian.overrides
            return String(
                decoding: try await debian.host.shell(script, overrides: overrides).standardOutput, as: UTF8.self)
        }
        let isOn = "$(grep -c 'exit 101' \(file))"
        #expect(try await say("apt_policy_on; echo \(isOn); apt_policy_off; ls \(file)* 2>&1 | wc -l") == "1\n1\n")
        #expect(!debian.host.exists(file))
        // The second begins where the first has died.
        let twice = "apt_policy_on; apt_policy_on; echo \(isOn); apt_policy_off"
        #expect(try await say("echo own >\(file); \(twice); cat \(file); ls \(file)*") == "1\nown\n\(file)\n")
        let link = "rm \(file); echo target >\(file).t; ln -s \(file).t \(file)"
        #expect(try await say("\(link); \(twice); cat \(file).t; readlink \(file)") == "1\ntarget\n\(file).t\n")
    }

    @Test("What is removed is stopped, and nothing else is started or stopped", arguments: ScratchHost.shells)
    func removal(shell: String) async throws {
        let debian = try await Debian(shell)
        let file = debian.host.root + "/" + Self.policy
        let script = """
            apt_dpkg() { for a in stop start restart; do sh \(file) x.service $a; echo $a $?; done; return 7; }
            apt_remove; echo $?
            """
        let result = try await debian.host.shell(script, overrides: debian.overrides)
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "stop 0\nstart 101\nrestart 101\n7\n")
        #expect(!debian.host.exists(file))
    }

    @Test("A mirror that is named by its address can be reached", arguments: ScratchHost.shells)
    func addresses(shell: String) async throws {
        let debian = try await Debian(shell)
        for (url, expected) in [
            ("http://192.0.2.55/centos", true), ("http://192.0.2.55:8080", true), ("https://me:x@192.0.2.55/", true),
            ("http://[2001:db8::1]:80/x", true), ("http://nowhere.invalid/", false), ("http:///x", false),
        ] {
            let status = try await debian.host.shell("package_reachable '\(url)'").exitStatus
            #expect((status == 0) == expected, "\(url)")
        }
    }

    @Test("No password of a repository is said, whoever's it is", arguments: ScratchHost.shells)
    func passwords(shell: String) async throws {
        let debian = try await Debian(shell)
        let result = try await debian.host.shell(
            "package_repository base http://me:secret@192.0.2.55/x; package_repository here file:///nowhere /nowhere")
        let found = FactsReader.read(result.standardOutput).repositories.map { "\($0.id) \($0.url) \($0.isReachable)" }
        #expect(found == ["base http://192.0.2.55/x true", "here file:///nowhere false"])
    }

    @Test("Sources of packages, without passwords", arguments: ScratchHost.shells)
    func sources(shell: String) async throws {
        let debian = try await Debian(shell)
        let etc = debian.host.root + "/etc/apt"
        try FileManager.default.createDirectory(atPath: etc + "/sources.list.d", withIntermediateDirectories: true)
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(etc)/\(name)"))
        }
        try write(
            """
            # deb http://comment.invalid/ x main
            deb [arch=amd64 signed-by=/x] http://me:secret@localhost:80/debian bookworm main
            deb http://[::1]/debian six main
            deb-src http://source.invalid/ x main
            deb cdrom:[Debian]/ bookworm main
            """, "sources.list")
        try write(
            """
            Types: deb deb-src
            URIs: mirror+file://\(etc)/sources.list http://nowhere.invalid/debian
            Suites: bookworm bookworm-updates

            Types: deb
            URIs: http://off.invalid/
            Suites: off
            Enabled: no
            """, "sources.list.d/debian.sources")
        let result = try await debian.host.shell("apt_repositories", overrides: debian.overrides)
        let facts = FactsReader.read(result.standardOutput)
        let found = facts.repositories.map { "\($0.id) \($0.url) \($0.isReachable)" }
        #expect(
            Set(found) == [
                "bookworm http://localhost:80/debian true", "six http://[::1]/debian true",
                "bookworm cdrom:[Debian]/ false", "bookworm mirror+file://\(etc)/sources.list true",
                "bookworm http://nowhere.invalid/debian false",
            ], "\(found)")
    }
}
