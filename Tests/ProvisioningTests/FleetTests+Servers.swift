import Errors
import Foundation
import HostShell
import Inventory
import SSH
import Testing

@testable import Planning
@testable import Provisioning

/// Servers of HAProxy on several hosts; HAProxy is a shell script here, which comes in the place of haprov-prober.
extension FleetTests {
    /// Has its servers in a file beside where it is put, and refuses them all where a file says so.
    private static let client = """
        #!/bin/sh
        [ "$1" != --version ] || { echo 1; exit; }
        root=${0%/*/*}
        [ -e "$root/servers" ] || { echo "haprov-prober: $2: No such file or directory" >&2; exit 1; }
        case $3 in
        'show servers state')
            echo 1
            echo '# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight'
            cat "$root/servers"
            echo ;;
        'show stat') printf '# pxname,svname,qcur,qmax,scur,smax\\nweb,app1,0,0,0,9\\nweb,app2,1,1,2,9\\n' ;;
        'set server '*)
            set -- $3
            [ ! -e "$root/refuses-$5" ] || { echo 'Not now.'; echo; exit; }
            case $5 in drain) n=8 ;; maint) n=1 ;; *) n=0 ;; esac
            awk -v s="$3" -v n="$n" '$2 "/" $4 == s { $7 = n } { print }' "$root/servers" >"$root/new"
            mv "$root/new" "$root/servers"
            echo ;;
        esac

        """
    private static let servers = """
        3 web 1 app1 10.0.0.1 2 0 1 1
        3 web 2 app2 10.0.0.2 2 0 1 1
        4 other 1 app1 10.0.0.1 0 0 1 1

        """

    private func place(_ host: String) throws -> String { "\(try #require(hosts[host]).root)/run" }

    private func controlled() throws -> Session {
        var session = session
        try scratch.write(Self.client, to: "controller/haprov-prober")
        let program = StaticProgram(
            path: scratch.path + "/controller/haprov-prober", size: Self.client.utf8.count, sha256: "")
        session.client = { program }
        for host in hosts.values { try host.write(Self.servers, "run/servers") }
        let connections = hosts.mapValues { host in
            var connection = host.connection
            connection.overrides += "\nbring_places='\(host.root)/run'\n"
            return connection
        }
        session.connector = { host throws(SSHError) in
            guard let connection = connections[host.name] else {
                throw SSHError(code: .refused, stage: .tcp, message: "no such host", remedy: "none")
            }
            return connection
        }
        return session
    }

    /// Tells all of them, as the command does.
    private func tell(_ session: Session, _ name: String, _ state: ServerState) async throws
        -> [String: ServerControl.Answer]
    {
        try await session.withFleet { fleet in
            let control = try ServerControl(session, fleet: fleet)
            let before = try await control.look()
            let titles = try ServerControl.chosen(name, among: before).map(\.title)
            var run = ScratchHost.identity("R1")
            run.command = "server \(name) \(state.rawValue)"
            return try await session.locked(fleet, for: run, clock: { "2026-01-31T10:00:00Z" }) { [run] in
                try await control.set(state, of: titles, from: before, run: run)
            }
        }
    }

    private func state(of server: String) throws -> [String] {
        try hosts.keys.sorted().map { host in
            let lines = try String(contentsOfFile: place(host) + "/servers", encoding: .utf8).split(separator: "\n")
            let words = lines.map { $0.split(separator: " ") }.first { "\($0[1])/\($0[3])" == server }
            return words.map { String($0[6]) } ?? ""
        }
    }

