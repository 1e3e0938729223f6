import Foundation
import PlanningSamples
import Processes
import Testing

@testable import Planning
@testable import Provisioning

/// Real RPMs without files, in a database of the test's own; one of them brings a user.
@Suite("Packages that others have come to need", .enabled(if: Command.find(["rpmbuild"]) != nil, "rpmbuild is missing"))
struct PackageUndoTests {
    private func build(in folder: ScratchFolder, for host: ScratchHost) async throws {
        // In the language that rpm brings itself: a script of the shell's would need a package that has one.
        let user = """

            %pre -p <lua>
            for name, line in pairs { passwd = "ours:x:990:990::/:/sbin/nologin", group = "ours:x:990:" } do
                local f = io.open("\(host.root)/etc/" .. name, "a")
                f:write(line, "\\n")
                f:close()
            end
            """
        for (name, lines) in [
            ("old", ""), ("ours-lib", "Epoch: 1\nProvides: libours.so.1()(64bit)"),
            ("ours-devel", "Requires: libours.so.1()(64bit)"), ("ours-tool", "Requires: ours-lib"),
            ("ours-left", "Requires: ours-right"), ("ours-right", "Requires: ours-left"),
            ("theirs", "Requires: ours-devel >= 1"),
        ] {
            try folder.write(
                """
                Name: \(name)
                Version: 1
                Release: 1
                Summary: nothing
                License: none
                \(lines)
                %description\(name == "ours-tool" ? user : "")
                %files
                """, to: "\(name).spec")
            try await Command([
                "rpmbuild", "-bb", "--target", "noarch", "--define", "_topdir \(folder.path)",
                "\(folder.path)/\(name).spec",
            ]).output(step: "rpmbuild \(name)")
        }
    }

    private static let passwd = "root:x:0:0::/root:/bin/sh\n"
    private static let others = ["ops", "theirs"].map { "\($0):x:991:991::/:/bin/sh\n" }

    /// A host with `old`, on which a change brings everything of ours.
    ///
    /// - Parameter end: what the shell does once the packages are there.
    private func host(_ shell: String, end: String = "") async throws -> (ScratchHost, overrides: String) {
        let folder = try ScratchFolder()
        let host = try ScratchHost(shell, in: folder)
        try await build(in: folder, for: host)
        for name in ["passwd", "passwd-"] { try host.write(Self.passwd, "etc/\(name)") }
        try host.write("root:x:0:\n", "etc/group")
        let overrides = """
            rpm() { command rpm --dbpath \(host.root)/db "$@"; }
            put() { for p in "$@"; do set -- "$@" "\(folder.path)/RPMS/noarch/$p-1-1.noarch.rpm"; shift; done; rpm -i "$@"; }
            yum() { put ours-lib ours-devel ours-tool ours-left ours-right; }
            ldconfig() { :; }
            user_etc=\(host.root)/etc
            getent() { grep "^$2:" "$user_etc/$1"; }
            userdel() { sed -i "/^$1:/d" "$user_etc/passwd"; }
            groupdel() { sed -i "/^$1:/d" "$user_etc/group"; }
            """
        _ = try await host.shell("put old", overrides: overrides)
        let change = Call(
            "package_install", ["host", "refuse-upgrades", "ours-tool"], resource: "package ours", summary: "install",
            isBarrier: true)
        let ended = end.isEmpty ? "" : "\nyum() { put ours-lib ours-tool; \(end); }"
        let outcome = try await host.perform([change], overrides: overrides + ended)
        #expect((outcome.failure == nil) == end.isEmpty, "\(outcome)")
        #expect(names(host) == ["root", "ours"])
        return (host, overrides)
    }

    private func names(_ host: ScratchHost) -> [Substring] {
        let lines = (host.text(host.root + "/etc/passwd") ?? "").split(separator: "\n")
        return lines.compactMap { $0.split(separator: ":").first }
    }

    private func installed(_ host: ScratchHost, _ overrides: String) async throws -> String {
        let result = try await host.shell("package_list | paste -sd' ' -", overrides: overrides)
        return String(decoding: result.standardOutput, as: UTF8.self)
    }

    private static let undo = Step.undo(Undo(run: "R1", number: "0001", resource: "r", summary: "s"))

