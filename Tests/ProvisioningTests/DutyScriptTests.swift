import Foundation
import HostShell
import Planning
import PlanningSamples
import Testing

@testable import Provisioning

/// Real host scripts; systemd is a folder of files.
@Suite("What an operator asks of a balancer for a while")
struct DutyScriptTests {
    /// A unit runs while its file is there; it is not started where its drop-in has a condition that does not hold.
    private func systemd(_ host: ScratchHost) -> String {
        """
        maintenance_etc='\(host.root)/units'
        systemctl() {
            case $1 in
            stop) rm -f "\(host.root)/$2" ;;
            start)
                if grep -qsF "ConditionPathExists=!$hp_home/maintenance" "$maintenance_etc/$2.d"/*.conf &&
                    [ -e "$hp_home/maintenance" ]; then return 0; fi
                : >"\(host.root)/$2"
                ;;
            -q) [ -e "\(host.root)/$3" ] ;;
            esac
        }
        journalctl() { :; }
        """
    }

    private func run(_ host: ScratchHost, _ text: String) async throws -> String {
        let result = try await host.shell(text, overrides: systemd(host))
        return String(decoding: result.standardOutput, as: UTF8.self)
    }

    @Test(
        "Maintenance stops what runs and keeps it so; its end starts that again, and nothing is left",
        arguments: ScratchHost.shells)
    func maintenance(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("[Service]\n", "units/k.service.d/10-haprov.conf")
        try host.write("", "k.service")
        _ = try await run(host, "hp_folder \"$hp_home\"")
        let before = try host.snapshot()
        let begin = "maintenance_begin 7200 me@here 2026-01-31T09:45:00Z 'new memory' j.service k.service"
        #expect(try await run(host, begin) == "")
        #expect(!host.exists(host.root + "/k.service"))
        #expect(try await run(host, "systemctl start k.service; systemctl start j.service") == "")
        #expect(!host.exists(host.root + "/k.service") && !host.exists(host.root + "/j.service"))
        let facts = try await host.facts([])
        let maintenance = try #require(facts.maintenance)
        #expect(maintenance.operatorName == "me@here" && maintenance.since == "2026-01-31T09:45:00Z")
        #expect(maintenance.reason == "new memory" && !maintenance.isOver)
        // Once more, as after one that was cut off: what ran at first is not forgotten.
        #expect(try await run(host, begin) == "")
        #expect(try await run(host, "maintenance_end j.service k.service") == "")
        #expect(try Set(host.snapshot().keys) == Set(before.keys))
        #expect(try await host.facts([]).maintenance == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: host.home) == [])
    }

    @Test("One whose time has passed says so; one without a time never does", arguments: ScratchHost.shells)
    func over(shell: String) async throws {
        let host = try ScratchHost(shell)
        _ = try await run(host, "hp_folder \"$hp_home\"; hp_write \"$hp_home/maintenance\" me t 1 why k.service")
        #expect(try await host.facts([]).maintenance?.isOver == true)
        _ = try await run(host, "hp_write \"$hp_home/maintenance\" me t '' '' k.service")
        let maintenance = try #require(try await host.facts([]).maintenance)
        #expect(!maintenance.isOver && maintenance.until == nil && maintenance.reason == "")
    }

    /// The script that engines call, with places of this host's; it says how it ended.
    private func check(_ host: ScratchHost, _ words: String, serves: Bool = true) throws -> Int32 {
        let killall = try host.write("#!/bin/sh\nexit \(serves ? 0 : 1)\n", "killall", mode: 0o755)
        let template = try String(
            contentsOfFile: Samples.repository + "/Playbooks/chk_move.sh.mustache", encoding: .utf8)
        let script = template.replacing("/run/haprov", with: host.connection.volatile)
            .replacing("/usr/bin/killall", with: killall)
        let path = try host.write(script, "chk_move.sh")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [host.connection.shell, path] + words.split(separator: " ").map(String.init)
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test("A move lasts until it is taken back or HAProxy dies", arguments: ScratchHost.shells)
    func moved(shell: String) async throws {
        let host = try ScratchHost(shell)
        #expect(try check(host, "here 51") == 1)
        _ = try await host.shell("move_here 51 me@here 2026-01-31T09:45:00Z")
        #expect(
            try await host.facts([]).moves
                == [MoveFact(virtualRouterID: 51, operatorName: "me@here", since: "2026-01-31T09:45:00Z")])
        #expect(try check(host, "here 51") == 0)
        #expect(try check(host, "here 52") == 1)
        _ = try await host.shell("move_home 51")
        #expect(try check(host, "here 51") == 1)
        _ = try await host.shell("move_here 51 me@here now")
        #expect(try check(host, "here 51", serves: false) == 1)
        #expect(try check(host, "here 51") == 1, "it does not come back with HAProxy")
        #expect(try await host.facts([]).moves == [])
    }

    @Test(
        "Where nobody preempts a balancer lets go until it may stay, and says that it was asked",
        arguments: ScratchHost.shells)
    func leaving(shell: String) async throws {
        let host = try ScratchHost(shell)
        let volatile = host.connection.volatile
        #expect(try check(host, "stay 51") == 0)
        try FileManager.default.createDirectory(atPath: volatile, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: volatile + "/leave-51"))
        #expect(try check(host, "stay 51") == 1)
        #expect(host.exists(volatile + "/leaves-51"))
        _ = try await host.shell("move_stay 51")
        #expect(try check(host, "stay 51") == 0)
        #expect(!host.exists(volatile), "nothing stays behind")
        // haprov died: it does not stay away for ever.
        try FileManager.default.createDirectory(atPath: volatile, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: volatile + "/leave-51"))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: volatile + "/leave-51")
        #expect(try check(host, "stay 51") == 0)
        #expect(!host.exists(volatile + "/leave-51"))
    }
}
