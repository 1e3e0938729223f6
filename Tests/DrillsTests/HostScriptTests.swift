import Foundation
import HostShell
import Inventory
import Planning
import Prober
import Provisioning
import SSH
import Synchronization
import Testing

@testable import Drills

private let deadline = Deadline(idle: 60, total: 60)

/// The scripts as they are sent, by the shells that hosts have.
@Suite struct HostScriptTests {
    private static let cluster = TestCluster.guide()
    private static let killed = Fault(.haproxyKilled, on: cluster.balancers[0], in: cluster)

    static let scripts: [(name: String, text: String)] =
        [
            ("survey", HostScript.survey(cluster.balancers[0], in: cluster, diagnose: true)),
            ("watch", HostScript.watch(["10.0.0.1"], seconds: 60)),
            ("arm", HostScript.arm(killed, seconds: 60, owner: "o'neil@host; rm -rf /\nnext")),
            ("wayBack", HostScript.wayBack(killed)), ("disarm", HostScript.disarm(killed)),
            ("probe", HostScript.probe(size: 5, arguments: ["--target", "10.0.0.1:80"])),
            ("probe with authorities", HostScript.probe(size: 5, arguments: ["--tls", "a"], authorities: 7)),
            ("question", HostScript.probe(size: 5, arguments: ["--neighbours", "10.0.0.1"], inMemory: true)),
            ("probeControl", HostScript.probeControl(pipe: "/tmp/x y", command: "stop")),
        ] + Scenario.all.map { ($0.name, HostScript.commit(Fault($0, on: cluster.balancers[0], in: cluster))) }

    @Test(arguments: scripts) func lints(name: String, text: String) throws {
        let file = NSTemporaryDirectory() + "haprov-\(UUID().uuidString).sh"
        // As SSH frames it. A script that is a quoted value expands nothing, as it should be (SC2016); what is assigned for
        // another function is not seen to be used (SC2034, SC2154).
        try Data("#!/bin/sh\n{ :;\(text)\n}\n".utf8).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let lint = Process()
        lint.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        lint.arguments = ["shellcheck", "-s", "sh", "-f", "gcc", "-e", "SC2016,SC2034,SC2086,SC2154", file]
        let output = Pipe()
        lint.standardOutput = output
        try lint.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        lint.waitUntilExit()
        #expect(text == "")
        #expect(lint.terminationStatus == 0)
    }

    @Test("No two functions or variables share a name: only one of them would travel")
    func namesAreTheirOwn() {
        #expect(ShellLibrary.drills.names.count > 50)
        #expect(ShellLibrary.drills.repeated == [])
    }

    /// All that a script needs has come along.
    @Test(arguments: Scenario.all) func theWayBackStandsByItself(_ scenario: Scenario) throws {
        let fault = Fault(scenario, on: Self.cluster.balancers[0], in: Self.cluster)
        let script = ShellLibrary.drills.script(calls: [["drill_return", fault.target] + fault.wayBack])
        let starting = fault.wayBack[0] == "drill_start" ? ["hp_runs"] : []
        for name in [fault.wayBack[0], "drill_return", "drill_clean", "drill_marks", "hp_say"] + starting {
            #expect(script.contains("\n\(name)() {"), "\(name)")
        }
        #expect(script.contains("\nhp_units=/run/systemd/system\n"))
    }

    @Test func valuesCannotBreakOut() async throws {
        let owner = "$(touch pwned)`touch pwned`'\"; touch pwned #"
        let hosts = try TestHosts(TestCluster.guide())
        let script = HostScript.arm(Self.killed, seconds: 77, owner: owner)
        let result = try await hosts.connection("haproxy1").run(RemoteScript(script), deadline: deadline) { _ in }
        #expect(result.lines == ["@armed\t77"])
        #expect(hosts.read("haproxy1", "pwned") == nil)
        #expect(hosts.read("haproxy1", "run/drill-until")?.contains(owner) == true)
    }