    @Test("All go, also those that need one another", arguments: ScratchHost.shells)
    func allGo(shell: String) async throws {
        let (host, overrides) = try await host(shell)
        let undo = try await host.perform([Self.undo], run: "U", overrides: overrides)
        #expect(undo.failure == nil && !undo.events.contains { $0.hasPrefix("note") }, "\(undo)")
        #expect(try await installed(host, overrides) == "old-1-1.noarch\n")
        for name in ["passwd", "passwd-"] { #expect(host.text("\(host.root)/etc/\(name)") == Self.passwd) }
        #expect(host.text(host.root + "/etc/group") == "root:x:0:\n")
    }

    @Test(
        "A user that a package brought goes, others' stay, also where the change died; then half a file goes too",
        arguments: ScratchHost.shells, ["", "kill -9 $$; sh -c 'kill -9 $PPID'"])
    func users(shell: String, end: String) async throws {
        let (host, overrides) = try await host(shell, end: end)
        // Somebody else's.
        let later = try #require(host.text(host.root + "/etc/passwd")) + Self.others.joined()
        try host.write(later, "etc/passwd")
        // As rpm names what it has not brought to its place yet.
        let (half, other) = (try host.write("", "usr/lib/x.so;6b085492"), try host.write("", "usr/lib/x;b"))
        let undo = try await host.perform([Self.undo], run: "U", overrides: overrides)
        #expect(undo.failure == nil, "\(undo)")
        #expect(host.exists(half) == end.isEmpty && host.exists(other))
        #expect(try await installed(host, overrides) == "old-1-1.noarch\n")
        #expect(names(host) == ["root", "ops", "theirs"])
        #expect(host.text(host.root + "/etc/group") == "root:x:0:\n")
    }

    @Test("What is needed stays and is named, with what it needs itself; the rest goes", arguments: ScratchHost.shells)
    func neededStay(shell: String) async throws {
        let (host, overrides) = try await host(shell)
        _ = try await host.shell("put theirs", overrides: overrides)
        let undo = try await host.perform([Self.undo], run: "U", overrides: overrides)
        #expect(undo.failure == nil)
        #expect(
            undo.events.filter { $0.hasPrefix("note") } == [
                "note these packages are kept, because others have come to need them (theirs-1-1.noarch): "
                    + "ours-devel-1-1.noarch, ours-lib-1:1-1.noarch"
            ])
        #expect(
            try await installed(host, overrides)
                == "old-1-1.noarch ours-devel-1-1.noarch ours-lib-1:1-1.noarch theirs-1-1.noarch\n")
        #expect(host.state(of: 1) == "undone")
        #expect(names(host) == ["root", "ours"], "whoever keeps files of theirs needs them")
    }

    @Test(
        "yum takes them away itself, so that its own books agree, without repositories", arguments: ScratchHost.shells)
    func byYum(shell: String) async throws {
        let (host, overrides) = try await host(shell)
        let yum = """

            yum() {
                printf '%s\\n' "$*" >>\(host.root)/asked
                while [ "$1" != remove ]; do shift; done
                shift
                for p in "$@"; do set -- "$@" "$(printf '%s\\n' "$p" | sed 's/-[0-9]*:/-/')"; shift; done
                rpm -e "$@"
            }
            """
        let undo = try await host.perform([Self.undo], run: "U", overrides: overrides + yum)
        #expect(undo.failure == nil && !undo.events.contains { $0.hasPrefix("note") }, "\(undo)")
        #expect(try await installed(host, overrides) == "old-1-1.noarch\n")
        #expect(
            host.text(host.root + "/asked")
                == "-y --disablerepo=* --setopt=clean_requirements_on_remove=0 --setopt=exit_on_lock=1 remove "
                + "ours-devel-1-1.noarch ours-left-1-1.noarch ours-lib-1:1-1.noarch ours-right-1-1.noarch "
                + "ours-tool-1-1.noarch\n")
    }

    @Test("Another refusal of rpm's is its own word, and nothing is taken for needed", arguments: ScratchHost.shells)
    func otherRefusal(shell: String) async throws {
        let (host, overrides) = try await host(shell)
        let broken =
            overrides
            + "\nrpm() { case $1 in -e) echo 'the database is locked'; return 1 ;; esac; command rpm --dbpath \(host.root)/db \"$@\"; }"
        let undo = try await host.perform([Self.undo], run: "U", overrides: broken)
        #expect(undo.failure?.summary == "it failed: the database is locked")
        #expect(host.state(of: 1) == "undoing")
    }

    @Test(
        "A yum that would take others along is not asked, whatever rpm's refusal reads like",
        arguments: ScratchHost.shells)
    func othersAreNotTakenAlong(shell: String) async throws {
        let (host, overrides) = try await host(shell)
        let rich =
            overrides + """

                yum() { : >\(host.root)/asked; }
                rpm() { case $1 in -e) echo '(ours-lib if theirs) is needed by (installed) theirs-1-1.noarch'; return 1 ;; esac; command rpm --dbpath \(host.root)/db "$@"; }
                """
        let undo = try await host.perform([Self.undo], run: "U", overrides: rich)
        #expect(undo.failure != nil && host.text(host.root + "/asked") == nil, "\(undo)")
        #expect(host.state(of: 1) == "undoing")
    }

    @Test("What was upgraded is no package of ours to remove", arguments: ScratchHost.shells)
    func upgraded(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("sudo-0:1-1.x86_64\n", "replaced")
        try host.write("ours-1-1.noarch\nsudo-0:2-1.x86_64\nsudo-0:2-1.noarch\nsudo-devel-2-1.x86_64\n", "brought")
        let told = try await host.shell("package_new \(host.root)/replaced \(host.root)/brought")
        let left = String(decoding: told.standardOutput, as: UTF8.self)
        #expect(left == "ours-1-1.noarch\nsudo-0:2-1.noarch\nsudo-devel-2-1.x86_64\n")
        try host.write("", "replaced")
        let all = try await host.shell("package_new \(host.root)/replaced \(host.root)/brought | wc -l")
        #expect(String(decoding: all.standardOutput, as: UTF8.self).contains("4"))
    }
}
