import Foundation
import HostShell
import Planning
import SSH
import Testing

@testable import Provisioning

/// Real host scripts; programs are functions, and systemd's journal is a text.
@Suite("How a balancer stands is asked over and over")
struct StandingScriptTests {
    private static let configuration = """
        vrrp_instance VI_1 {
            state BACKUP
            priority 101
        }
        vrrp_instance api {
            priority 90
        }
        """

    /// As keepalived 1.3 and 2.2 write them.
    private static let journal = """
        Starting Keepalived v2.2.7 (01/16,2022)
        (VI_1) Entering BACKUP STATE
        (VI_1) Changing effective priority from 101 to 254
        (api) Entering FAULT STATE
        Starting Keepalived v2.2.7 (01/16,2022)
        (VI_1) Entering BACKUP STATE (init)
        VRRP_Instance(VI_1) Entering MASTER STATE
        VRRP_Instance(api) Changing effective priority from 90 to 70
        """

    @Test("keepalived's state and priority: its file's, and what it said since it began", arguments: ScratchHost.shells)
    func keepalived(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write(Self.configuration, "keepalived.conf")
        try host.write(Self.journal, "journal")
        let overrides = """
            systemctl() { echo MainPID=${process_number-7}; }
            journalctl() { cat '\(host.root)/journal'; }
            """
        let text = "probe_routers keepalived.service '\(host.root)/keepalived.conf'"
        let told = FactsReader.read(try await host.shell(text, overrides: overrides).standardOutput).routers
        #expect(
            told.sorted { $0.name < $1.name } == [
                RouterFact(name: "VI_1", state: "MASTER", priority: 101),
                RouterFact(name: "api", state: "", priority: 70),
            ])
        let stopped = try await host.shell("process_number=0\n" + text, overrides: overrides).standardOutput
        #expect(FactsReader.read(stopped).routers == [], "one that does not run has no state")
    }

    @Test("haprov-vrrpd says it itself", arguments: ScratchHost.shells)
    func ownDaemon(shell: String) async throws {
        let host = try ScratchHost(shell)
        let words =
            "VI_1: MASTER, priority 101, for 3 s\\n  down: x\\nweb: BACKUP, priority 90, master 10.0.0.1\\nhaproxy: up\\n"
        try host.write("#!/bin/sh\n[ \"$1\" = status ] && printf '\(words)'\n", "proc/7/exe", mode: 0o755)
        let told = try await host.shell(
            "hp_proc='\(host.root)/proc'\nprobe_routers haprov-vrrpd.service /none",
            overrides: "systemctl() { echo MainPID=7; }")
        #expect(
            FactsReader.read(told.standardOutput).routers == [
                RouterFact(name: "VI_1", state: "MASTER", priority: 101),
                RouterFact(name: "web", state: "BACKUP", priority: 90),
            ])
    }

    @Test("The first certificate of each file that HAProxy reads, and never a key", arguments: ScratchHost.shells)
    func certificates(shell: String) async throws {
        let host = try ScratchHost(shell)
        func pem(_ words: String...) -> String {
            words.map { "-----BEGIN CERTIFICATE-----\n\($0)\n-----END CERTIFICATE-----\n" }.joined()
        }
        let key = "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n"
        try host.write(key + pem("QUJD\nREVG", "R0hJ"), "certificates/one.pem")
        try host.write(pem("MTIz"), "more/a.pem")
        try host.write(key, "more/b.key")
        try host.write(
            """
            global
                crt-base \(host.root)/certificates
            frontend web
                bind :443 ssl crt one.pem  # crt none.pem
                bind :444 ssl crt \(host.root)/more crt one.pem
            """, "etc/haproxy.cfg")
        let told = try await host.shell("probe_certificates '\(host.root)/nowhere' '\(host.root)/etc'", overrides: "")
        #expect(!String(decoding: told.standardOutput, as: UTF8.self).contains("SECRET"))
        #expect(
            FactsReader.read(told.standardOutput).certificates == [
                CertificateFact(file: "\(host.root)/certificates/one.pem", base64: "QUJDREVG"),
                CertificateFact(file: "\(host.root)/more/a.pem", base64: "MTIz"),
            ])
    }

    @Test("Servers that are kept out of service, where HAProxy would find that", arguments: ScratchHost.shells)
    func takenOut(shell: String) async throws {
        let host = try ScratchHost(shell)
        let file = "\(host.root)/server-state"
        // A server that HAProxy found dead, and one that DNS has no address for, were told nothing by hand.
        try host.write(
            """
            1
            # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight
            3 app 1 app1 172.16.122.104 2 0 1 1 5
            3 app 2 app2 172.16.122.105 2 8 1 1 5
            3 app 3 app3 172.16.122.106 0 1 1 1 5
            4 api 1 app1 172.16.122.104 0 32 1 1 5
            """, "server-state")
        let global = "global\n    server-state-file \(file)\n"
        let defaults = "defaults\n    load-server-state-from-file global\n"
        try host.write(global + defaults, "whole.cfg")
        try host.write(defaults, "half.cfg")
        try host.write(global, "other.cfg")
        func found(_ names: String...) async throws -> [BalancedServer] {
            let paths = names.map { "'\(host.root)/\($0).cfg'" }.joined(separator: " ")
            let told = try await host.shell("probe_taken_out \(paths)", overrides: "")
            return FactsReader.read(told.standardOutput).takenOut.map { BalancedServer($0) }
        }
        let expected = [
            BalancedServer(backend: "app", name: "app2", state: .drain),
            BalancedServer(backend: "app", name: "app3", state: .maint),
        ]
        #expect(try await found("none", "whole") == expected)
        #expect(try await found("half", "other") == expected)
        #expect(try await found("other") == [], "HAProxy does not read that file")
        #expect(try await found("half") == [])
        #expect(try await found("none") == [])
        try FileManager.default.removeItem(atPath: file)
        #expect(try await found("whole") == [])
    }

    /// Nothing waits, and the third round is the last.
    @Test("Light rounds, and a full one now and then; nothing stays behind", arguments: ScratchHost.shells)
    func rounds(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("", "run/here")
        let overrides = """
            bring_places='\(host.root)/run'
            slept=0
            sleep() { slept=$((slept + 1)); [ "$slept" -lt 3 ] || exit 0; }
            """
        let text = """
            live_light() { hp_say router VI_1 MASTER 101; servers_list; }
            live_full() { hp_say router full '' ''; hp_say end; }
            live 2 2 0 /run/haproxy.sock
            """
        let before = try host.snapshot()
        let told = try await host.shell(text, overrides: overrides + "\nservers_list() { hp_die 'no answer'; }")
        #expect(try host.snapshot() == before)
        var reader = RoundReader()
        let rounds = reader.take(told.standardOutput)
        #expect(
            rounds.map(\.isFull) == [false, false, true], "\(String(decoding: told.standardOutput, as: UTF8.self))")
        #expect(rounds.map(\.facts.routers.count) == [1, 1, 2])
        #expect(rounds.allSatisfy { $0.servers == nil })
    }
}

