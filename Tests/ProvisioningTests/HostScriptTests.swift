import Foundation
import HostShell
import PlanningSamples
import Processes
import Testing

@testable import Planning
@testable import Provisioning

/// Every script that is sent to hosts, as a file of this repository.
private let scripts: [String] = {
    let sources = Samples.repository + "/Sources"
    let names = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".sh") && !$0.hasPrefix("Lab/") }.map { "\(sources)/\($0)" }.sorted()
}()

@Suite("Host scripts keep to what an old host has")
struct HostScriptTests {
    @Test func allAreFound() { #expect(scripts.count >= 12) }

    @Test("Both shells can read them", arguments: ScratchHost.shells)
    func syntax(shell: String) async throws {
        for script in scripts { try await Command([shell, "-n", script]).output(step: script) }
    }

    /// Its findings go where a failure shows them.
    private static func shellcheck(_ words: [String]) async throws {
        try await Command(
            ["sh", "-c", #"exec shellcheck -s sh -f gcc "$@" >&2"#, "sh"] + words
        ).output(step: "shellcheck")
    }

    private static let program = Command.find(["shellcheck"])

    @Test(.enabled(if: program != nil, "install shellcheck to have the host scripts checked"))
    func shellcheckOfTheLibrary() async throws {
        let scratch = try ScratchFolder()
        // One text: what one file sets, another reads. Comments, which do not travel, hold what shellcheck is to pass over.
        let text = try scripts.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined(separator: "\n")
        try scratch.write(text, to: "library.sh")
        try await Self.shellcheck(["\(scratch.path)/library.sh"])
    }

    /// What coreutils 8.22, systemd 219, tar 1.26, util-linux 2.23 and POSIX sh do not have.
    static let tooNew: [(pattern: String, why: String)] = [
        (#"(^|[;&|({ \t])sync +[-"$/\w]"#, "`sync FILE` came with coreutils 8.24"),
        (#"systemctl .*--now"#, "`--now` came with systemd 220"),
        (#"systemctl .*--value"#, "`--value` came with systemd 230"),
        (#"systemctl .*(--legend=|--timestamp=|--what=)"#, "options of later systemds"),
        (#"systemd-run .*(--wait|--pipe|--collect|--pty| -P | -G )"#, "came with systemd 232 and later"),
        (#"journalctl .*(--output-fields|--cursor-file|--grep| -g )"#, "came with systemd 236 and later"),
        (#"mktemp .*--suffix"#, "write the template out"),
        (
            #"(^|[;&|({ \t])(realpath|nproc|numfmt|readarray|mapfile|tac|column|shuf) "#,
            "not needed, or not on every host"
        ),
        (#"\bbase64 .*(-i|--ignore|--wrap)"#, "`base64 | tr -d '\\n'` is the same everywhere"),
        (#"\bdate .*(-I|--iso)"#, "times come from the controller"),
        (#"\btar .*--(sort|zstd|owner-map|one-top-level|warning=)"#, "tar 1.28 and later"),
        (#"\b(head|tail) -[0-9]"#, "obsolete: -n"),
        (#"\bsed (.* )?(-i|--in-place)"#, "files are replaced, not edited in place"),
        (#"\bgrep .*-P"#, "Perl's patterns are an option of the build"),
        (#"\bcp .*(--reflink|-Z)"#, "coreutils 8.22's -Z differs"),
        (#"\bstat .*--cached"#, "coreutils 8.32"),
        (#"\bwait -[np]"#, "bash 4.3"),
        (#"\[\["#, "not in POSIX sh"),
        (#"(^|[ \t;])(local|declare|typeset|source|select|let) "#, "not in POSIX sh"),
        (#"<<<|<\(|>\(|&>|\|&"#, "not in POSIX sh"),
        (#"\becho -[ne]"#, "differs between shells: printf"),
        (#"\bset -o pipefail"#, "not in dash"),
        (#"\$\{[A-Za-z_]+(:[0-9]|//|\^|,)"#, "bash's expansions"),
        (#"\bip .*(-j|-json|-br)\b"#, "iproute 4.10 and later"),
        (#"\b(ss|ip) .*-N\b"#, "later iproute"),
        (#"(?i)\b(python|perl|ruby|jq)[0-9.]*\b"#, "hosts need sh, coreutils and sshd only"),
    ]

    @Test(arguments: scripts)
    func nothingTooNew(script: String) throws {
        let lines = try String(contentsOfFile: script, encoding: .utf8).components(separatedBy: "\n")
        for (number, line) in lines.enumerated() {
            // Comments may name what the code avoids.
            if line.drop(while: { $0 == " " }).hasPrefix("#") { continue }
            for (pattern, why) in Self.tooNew {
                let found = line.range(of: pattern, options: .regularExpression)
                #expect(found == nil, "\(script):\(number + 1): \(line.drop { $0 == " " }): \(why)")
            }
        }
    }

    @Test(
        "The list finds what it is meant to find",
        arguments: [
            "sync \"$f\"", "    sync /var", "systemctl enable --now x", "mktemp --suffix=.x", "tar --sort=name -cf x",
            "[[ a = b ]]", "local x", "echo -n x", "cat <<<x", "/usr/bin/python3 -c", "a=$(realpath x)", "a & wait -n",
            "v=${x//a/b}", "set -o pipefail", "systemctl show -p X --value u",
        ])
    func theListFinds(line: String) {
        #expect(Self.tooNew.contains { line.range(of: $0.pattern, options: .regularExpression) != nil })
    }

    @Test("A plain sync is no `sync FILE`", arguments: ["    sync", "a && sync", "sync; b", "sync || exit 1"])
    func theListLeavesAlone(line: String) {
        #expect(!Self.tooNew.contains { line.range(of: $0.pattern, options: .regularExpression) != nil })
    }

    @Test("Scripts are ASCII: a host's shell may know no other encoding")
    func ascii() throws {
        for script in scripts {
            let text = try String(contentsOfFile: script, encoding: .utf8)
            for (number, line) in text.components(separatedBy: "\n").enumerated()
            where !line.drop(while: { $0 == " " }).hasPrefix("#") {
                #expect(line.utf8.allSatisfy { $0 < 128 }, "\(script):\(number + 1): \(line)")
            }
        }
    }

    @Test("Every change that plans can hold has its three functions")
    func functions() {
        let functions = ResourceKinds.all.flatMap { $0.changes }.flatMap { $0.functions }
        #expect(Set(functions).isSuperset(of: ["file_write", "service_reload", "archive_install", "user_add"]))
        #expect(Set(functions).count == functions.count, "one kind makes a change")
        for name in functions {
            for part in ["save", "do", "undo"] {
                #expect(ShellLibrary.host.contains("\(name)_\(part)"), "\(name)_\(part) is missing")
            }
        }
    }

    @Test("No two functions or variables share a name: only one of them would travel")
    func namesAreTheirOwn() {
        #expect(ShellLibrary.host.names.count > 100)
        #expect(ShellLibrary.host.repeated == [])
    }

    @Test("What travels is what a call needs, and nothing that it needs is left behind")
    func size() {
        let library = ShellLibrary.host
        func size(_ calls: [String]...) -> Int { library.script(calls: calls).utf8.count }
        let whole = library.text(of: library.names).utf8.count
        #expect(size(["probe_vip", "192.0.2.1", "/c", "u"], ["hp_say", "end"]) * 20 < whole)
        #expect(size(["hp_touch", "R"]) * 20 < whole)
        let look = Probe.script([ProbeQuery("probe_unit", "u")]).text
        #expect(look.contains("\nprobe_unit() {") && !look.contains("service_start_do"))
        #expect(look.contains("\nhp_say_lock() {"), "what a look at the journal calls")
    }
}
