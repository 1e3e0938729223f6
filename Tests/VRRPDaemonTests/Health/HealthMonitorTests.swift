import Foundation
import Testing
import VRRP

@testable import VRRPDaemon

/// Real processes and a real HAProxy, seen by a monitor whose loop the test turns.
@Suite(.serialized) final class HealthMonitorTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "haprov-health-\(UUID().uuidString)")
    private let loop: EventLoop
    private let children = ChildProcesses()
    private var started: [Process] = []
    private var lines: [String] = []

    init() throws {
        loop = try EventLoop()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        for process in started where process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: folder)
    }

    private func monitor(_ kind: SentinelKind? = nil) -> HealthMonitor {
        HealthMonitor(
            loop: loop, log: Log(level: .debug) { [unowned self] in lines.append("\($0): \($1)") }, children: children,
            sentinel: kind)
    }

    /// Turns the loop until something holds, for a minute at most.
    private func until(_ what: String, _ condition: @escaping () -> Bool) {
        let deadline = EventLoop.read().advanced(by: .seconds(60))
        func look() {
            children.reap()
            if condition() || EventLoop.read() > deadline { return loop.stop() }
            loop.schedule(after: .milliseconds(5)) { look() }
        }
        look()
        if !condition() { loop.run() }
        #expect(condition(), "\(what); \(lines)")
    }

    private func configuration(_ text: String) throws -> KeepalivedConfiguration {
        let whole =
            text + "\nvrrp_instance i { \ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress { \n192.0.2.1\n}\n}\n"
        let result = ConfigurationReader.read(ConfigurationReader.Source(file: "t", text: whole))
        #expect(result.diagnostics.filter { $0.severity == .error } == [])
        return result.configuration
    }

    /// A program under a name that no other process has.
    private func program() throws -> (name: String, path: String) {
        let name = "hp" + UUID().uuidString.prefix(8)
        let path = folder.appendingPathComponent(name).path
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: path)
        return (name, path)
    }

    @discardableResult
    private func start(_ path: String, _ arguments: String...) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        started.append(process)
        return process
    }

    private func script(_ line: String, _ more: String = "interval 1") -> String {
        "vrrp_script c {\nscript \"\(line)\"\n\(more)\n}"
    }

    private var target: TrackTarget { .script("c") }

    @Test(arguments: SentinelKind.allCases) func aProcessIsSeenToDieAndToComeBack(_ kind: SentinelKind) throws {
        let (name, path) = try program()
        let first = try start(path, "1000")
        let monitor = monitor(kind)
        defer { monitor.stop() }
        var states: [Bool] = []
        monitor.onChange = { _, isUp in states.append(isUp) }
        monitor.configure(try configuration(script("killall -0 \(name)", "interval 3600")))
        #expect(monitor.sentinelKind == kind || kind == .connector)
        #expect(states == [true])
        kill(first.processIdentifier, SIGKILL)
        until("its death is seen") { states == [true, false] }
        try start(path, "1000")
        until("it is found again") { states == [true, false, true] }
    }

    @Test func aProcessThatWasReplacedByAnotherOneIsWatchedToo() throws {
        let (name, path) = try program()
        let first = try start(path, "1000")
        let monitor = monitor()
        defer { monitor.stop() }
        var states: [Bool] = []
        monitor.onChange = { _, isUp in states.append(isUp) }
        monitor.configure(try configuration("vrrp_track_process c {\nprocess \(name)\n}"))
        let second = try start(path, "1000")
        kill(first.processIdentifier, SIGKILL)
        until("the other one is known") { (monitor.states.first?.isUp ?? false) && !first.isRunning }
        kill(second.processIdentifier, SIGKILL)
        until("its death is seen") { states.last == false }
    }

    @Test func aScriptCountsByRiseAndFall() throws {
        let flag = folder.appendingPathComponent("flag").path
        let log = folder.appendingPathComponent("runs").path
        let text = "/bin/sh -c 'echo run >>\(log); test -e \(flag)'"
        let monitor = monitor()
        defer { monitor.stop() }
        var states: [Bool] = []
        monitor.onChange = { _, isUp in states.append(isUp) }
        monitor.configure(
            try configuration(
                "global_defs {\nscript_user root\n}\n" + script(text, "interval 0.05\nfall 3\nrise 2\ntimeout 5")))
        until("the first answer counts") { states == [false] }
        #expect(FileManager.default.createFile(atPath: flag, contents: nil))
        until("it is up") { states == [false, true] }
        try FileManager.default.removeItem(atPath: flag)
        let before = try String(contentsOfFile: log, encoding: .utf8).count
        until("it is down") { states == [false, true, false] }
        // Three failures, each of which has left a line of four characters.
        #expect(try String(contentsOfFile: log, encoding: .utf8).count - before >= 2 * 4)
    }

    @Test func aScriptThatHangsHasFailedAndIsEnded() throws {
        let (name, path) = try program()
        let monitor = monitor()
        defer { monitor.stop() }
        var states: [Bool] = []
        monitor.onChange = { _, isUp in states.append(isUp) }
        // Root's own, so that it may be run as root.
        let safe = "/usr/local/sbin/\(name)"
        try FileManager.default.copyItem(atPath: path, toPath: safe)
        defer { try? FileManager.default.removeItem(atPath: safe) }
        monitor.configure(
            try configuration(
                "global_defs {\nscript_user root\n}\n" + script("\(safe) 1000", "interval 3600\ntimeout 0.2")))
        until("it has failed") { states == [false] }
        until("it is gone") { ProcessTable.entries(named: [name]).allSatisfy(\.isDead) }
        #expect(lines.contains { $0.contains("it took longer than 200 ms") })
    }

    @Test func aScriptThatOthersCanWriteIsNotRunAsRoot() throws {
        let (_, path) = try program()
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
        let monitor = monitor()
        defer { monitor.stop() }
        var states: [Bool] = []
        monitor.onChange = { _, isUp in states.append(isUp) }
        monitor.configure(try configuration("global_defs {\nscript_user root\n}\n" + script("\(path) 0")))
        until("it counts as failed") { states == [false] }
        #expect(lines.contains { $0.contains("can be changed by others than root") })
    }

    @Test func aScriptRunsAsItsUser() throws {
        let result = folder.appendingPathComponent("who").path
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
        let monitor = monitor()
        defer { monitor.stop() }
        monitor.configure(
            try configuration(
                script(
                    "/bin/sh -c 'id -un >\(result); id -gn >>\(result)'", "interval 3600\nuser nobody daemon\ntimeout 9"
                )))
        until("it has run") { (try? String(contentsOfFile: result, encoding: .utf8)) == "nobody\ndaemon\n" }
    }

    @Test func haproxyThatHangsIsSeenAndOneThatDrainsIsNotTakenForALivingOne() async throws {
        let port = 20000 + Int(getpid()) % 20000
        let socket = folder.appendingPathComponent("s").path
        let file = folder.appendingPathComponent("haproxy.cfg").path
        try """
        global
            stats socket \(socket) mode 600 level admin
        defaults
            mode http
            timeout connect 1s
            timeout client 1h
            timeout server 1h
        frontend f
            bind 127.0.0.1:\(port)
            http-request return status 200

        """.write(toFile: file, atomically: true, encoding: .utf8)
        // Under a name of its own, for the machine may run another one.
        let name = "haproxy" + UUID().uuidString.prefix(8)
        let path = folder.appendingPathComponent(name).path
        try FileManager.default.copyItem(atPath: "/usr/sbin/haproxy", toPath: path)
        let haproxy = try start(path, "-W", "-f", file)
        let monitor = monitor()
        defer { monitor.stop() }
        var states: [TrackTarget: Bool] = [:]
        monitor.onChange = { states[$0] = $1 }
        monitor.configure(
            try configuration(
                """
                vrrp_track_process alive {
                process \(name)
                }
                vrrp_script http {
                script "haprov-vrrpd check http http://127.0.0.1:\(port)/"
                interval 0.1
                timeout 1
                }
                vrrp_script stats {
                script "haprov-vrrpd check stats \(socket)"
                interval 0.1
                timeout 1
                }
                """))
        let all: [TrackTarget] = [.process("alive"), .script("http"), .script("stats")]
        until("everything is up") { all.allSatisfy { states[$0] == true } }

        let workers = {
            ProcessTable.entries(named: [name]).filter { !$0.isDead && $0.parent == haproxy.processIdentifier }
        }
        let worker = try #require(workers().first?.id)
        kill(worker, SIGSTOP)
        until("it hangs, though it lives") {
            states[.script("http")] == false && states[.script("stats")] == false && states[.process("alive")] == true
        }
        kill(worker, SIGCONT)
        until("it answers again") { all.allSatisfy { states[$0] == true } }

        // A connection that stays open keeps the old worker after a reload.
        let client = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        #expect(SocketName.internet(.v4(0x7F00_0001), port: UInt16(port)).withPointer { connect(client, $0, $1) } == 0)
        kill(haproxy.processIdentifier, SIGUSR2)
        until("there are two workers") { workers().count == 2 }
        until("all is well") { all.allSatisfy { states[$0] == true } }
        for process in workers() where process.id != worker { kill(process.id, SIGKILL) }
        kill(haproxy.processIdentifier, SIGKILL)
        until("it counts as dead") { states[.process("alive")] == false }
        kill(worker, SIGKILL)
    }
}