@Suite("What a balancer says over and over")
struct RoundReaderTests {
    @Test("Rounds are read however they are cut")
    func cut() {
        let text =
            "@router\tVI_1\tBACKUP\t90\n@server\tapp\tapp1\t0\t2\n@round\n@server\tapp\tapp1\t8\t0\n@round\n@router\tVI"
        for size in [1, 7, 1000] {
            var reader = RoundReader()
            var rounds: [BalancerRound] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                rounds += reader.take(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(rounds.map { $0.servers?.map(\.state) } == [[.ready], [.drain]])
            #expect(rounds.map(\.facts.routers.count) == [1, 0])
        }
    }

    @Test("A light round leaves alone what it does not ask for")
    func light() {
        var facts = FactsReader.read(
            Array(
                "@unit\tother.service\tloaded\tactive\n@version\thaproxy.service\tx 2.6\n@address\teth0\tinet\t10.0.0.1/24\n"
                    .utf8))
        facts.take(
            BalancerRound(Array("@unit\thaproxy.service\tloaded\tfailed\n@address\teth0\tinet\t10.0.0.2/24\n".utf8)))
        #expect(facts.units.mapValues(\.activeState) == ["other.service": "active", "haproxy.service": "failed"])
        #expect(facts.runningVersions == ["haproxy.service": "2.6"])
        #expect(facts.addresses.map(\.cidr) == ["10.0.0.2/24"])
        facts.take(BalancerRound(Array("@address\teth0\tinet\t10.0.0.3/24\n@end\n".utf8)))
        #expect(facts.units.isEmpty && facts.addresses.count == 1)
    }
}
