import Foundation
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

/// Real host scripts; what they ask the kernel stands in a folder, and programs are functions.
@Suite("The probe finds whether a host is in good order")
struct FitnessScriptTests {
    private func facts(_ shell: String, _ text: String, overrides: String = "") async throws -> Facts {
        let host = try ScratchHost(shell)
        try host.write("MemTotal:        2048000 kB\nMemFree: 1 kB\nMemAvailable:    1024000 kB\n", "proc/meminfo")
        let result = try await host.shell(
            "hp_proc='\(host.root)/proc'\nfitness_reboot='\(host.root)/reboot'\n\(text)", overrides: overrides)
        try #require(result.exitStatus == 0, "\(String(decoding: result.standardError, as: UTF8.self))")
        return FactsReader.read(result.standardOutput)
    }

    @Test("Its time lies between those at which it was asked", arguments: ScratchHost.shells)
    func clock(shell: String) async throws {
        let before = Int(Date().timeIntervalSince1970 * 1000)
        let clock = try #require(try await facts(shell, "probe_clock\nsleep 0.1\nprobe_clock").clock)
        let after = Int(Date().timeIntervalSince1970 * 1000)
        #expect(before - 1 <= clock.first && clock.first + 100 <= clock.last && clock.last <= after + 1)
        let old = try await facts(shell, "date() { echo 1700000000N; }\nprobe_clock")
        #expect(old.clock == nil, "a date(1) without nanoseconds")
    }

    @Test(arguments: ScratchHost.shells)
    func memory(shell: String) async throws {
        #expect(
            try await facts(shell, "probe_memory").memory == MemoryFact(total: 2_048_000, available: 1_024_000))
    }

    @Test(arguments: ScratchHost.shells)
    func reboot(shell: String) async throws {
        let none = "hp_have() { false; }\n"
        #expect(try await facts(shell, none + "probe_reboot").reboot == nil)
        #expect(try await facts(shell, none + ": >\"$fitness_reboot\"\nprobe_reboot").reboot == "")
        let packages = "printf 'libc6\\ndbus\\nlibc6\\n' >\"$fitness_reboot.pkgs\"\n"
        #expect(
            try await facts(shell, none + packages + ": >\"$fitness_reboot\"\nprobe_reboot").reboot == "dbus libc6")
    }

    @Test("By the kernel that was installed last, where a package has the one that runs", arguments: ScratchHost.shells)
    func kernels(shell: String) async throws {
        let rpm = """
            hp_have() { [ "$1" = rpm ]; }
            rpm() { printf '%s\\n' '1700000300 3.10.0-1160.el7.x86_64' '1600000000 3.10.0-1062.el7.x86_64' \
            'package kernel-core is not installed'; }

            """
        func pending(_ running: String) async throws -> String? {
            try await facts(shell, rpm + "uname() { echo \(running); }\nprobe_reboot").reboot
        }
        #expect(try await pending("3.10.0-1062.el7.x86_64") == "kernel 3.10.0-1160.el7.x86_64")
        #expect(try await pending("3.10.0-1160.el7.x86_64") == nil)
        #expect(try await pending("6.1.0-own") == nil)
    }

    @Test(arguments: ScratchHost.shells)
    func compilersAndAgents(shell: String) async throws {
        let found = try await facts(
            shell,
            """
            hp_have() { [ "$1" = make ] || [ "$1" = gcc ]; }
            systemctl() { [ "$3" = cloud-init ]; }
            probe_compilers
            probe_agents
            """)
        #expect(found.compilers == ["gcc", "make"] && found.agents == ["cloud-init"])
    }

    @Test("Who answers for what nobody has is asked beside", arguments: ScratchHost.shells)
    func proxies(shell: String) async throws {
        let arping = """
            hp_nic_of() { :; }
            hp_have() { [ "$1" = arping ]; }
            arping() {
                case "$*" in -V) echo 'arping from iputils'; return ;; esac
                for word in "$@"; do last=$word; done
                echo "Unicast reply from $last [DE:AD:BE:EF:00:01]  0.6ms"
            }
            probe_neighbour 172.16.122.100 ens33
            """
        let answers = try await facts(shell, arping).answers
        #expect(
            Set(answers) == [
                NeighbourFact(address: "172.16.122.100", hardware: "de:ad:be:ef:00:01"),
                NeighbourFact(address: WireView.nobodys, hardware: "de:ad:be:ef:00:01"),
            ])
    }
}