    @Test(arguments: ["/bin/dash", "/bin/bash"]) func twoDrillsAreKeptApart(shell: String) async throws {
        let hosts = try TestHosts(TestCluster.guide(), shell: shell)
        let host = hosts.connection("haproxy1")
        let first = HostScript.arm(Self.killed, seconds: 77, owner: "alice@ops")
        #expect(try await host.run(RemoteScript(first), deadline: deadline) { _ in }.said("armed") == "77")
        let second = HostScript.arm(Self.killed, seconds: 33, owner: "bob@ops")
        let refused = try await host.run(RemoteScript(second), deadline: deadline) { _ in }
        #expect(refused.exitStatus == 1)
        #expect(refused.said("die")?.hasPrefix("another drill has been armed by alice@ops, for ") == true)
        // The first one's timer stands.
        #expect(hosts.read("haproxy1", "units/haprov-drill-restore.timer")?.contains("OnActiveSec=77\n") == true)
        let disarm = RemoteScript(HostScript.disarm(Self.killed))
        #expect(try await host.run(disarm, deadline: deadline) { _ in }.lines == ["@disarmed"])
        #expect(hosts.remains("haproxy1") == [])
    }

    @Test func nothingIsKilledUnlessTheWayBackIsArmed() async throws {
        let hosts = try TestHosts(TestCluster.guide())
        let script = RemoteScript(HostScript.commit(Self.killed))
        let result = try await hosts.connection("haproxy1").run(script, deadline: deadline) { _ in }
        #expect(result.lines == ["@die\tthe way back is not armed"])
        #expect(hosts.read("haproxy1", "state/haproxy") == "active\n")
        #expect(hosts.remains("haproxy1") == [])
    }

    @Test(arguments: ["/bin/dash", "/bin/bash"]) func theHoldDownHoldsUntilTheWayBack(shell: String) async throws {
        let hosts = try TestHosts(TestCluster.guide(), shell: shell)
        let host = hosts.connection("haproxy1")
        func run(_ text: String) async throws -> RemoteResult {
            try await host.run(RemoteScript(text), deadline: deadline) { _ in }
        }
        _ = try await run(HostScript.arm(Self.killed, seconds: 77, owner: "o"))
        #expect(
            try await run(HostScript.commit(Self.killed)).lines == ["@beginning", "@gone"])
        _ = try await run("systemctl start haproxy.service")
        #expect(hosts.read("haproxy1", "state/haproxy") == "failed\n")
        let back = try await run("sh run/drill-restore.sh")
        #expect(back.exitStatus == 0 && back.said("state") == "active")
        #expect(hosts.remains("haproxy1") == [])
        // Once more is harmless.
        #expect(try await run(HostScript.wayBack(Self.killed)).said("state") == "active")
    }

    @Test func aHAProxyThatDoesNotStartIsSaid() async throws {
        let hosts = try TestHosts(TestCluster.guide())
        hosts.write("haproxy1", "state/haproxy", "failed\n")
        hosts.write("haproxy1", "state/broken", "")
        let script = RemoteScript(HostScript.wayBack(Self.killed))
        let result = try await hosts.connection("haproxy1").run(script, deadline: deadline) { _ in }
        #expect(result.exitStatus == 1)
        #expect(result.said("state") == "failed")
    }

    @Test(arguments: ["/bin/dash", "/bin/bash"], [true, false])
    func theWatcherEndsWithItsConnection(shell: String, hasMonitor: Bool) async throws {
        let hosts = try TestHosts(TestCluster.guide(), shell: shell)
        if !hasMonitor { hosts.write("haproxy2", "state/no-monitor", "") }
        let script = RemoteScript("echo $$ >state/pid\n" + HostScript.watch(["172.16.122.100"], seconds: 300))
        let seen = Mutex<[String]>([])
        let task = Task {
            try await hosts.connection("haproxy2").run(script, deadline: deadline) { chunk in
                if case .standardOutput(let bytes) = chunk {
                    seen.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
                }
            }
        }
        let beat = "@holds\t172.16.122.100\t"
        let means = hasMonitor ? "@watching\tevents" : "@watching\tpolls"
        #expect(await eventually { seen.withLock { $0.joined().contains("\(means)\n\(beat)\n\(beat)\n") } })
        hosts.moveVIP(to: "haproxy2")
        let gained = hasMonitor ? "ens33    inet 172.16.122.100/32" : "\(beat)ens33\n"
        #expect(await eventually { seen.withLock { $0.joined().contains(gained) } })
        let pid = try #require(hosts.read("haproxy2", "state/pid").flatMap { Int32($0.dropLast()) })
        // A shell that polls has none between two of its programs.
        var children: [Int32] = []
        #expect(
            await eventually {
                children = Self.children(of: pid)
                return !children.isEmpty
            })
        task.cancel()
        _ = await task.result
        #expect(await eventually { !Self.isAlive(pid) && children.allSatisfy { !Self.isAlive($0) } })
    }

    private static func children(of parent: Int32) -> [Int32] {
        let text = (try? String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)) ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    /// Zombies, which nobody here waits for, are not alive.
    private static func isAlive(_ process: Int32) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !stat.contains(") Z ")
    }
}

