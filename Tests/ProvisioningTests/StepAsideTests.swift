import Foundation
import HostShell
import Planning
import PlanningSamples
import Testing

@testable import Provisioning

/// Real host scripts; systemd and the address are files.
@Suite("A balancer that holds a VIP gives it away before it restarts what serves there")
struct StepAsideTests {
    private static let restart = Call(
        "service_restart", ["h.service", "5"], resource: "service h", summary: "restart", isBarrier: true)

    /// The address is here while k.service runs.
    ///
    /// - Parameter ended: the state of units that do not run.
    private func overrides(
        _ host: ScratchHost, standby: Bool = true, ended: String = "failed", more: String = ""
    ) -> String {
        """
        hp_volatile='\(host.root)/run'
        \(standby ? "service_front=h.service service_engines='j.service k.service' service_addresses=192.0.2.100" : "")
        systemctl() {
            echo "$*" >>'\(host.root)/calls'
            case $1 in
            stop) rm -f "\(host.root)/$2" ;;
            start | restart)
                if [ -e "\(host.root)/$2.broken" ]; then rm -f "\(host.root)/$2"; return 1; fi
                : >"\(host.root)/$2"
                ;;
            -q) [ -e "\(host.root)/$3" ] ;;
            is-active) if [ -e "\(host.root)/$2" ]; then echo active; else echo \(ended); return 3; fi ;;
            esac
        }
        ip() { if [ -e '\(host.root)/k.service' ]; then echo '2: e inet 192.0.2.100/24'; fi; }
        journalctl() { :; }
        \(more)
        """
    }

    private func serving(_ shell: String) throws -> ScratchHost {
        let host = try ScratchHost(shell)
        for unit in ["h.service", "k.service"] { try host.write("", unit) }
        return host
    }

    /// What was done to units, in order.
    private func calls(_ host: ScratchHost) -> [String] {
        (host.text(host.root + "/calls") ?? "").split(separator: "\n").map(String.init)
            .filter { ["start", "stop", "restart"].contains($0.split(separator: " ").first) }
    }

    private func runs(_ host: ScratchHost) -> [Bool] {
        ["h.service", "k.service", "run/aside"].map { host.exists("\(host.root)/\($0)") }
    }

    @Test("There and back again, also when that is taken back", arguments: ScratchHost.shells)
    func aside(shell: String) async throws {
        let host = try serving(shell)
        let done = try await host.perform([Self.restart], overrides: overrides(host))
        #expect(done.failure == nil, "\(done.output)")
        #expect(calls(host) == ["stop k.service", "restart h.service", "start k.service"])
        #expect(runs(host) == [true, true, false])
        try FileManager.default.removeItem(atPath: host.root + "/calls")
        let undone = try await host.undo([1], overrides: overrides(host))
        #expect(undone.failure == nil, "\(undone.output)")
        #expect(calls(host) == ["stop k.service", "restart h.service", "start k.service"])
        #expect(runs(host) == [true, true, false])
    }

    @Test("Not where nobody could take over, and not where the VIP is elsewhere", arguments: ScratchHost.shells)
    func inPlace(shell: String) async throws {
        let holder = try serving(shell)
        #expect(
            try await holder.perform([Self.restart], overrides: overrides(holder, standby: false)).failure == nil)
        #expect(calls(holder) == ["restart h.service"])
        let standby = try serving(shell)
        let elsewhere = overrides(standby, more: "ip() { :; }")
        #expect(try await standby.perform([Self.restart], overrides: elsewhere).failure == nil)
        #expect(calls(standby) == ["restart h.service"])
    }

    @Test("What does not come back leaves the VIP elsewhere, and the engine running", arguments: ScratchHost.shells)
    func broken(shell: String) async throws {
        let host = try serving(shell)
        try host.write("", "h.service.broken")
        let failed = try await host.perform([Self.restart], overrides: overrides(host))
        #expect(failed.failure?.step == "restart")
        #expect(calls(host) == ["stop k.service", "restart h.service", "start k.service"])
        #expect(runs(host) == [false, true, false])
        // With its old files it serves again.
        try FileManager.default.removeItem(atPath: host.root + "/h.service.broken")
        #expect(try await host.undo([1], overrides: overrides(host, standby: false)).failure == nil)
        #expect(runs(host) == [true, true, false])
    }

    @Test("Where the shell is killed, a guard starts the engine", arguments: ScratchHost.shells)
    func killed(shell: String) async throws {
        let host = try serving(shell)
        let killing = #"""
            service_restart_now() { kill -9 "$(exec sh -c 'echo "$PPID"')"; }
            # So that nothing ends before the guard has done its work.
            hp_tail() { hp_wait 60 service_is_back; }
            service_is_back() { [ ! -e "$hp_volatile/aside" ]; }
            """#
        let failed = try await host.perform([Self.restart], overrides: overrides(host, more: killing))
        #expect(failed.failure?.step == "restart")
        #expect(calls(host) == ["stop k.service", "start k.service"])
        #expect(runs(host) == [true, true, false])
    }

    @Test("Where the guard is killed too, the next run starts it, whichever way it goes", arguments: ScratchHost.shells)
    func forgotten(shell: String) async throws {
        let host = try serving(shell)
        let killing = overrides(host, more: "service_restart_now() { kill -9 0; }")
        _ = try await host.perform([Self.restart], overrides: killing)
        #expect(runs(host) == [true, false, true] && host.state(of: 1) == "started")
        let asked = try await host.shell("probe_unit k.service", overrides: overrides(host))
        #expect(FactsReader.read(asked.standardOutput).units["k.service"]?.steppedAside == true)
        #expect(try await host.undo([1], overrides: overrides(host)).failure == nil)
        #expect(runs(host) == [true, true, false])
        #expect(calls(host).suffix(2) == ["restart h.service", "start k.service"])
    }

    @Test(
        "What somebody has stopped since stays so, and the engine comes back all the same",
        arguments: ScratchHost.shells)
    func stoppedSince(shell: String) async throws {
        let host = try serving(shell)
        #expect(try await host.perform([Self.restart], overrides: overrides(host)).failure == nil)
        for unit in ["h.service", "k.service"] { try FileManager.default.removeItem(atPath: "\(host.root)/\(unit)") }
        try host.write("k.service\n", "run/aside")
        let undone = try await host.undo([1], overrides: overrides(host, ended: "inactive"))
        #expect(undone.failure == nil, "\(undone.output)")
        #expect(runs(host) == [false, true, false])
    }
}
