import Foundation
import SSH
import Testing

@testable import Planning
@testable import Provisioning

/// The real script in a folder; the program that listens is a shell script in these tests, as is tcpdump.
@Suite("The listener comes, is run and goes again")
struct ListenScriptTests {
    private static let heard =
        "speaker\\t172.16.122.254\\t51\\t150\\t2\\tnone\\t1000\\t52:54:00:00:00:0a\\telsewhere\\t10.0.0.1,10.0.0.2\\tmulticast"

    private static func program(_ listening: String) -> String {
        "#!/bin/sh\ncase $1 in --version) echo 1 ;; listen) \(listening) ;; esac\n"
    }

    private static let speaker = Speaker(
        address: "172.16.122.254", virtualRouterID: 51, priority: 150, version: 2, authentication: "none",
        hardwareAddress: "52:54:00:00:00:0a", virtualAddresses: ["10.0.0.1", "10.0.0.2"],
        isMulticast: true)

    private static let noTcpdump = "hp_have() { [ \"$1\" != tcpdump ] && command -v \"$1\" >/dev/null; }\n"

    /// - Parameter program: its text; none where nil.
    private func listen(
        _ host: ScratchHost, _ program: String?, overrides: String = "", tcpdump: String? = nil
    ) async throws -> Listening {
        for place in ["one", "two"] { try host.write("", "\(place)/here") }
        var connection = host.connection
        connection.overrides =
            "bring_places='\(host.root)/one \(host.root)/two'\n"
            + (tcpdump == nil ? Self.noTcpdump : "hp_have() { :; }\n")
            + overrides
        if let tcpdump { connection.overrides += "\ntimeout() { \(tcpdump)\n}\n" }
        var shipped: StaticProgram?
        if let program {
            let path = try host.write(program, "controller/haprov-vrrpd", mode: 0o755)
            shipped = StaticProgram(path: path, size: program.utf8.count, sha256: "")
        }
        let before = try host.snapshot()
        let result = try await connection.run(
            Probe.listening(on: "ens33", seconds: 3, program: shipped), deadline: Deadline(idle: 60, total: 60),
            output: { _ in })
        #expect(result.exitStatus == 0)
        #expect(String(decoding: result.standardOutput.suffix(5), as: UTF8.self) == "@end\n")
        #expect(try host.snapshot() == before, "nothing stays behind")
        return try #require(FactsReader.read(result.standardOutput).listening)
    }

    @Test(arguments: ScratchHost.shells)
    func haprovsOwn(shell: String) async throws {
        let host = try ScratchHost(shell)
        let heard = try await listen(
            host, Self.program("[ \"$*\" = 'listen --interface ens33 --seconds 3' ] && printf '\(Self.heard)\\n'"))
        #expect(heard == Listening(means: "haprov-vrrpd", reason: "", speakers: [Self.speaker]))
    }

    @Test("Nobody but root may look at it or write there", arguments: ScratchHost.shells)
    func privacy(shell: String) async throws {
        let host = try ScratchHost(shell)
        let listing = "stat -c '%a' \"$(dirname \"$0\")\" \"$0\" | tr '\\n' ' ' | sed 's/^/speaker\\t/'; echo"
        let heard = try await listen(host, Self.program(listing))
        #expect(heard.speakers.map(\.address) == ["700 700 "])
    }

    @Test("Where it may not run in one place it is tried in another", arguments: ScratchHost.shells)
    func noexec(shell: String) async throws {
        let host = try ScratchHost(shell)
        let program =
            "#!/bin/sh\ncase $0 in */one/*) echo \"$0: Permission denied\" >&2; exit 126 ;; esac\n"
            + Self.program("printf '\(Self.heard)\\n'").dropFirst("#!/bin/sh\n".count)
        #expect(try await listen(host, program).speakers == [Self.speaker])
    }

    private static let forbidden = "#!/bin/sh\necho \"$0: Operation not permitted\" >&2; exit 126\n"

    @Test(arguments: ScratchHost.shells)
    func notLooked(shell: String) async throws {
        let host = try ScratchHost(shell)
        #expect(
            try await listen(host, Self.forbidden)
                == Listening(
                    means: nil, reason: "haprov-vrrpd may not run (Operation not permitted), and there is no tcpdump"))
        #expect(
            try await listen(host, nil)
                == Listening(means: nil, reason: "haprov-vrrpd was not at hand, and there is no tcpdump"))
        #expect(
            try await listen(host, Self.program("echo 'haprov-vrrpd: opening a packet socket: x' >&2; exit 1"))
                == Listening(means: nil, reason: "haprov-vrrpd: opening a packet socket: x, and there is no tcpdump"))
        #expect(
            try await listen(host, Self.program(":"), overrides: "df() { printf 'a\\nb 1 1 1 1 /\\n'; }")
                == Listening(means: nil, reason: "there is no place for haprov-vrrpd, and there is no tcpdump"))
    }

    /// As tcpdump 4.9 and 4.99 write them.
    private static let lines = """
        IP 172.16.122.254 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 120, authtype simple, intvl 1s, length 20
        IP 172.16.122.9 > 224.0.0.18: VRRPv3, Advertisement, vrid 7, prio 100, intvl 100cs, length 12
        IP 172.16.122.254 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 150, authtype simple, intvl 1s, length 20
        IP 172.16.122.8 > 224.0.0.18: ip-proto-112 24
        """

    @Test(arguments: ScratchHost.shells)
    func tcpdump(shell: String) async throws {
        let host = try ScratchHost(shell)
        let heard = try await listen(host, Self.forbidden, tcpdump: "cat <<'END'\n\(Self.lines)\nEND\nreturn 124")
        #expect(heard.means == "tcpdump" && heard.reason == "haprov-vrrpd may not run (Operation not permitted)")
        #expect(
            Set(heard.speakers) == [
                Speaker(
                    address: "172.16.122.254", virtualRouterID: 51, priority: 150, version: 2,
                    authentication: "password",
                    hardwareAddress: "", virtualAddresses: []),
                Speaker(
                    address: "172.16.122.9", virtualRouterID: 7, priority: 100, version: 3, authentication: "none",
                    hardwareAddress: "", virtualAddresses: []),
            ])
        let silent = try await listen(host, nil, tcpdump: "return 124")
        #expect(silent == Listening(means: "tcpdump", reason: "haprov-vrrpd was not at hand"))
        let refused = try await listen(host, nil, tcpdump: "return 1")
        #expect(
            refused == Listening(means: nil, reason: "haprov-vrrpd was not at hand, and tcpdump may not listen"))
    }
}