/// The prober as it runs on an application host; the program is the one that this package builds.
@Suite struct RemoteProbeTests {
    private func binary() throws -> StaticProgram {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let bundle = Bundle.module.bundleURL.deletingLastPathComponent()
        let path = bundle.appendingPathComponent("haprov-prober").path
        let size = try #require(
            FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, "\(folder.path)")
        return StaticProgram(path: path, size: size, sha256: "")
    }

    @Test func measuresAndLeavesNothingBehind() async throws {
        let home = NSTemporaryDirectory() + "haprov-probe-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: home) }
        let server = TestServer(body: "app2")
        let host = TestCluster.guide().hosts[3]
        // What is judged is what the server answers, never how long a busy machine takes.
        let configuration = ProbeConfiguration(
            address: "127.0.0.1", port: server.port, interval: 2000, timeout: 60_000_000)
        let probe = try await RemoteProbe.start(
            configuration, on: host, binary: try binary(),
            connect: { _ throws(SSHError) in LocalShell(directory: home, temporary: home) })
        #expect(await eventually { probe.progress.good > 50 })
        #expect(try FileManager.default.contentsOfDirectory(atPath: home).count == 1)
        try await probe.mark("failover")
        // Requests that began before the mark are answered before the server goes.
        let marked = probe.progress.good
        #expect(await eventually { probe.progress.good > marked + 50 })
        server.close()
        #expect(await eventually { probe.progress.failed > 50 })
        let summary = try await probe.stop()
        #expect(summary.phases.map(\.name) == ["start", "failover"])
        #expect(summary["start"]?.failed == 0)
        #expect(summary["failover"]?.outcomes[.refused, default: 0] ?? 0 > 40)
        #expect(summary.servers.keys.sorted() == ["app2"])
        #expect(await eventually { (try? FileManager.default.contentsOfDirectory(atPath: home)) == [] })
    }

    /// Whom certificates may be signed by comes along, and goes again.
    @Test func judgesCertificatesByWhatItWasGiven() async throws {
        let home = NSTemporaryDirectory() + "haprov-probe-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: home) }
        let authority = try Authority()
        let server = try TLSServer(try authority.sign("DNS:a.example"))
        let configuration = ProbeConfiguration(
            address: "127.0.0.1", port: server.port, path: "/x", host: "a.example:1", expected: StatusSet([200...200]),
            tls: TLSQuestion(name: "a.example", authorities: authority.certificate), interval: 10_000)
        let probe = try await RemoteProbe.start(
            configuration, on: TestCluster.guide().hosts[3], binary: try binary(),
            connect: { _ throws(SSHError) in LocalShell(directory: home, temporary: home) })
        #expect(await eventually { probe.progress.good > 20 })
        let summary = try await probe.stop()
        #expect(summary.failed == 0)
        #expect(summary.servers.keys.sorted() == ["False http/1.1 a.example a.example:1 /x"])
        #expect(await eventually { (try? FileManager.default.contentsOfDirectory(atPath: home)) == [] })
    }

    @Test func aProgramThatDoesNotRunThereIsSaid() async throws {
        let path = NSTemporaryDirectory() + "haprov-none-\(UUID().uuidString)"
        try Data("\u{7F}ELF nonsense".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = await #expect(throws: (any Error).self) {
            try await RemoteProbe.start(
                ProbeConfiguration(address: "127.0.0.1", port: 9), on: TestCluster.guide().hosts[3],
                binary: StaticProgram(path: path, size: 13, sha256: ""), connect: { _ throws(SSHError) in LocalShell() }
            )
        }
        #expect("\(String(describing: error))".contains("the prober does not run here"))
    }

    @Test func onlyStaticProgramsAreSent() throws {
        #expect(StaticProgram(path: "/bin/sh") == nil)
        #expect(StaticProgram(path: "/nonexistent") == nil)
    }
}