    @Test("A server is drained on all balancers, in every backend that has it or in one, and is ready again")
    func drained() async throws {
        let session = try controlled()
        let answers = try await tell(session, "app1", .drain)
        #expect(answers.count == 3 && answers.values.allSatisfy { $0.keptIn == nil })
        for answer in answers.values {
            #expect(
                answer.servers == [
                    BalancedServer(backend: "web", name: "app1", state: .drain),
                    BalancedServer(backend: "web", name: "app2"),
                    BalancedServer(backend: "other", name: "app1", state: .drain, isUp: false),
                ])
        }
        #expect(try state(of: "web/app1") == ["8", "8", "8"])
        _ = try await tell(session, "web/app1", .ready)
        #expect(try state(of: "web/app1") == ["0", "0", "0"])
        #expect(try state(of: "other/app1") == ["8", "8", "8"])
        for host in hosts.values {
            #expect(!host.exists(host.home + "/lock"))
            #expect(host.text(host.home + "/runs/R1/meta")?.contains("command=server app1 drain\n") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: host.root + "/run") == ["servers"])
        }
    }

    @Test("Where one balancer does not do it, the others go back to what they were told before")
    func allOrNone() async throws {
        let session = try controlled()
        _ = try await tell(session, "app2", .drain)
        try Data().write(to: URL(fileURLWithPath: place("haproxy2") + "/refuses-maint"))
        let failed = try await failures { _ = try await tell(session, "app2", .maint) }
        #expect(failed.map(\.host) == ["haproxy2"])
        #expect(failed.first?.summary == "HAProxy says of web/app2: Not now.")
        #expect(try state(of: "web/app2") == ["8", "8", "8"])
        #expect(seen.texts.contains(" note: told to go back: haproxy1, haproxy2, haproxy3"))
        #expect(hosts.values.allSatisfy { !$0.exists($0.home + "/lock") })
    }

    @Test("A balancer whose HAProxy does not answer stops it before anything is done")
    func silent() async throws {
        let session = try controlled()
        try FileManager.default.removeItem(atPath: place("haproxy3") + "/servers")
        let failed = try await failures { _ = try await tell(session, "app1", .maint) }
        #expect(failed.map(\.host) == ["haproxy3"])
        #expect(failed.first?.summary == "/run/haproxy/admin.sock: No such file or directory")
        let one = try String(contentsOfFile: place("haproxy1") + "/servers", encoding: .utf8)
        #expect(one == Self.servers)
    }

    @Test("An unknown name is answered by those that there are; one that a balancer lacks is refused everywhere")
    func unknown() async throws {
        let session = try controlled()
        let failure = try await #require(throws: Failure.self) { _ = try await tell(session, "app9", .drain) }
        #expect(failure.summary == "HAProxy has no server `app9`")
        #expect(failure.remedy == "Its servers are other/app1, web/app1, web/app2.")
        try Data("3 web 1 app1 10.0.0.1 2 0 1 1\n".utf8).write(
            to: URL(fileURLWithPath: place("haproxy2") + "/servers"))
        let other = try await #require(throws: Failure.self) { _ = try await tell(session, "web/app2", .drain) }
        #expect(other.host == "haproxy2")
        #expect(other.summary.hasSuffix("does not have web/app2, which others have; its servers are web/app1"))
        #expect(hosts["haproxy1"].map { $0.text($0.root + "/run/servers") } == Self.servers)
    }

    @Test("Sessions are those that it has and those that wait for it")
    func sessions() async throws {
        let session = try controlled()
        try await session.withFleet { fleet in
            let control = try ServerControl(session, fleet: fleet)
            #expect(try await control.sessions(of: ["web/app1", "web/app2"]).values.map(\.self) == [3, 3, 3])
            try await control.wait(for: ["web/app1"]) { _, number in #expect(number == 0) }
        }
    }

    @Test("HAProxy's file holds what was asked for by hand alone", arguments: ScratchHost.shells)
    func kept(shell: String) async throws {
        let host = try ScratchHost(shell)
        let file = host.root + "/state"
        let states = """
            1
            # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight
            3 web 1 app1 10.0.0.1 2 8 1 1
            3 web 2 app2 10.0.0.2 0 0 1 1
            3 web 3 app3 10.0.0.3 0 1 1 1
            3 web 4 app4 10.0.0.4 0 4 1 1

            """
        let stub = "servers_ask() { cat '\(try host.write(states, "states"))'; }\n"
        func keep(_ configuration: String) async throws -> String {
            let path = try host.write(configuration, "haproxy.cfg")
            let result = try await host.shell(
                "servers_keep '\(host.root)/none' '\(path)'", overrides: stub)
            return String(decoding: result.standardOutput, as: UTF8.self)
        }
        let told = try await keep(
            "global\n    server-state-file \(file)\ndefaults\n    load-server-state-from-file global\n")
        #expect(told == "@kept\t\(file)\n")
        #expect(host.text(file) == "1\n3 web 1 app1 10.0.0.1 2 8 1 1\n3 web 3 app3 10.0.0.3 0 1 1 1\n")
        #expect(try await keep("global\n    server-state-file \(file)\n") == "@fleeting\n")
        #expect(try await keep("defaults\n    load-server-state-from-file global\n") == "@fleeting\n")
    }
}
