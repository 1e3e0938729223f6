import Foundation
import HostShell
import SSH
import Testing

@testable import Provisioning

/// The real script; the program is a shell script in these tests.
@Suite("What tries whether VRRP passes comes, is run and goes again")
struct TrialScriptTests {
    /// Hears until it is told to end, and sends what the kernel refuses where a file says so.
    private static let program = """
        #!/bin/sh
        case $1/$2 in
        --version/) echo 1 ;;
        trial/hear)
            [ "$4" != nowhere ] || { echo "haprov-vrrpd: looking for nowhere: No such device" >&2; exit 1; }
            trap 'printf "heard\\t10.0.0.2\\nheard\\t10.0.0.3\\n"; exit' TERM
            echo hearing
            while :; do sleep 0.05; done
            ;;
        trial/send) [ "$4" != full ] || { echo 'haprov-vrrpd: sending an advertisement by full: Operation not permitted' >&2; exit 1; } ;;
        esac

        """

    private func run(_ host: ScratchHost, _ text: String, overrides: String = "") async throws -> [Record] {
        try host.write("", "run/here")
        let before = try host.snapshot()
        let result = try await host.shell(
            text, input: Array(Self.program.utf8), overrides: "bring_places='\(host.root)/run'\n" + overrides)
        #expect(try host.snapshot() == before, "nothing stays behind")
        return Record.all(in: result.standardOutput)
    }

    @Test("It hears until it is told to end, and says whom", arguments: ScratchHost.shells)
    func hearing(shell: String) async throws {
        let host = try ScratchHost(shell)
        // The end comes from another connection: here, once the script has said where it hears. A script's program is its shell.
        let overrides = """
            readlink() { echo "$bring_program"; }
            ended=
            sleep() {
                command sleep "$1"
                [ -z "${trial_process-}" ] || [ -n "$ended" ] || ! grep -qx hearing "$trial_heard" || { ended=1; trial_end "$bring_program" "$trial_process"; }
            }
            """
        let records = try await run(
            host, "trial_hear \(Self.program.utf8.count) --interface eth0\nhp_say end", overrides: overrides)
        #expect(records.map(\.word).filter { $0 != "beat" } == ["hearing", "heard", "heard", "end"])
        #expect(records.filter { $0.word == "heard" }.map { $0[1] } == ["10.0.0.2", "10.0.0.3"])
    }

    @Test("Why it cannot hear is said", arguments: ScratchHost.shells)
    func deaf(shell: String) async throws {
        let host = try ScratchHost(shell)
        let records = try await run(host, "trial_hear \(Self.program.utf8.count) --interface nowhere\nhp_say end")
        #expect(records.map(\.word) == ["die"] && records[0][1].contains("No such device"))
        let none = try await run(host, "trial_hear 0 --interface eth0\nhp_say end")
        #expect(none.map { $0[1] } == ["haprov-vrrpd was not at hand"])
    }

    @Test("What the kernel refuses to send is told in its words", arguments: ScratchHost.shells)
    func sending(shell: String) async throws {
        let host = try ScratchHost(shell)
        let program = try host.write(Self.program, "program", mode: 0o755)
        func words(_ nic: String) async throws -> [String] {
            let result = try await host.shell("trial_send '\(program)' --interface \(nic)", overrides: "")
            return Record.all(in: result.standardOutput).map { "\($0.word) \($0[1])" }
        }
        #expect(try await words("eth0") == ["sent "])
        #expect(try await words("full") == ["refused Operation not permitted"])
    }
}
