import Errors
@testable import Planning
import PlanningSamples
import Testing
import Texts

@testable import Provisioning
@testable import haprov

@Suite("The page of status")
struct StatusPageTests {
    private static let now = 1_800_000_000
    private static let console = Console(json: false, verbose: false, noColour: true)

    /// What it takes to say when a certificate ends: ``CertificateEnd`` reads no more than that.
    private static func certificate(_ end: String) -> CertificateFact {
        func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }
        let times = element(0x17, Array("200101000000Z".utf8)) + element(0x17, Array(end.utf8))
        let signed = element(0x02, [1]) + element(0x30, []) + element(0x30, []) + element(0x30, times)
        return CertificateFact(
            file: "/etc/haproxy/site.pem", base64: Base64.encode(element(0x30, element(0x30, signed))))
    }

    private static func run(_ command: String, _ result: String) -> RecordedRun {
        let fact = RunFact(
            id: "R", cluster: "web", command: command, operatorName: "ann@vm", started: "2027-01-14T08:00:00Z",
            result: result, finished: "", changes: 0, undone: 0)
        return RecordedRun(fact: fact, hosts: ["haproxy1": fact])
    }

    /// Two balancers, the first of which holds the VIP.
    private static func report(_ edit: (inout ClusterStatus) -> Void = { _ in }) throws -> ClusterStatus {
        var report = ClusterStatus()
        report.holdings = try Samples.cluster().instances.map { ClusterStatus.Holding(instance: $0, hosts: ["one"]) }
        report.hosts = ["one", "two"].map { name in
            var host = ClusterStatus.HostStatus(name: name)
            host.services = [("haproxy", "active"), ("keepalived", "active")]
            host.routers = [
                RouterFact(
                    name: "VI_1", state: name == "one" ? "MASTER" : "BACKUP", priority: name == "one" ? 101 : 100)
            ]
            host.running = ["haproxy": "2.6.12", "keepalived": "2.2.7"]
            host.servers = [BalancedServer(backend: "app", name: "app1")]
            host.certificates = [certificate("280131120000Z")]
            return host
        }
        report.lastRun = run("apply", "ok")
        report.lastDrill = run("verify", "failed")
        edit(&report)
        return report
    }

    private static func lines(isDetailed: Bool = true, _ edit: (inout ClusterStatus) -> Void = { _ in }) throws
        -> [String]
    {
        StatusPage(report: try report(edit), now: now, isDetailed: isDetailed, console: console).lines
    }

    @Test("All that is known of a sound cluster")
    func sound() throws {
        #expect(
            try Self.lines() == [
                "172.16.122.100 is held by one", "  one  haproxy active, keepalived active, as the inventory says",
                "       VI_1 MASTER, priority 101; haproxy 2.6.12; keepalived 2.2.7",
                "  two  haproxy active, keepalived active, as the inventory says",
                "       VI_1 BACKUP, priority 100; haproxy 2.6.12; keepalived 2.2.7", "servers      app/app1 up",
                "certificate  /etc/haproxy/site.pem ends 2028-01-31, in 381 days",
                "last run     apply, 2027-01-14 08:00:00 UTC by ann@vm: ok",
                "last drill   2027-01-14 08:00:00 UTC by ann@vm: failed",
            ])
        #expect(try Self.lines(isDetailed: false).count == 7)
    }

    @Test("What is not the same on all balancers has their names")
    func different() throws {
        let lines = try Self.lines { report in
            report.hosts[0].servers = [BalancedServer(backend: "app", name: "app1", isUp: false)]
            report.hosts[1].servers = [BalancedServer(backend: "app", name: "app1", state: .drain)]
            report.hosts[1].certificates = [Self.certificate("270201080000Z")]
        }
        #expect(lines.contains("servers      app/app1 down on one; drain on two"))
        #expect(
            lines.contains(
                "certificate  /etc/haproxy/site.pem ends 2027-02-01, in 17 days on two; ends 2028-01-31, in 381 days on one"
            ))
        let ended = try Self.lines { $0.hosts[1].certificates = [Self.certificate("260201080000Z")] }
        #expect(ended.contains { $0.contains("ends 2026-02-01, which has passed: clients refuse it on two") })
    }

    @Test("Where HAProxy was not asked, the servers that are kept out of service, and nothing of the others")
    func takenOut() throws {
        func lines(_ edit: (inout ClusterStatus) -> Void) throws -> [String] {
            try Self.lines { report in
                for index in report.hosts.indices {
                    report.hosts[index].servers = nil
                    report.hosts[index].takenOut = [BalancedServer(backend: "app", name: "app2", state: .drain)]
                }
                edit(&report)
            }
        }
        #expect(try lines { _ in }.contains("servers      app/app2 drain"))
        #expect(try lines { $0.hosts[1].takenOut = [] }.contains("servers      app/app2 drain on one"))
        let none = try lines { report in for index in report.hosts.indices { report.hosts[index].takenOut = [] } }
        #expect(!none.contains { $0.hasPrefix("servers") })
        let other = BalancedServer(backend: "app", name: "b", state: .maint)
        let report = try Self.report { $0.hosts[0].takenOut = [other] }
        let page = StatusPage(report: report, now: Self.now, console: Self.console)
        #expect(JSONValue.object(page.fields(of: report.hosts[0])).line.contains(#""taken_out":{"app/b":"maint"}"#))
        #expect(page.lines.contains("servers      app/app1 up"), "HAProxy says it better")
    }

    @Test("A balancer that cannot be asked, two holders, and nobody")
    func trouble() throws {
        let lost = try Self.lines { report in
            var host = ClusterStatus.HostStatus(name: "two")
            host.failure = Failure(
                .unreachable, host: "two", step: "connect", summary: "no answer", remedy: "Start it.")
            report.hosts[1] = host
        }
        #expect(lost.contains("  two  could not be asked") && lost.contains("       connect: no answer"))
        #expect(lost.contains("servers      app/app1 up"), "those that can be asked agree")
        #expect(try Self.lines { $0.holdings[0].hosts = [] }[0] == "172.16.122.100 is held by nobody")
        #expect(try Self.lines { $0.holdings[0].hosts = ["one", "two"] }[0].hasSuffix("one and two"))
    }

    @Test func objects() throws {
        let report = try Self.report()
        let page = StatusPage(report: report, now: Self.now, console: Self.console)
        let host = JSONValue.object(page.fields(of: report.hosts[0])).line
        for part in [
            #""routers":[{"name":"VI_1","priority":101,"state":"MASTER"}]"#, #""servers":{"app/app1":"up"}"#,
            #""certificates":[{"ends":"2028-01-31T12:00:00Z","file":"/etc/haproxy/site.pem"}]"#,
            #""running":{"haproxy":"2.6.12","keepalived":"2.2.7"}"#,
        ] {
            #expect(host.contains(part), "\(host)")
        }
        let whole = JSONValue.object(page.fields).line
        #expect(whole.contains(#""last_drill":{"command":"verify","operator":"ann@vm","result":"failed""#), "\(whole)")
    }
}

@Suite("Pages in place")
struct PageDrawingTests {
    @Test("The terminal is taken once, drawn over, and given back as it was")
    func drawing() {
        var page = PageDrawing()
        #expect(page.leave() == "")
        let taking = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
        #expect(page.draw(["a", "b"], height: 24) == taking + "\u{1B}[Ha\u{1B}[K\r\nb\u{1B}[K\u{1B}[J")
        #expect(page.draw(["c"], height: 24) == "\u{1B}[Hc\u{1B}[K\u{1B}[J")
        #expect(page.leave() == "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        #expect(page.leave() == "")
    }

    @Test("What is too long for the terminal is counted")
    func long() {
        var page = PageDrawing()
        let rows = page.draw(["1", "2\n3", "4", "5"], height: 3).split(separator: "\r\n")
        #expect(rows.count == 3 && rows[2].hasPrefix("… 3 more lines"))
    }
}
