import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("The table of a preflight")
struct PreflightReportTests {
    private static let heard = Speaker(
        address: "172.16.122.101", virtualRouterID: 51, priority: 101, version: 2, authentication: "password",
        hardwareAddress: "00:0c:29:00:00:01", virtualAddresses: ["172.16.122.100"])

    /// Sound hosts, the first of which holds the VIP, and what is found once they are edited.
    private func report(_ edit: (inout [String: Facts]) -> Void = { _ in }) throws -> PreflightReport {
        let facts = Samples.threeHosts { hosts in
            for name in hosts.keys {
                hosts[name]?.clock = ClockFact(first: 10_000, last: 12_000, asked: 9_990, answered: 12_005)
                hosts[name]?.memory = MemoryFact(total: 2 << 20, available: 1 << 20)
                hosts[name]?.nicFlags = ["ens33": ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"]]
                hosts[name]?.listening = Listening(means: "haprov-vrrpd", reason: "", speakers: [Self.heard])
                for last in 4...6 {
                    hosts[name]?.reachable["172.16.122.10\(last):10900"] = true
                    hosts[name]?.latencies["172.16.122.10\(last):10900"] = last
                }
            }
            hosts["haproxy1"]?.addresses.append(
                NICAddress(nic: "ens33", family: "inet", cidr: "172.16.122.100/24"))
            edit(&hosts)
        }
        return Preflight(cluster: try Samples.cluster(), facts: facts).report()
    }

    private func told(
        _ verdict: PreflightFinding.Verdict, _ edit: (inout [String: Facts]) -> Void
    ) throws -> [String] {
        try report(edit).findings.filter { $0.verdict == verdict }
            .map { "\($0.host ?? "cluster") \($0.check): \($0.found)" }
    }

    @Test("Where all is well no line says otherwise, and each says what was found")
    func sound() throws {
        let report = try report()
        #expect(report.count(.warn) == 0 && report.count(.fail) == 0, "\(report.findings)")
        let lines = report.findings(of: "haproxy1").filter { $0.verdict == .pass }.map { "\($0.check): \($0.found)" }
        #expect(
            lines == [
                "system: CentOS Linux release 7.7.1908 (Core): Enterprise Linux 7", "root: logged in as root",
                "kernel: 3.10.0-1062.el7.x86_64, x86_64", "reboot: none pending",
                "clock: agrees with this machine's within 10 ms",
                "memory: 1024 MiB available of 2048 MiB", "disk: /usr/local 10 GiB free, /var/lib 10 GiB free",
                "interface: ens33 is up with 172.16.122.101/24",
                "NIC manager: neither NetworkManager nor systemd-networkd", "VIP: held here: 172.16.122.100",
                "VRRP: heard haproxy1 (172.16.122.101): virtual router ID 51, priority 101, version 2, authentication "
                    + "password, for 172.16.122.100",
                "filters: none", "ports: port 80 free",
                "applications: all answer: app1 within 4 ms, app2 within 5 ms, app3 within 6 ms",
                "programs: neither HAProxy nor VRRP runs yet", "SELinux: not there",
                "compilers: none; where this host compiles, `apply` installs them", "lock: nobody is at work there",
            ])
        #expect(Set(report.findings.map(\.host)) == ["haproxy1", "haproxy2", "haproxy3"])
    }

    @Test("A clock is wrong that most others do not agree with, by however long the host took to answer")
    func clocks() throws {
        #expect(
            try told(.warn) {
                $0["haproxy2"]?.clock = ClockFact(first: -290_000, last: -288_000, asked: 9_990, answered: 12_005)
            } == [
                "haproxy2 clock: the clock is 300 s (5 min) behind those of haproxy1, haproxy3 and this machine"
            ])
        #expect(
            try told(.warn) {
                $0["haproxy3"]?.clock = ClockFact(first: 11_600, last: 13_600, asked: 9_990, answered: 12_005)
            } == ["haproxy3 clock: the clock is 1.6 s ahead of those of haproxy1, haproxy2 and this machine"])
        // A second that the ways there and back may have taken is nobody's fault.
        #expect(
            try told(.warn) {
                $0["haproxy3"]?.clock = ClockFact(first: 11_600, last: 12_600, asked: 9_990, answered: 14_000)
            } == [])
        // This machine is the one that is wrong.
        let ours = try report { hosts in
            for name in hosts.keys {
                hosts[name]?.clock = ClockFact(first: 70_000, last: 72_000, asked: 9_990, answered: 12_005)
            }
        }
        #expect(ours.count(.warn) == 0)
        #expect(
            ours.findings(of: "haproxy1").filter { $0.verdict == .note && $0.check == "clock" }.map(\.found) == [
                "the clock is 60 s (1 min) ahead of those of this machine, and as the others are"
            ])
    }

    static let doubts: [(name: String, edit: @Sendable (inout Facts) -> Void, line: String)] = [
        ("memory", { $0.memory?.available = 100 << 10 }, "memory: 100 MiB of memory are available, of 2048 MiB"),
        ("disk", { $0.space["/var/lib"] = 200 << 10 }, "disk: /var/lib has 200 MiB free"),
        ("down", { $0.nicFlags["ens33"] = ["BROADCAST"] }, "interface: ens33 is down"),
        ("carrier", { $0.nicFlags["ens33"] = ["UP", "NO-CARRIER"] }, "interface: ens33 has no carrier"),
        ("reboot", { $0.reboot = "kernel 3.10.0-1160" }, "reboot: a reboot is pending, for kernel 3.10.0-1160"),
        (
            "proxy ARP",
            { facts in
                facts.answers = ["172.16.122.100", WireView.nobodys].map {
                    NeighbourFact(address: $0, hardware: "de:ad:be:ef:00:01")
                }
            },
            "VIP: de:ad:be:ef:00:01, which is none of the balancers, answers for 172.16.122.100, as for addresses that nobody "
                + "has (proxy ARP): clients that believe it reach the VIP by way of it, or not at all"
        ),
        (
            "VRRP one way", { $0.listening?.speakers = [] },
            "VRRP: no VRRP of haproxy1 arrives here, which holds 172.16.122.100: this balancer would take it for dead, and both "
                + "would hold 172.16.122.100"
        ),
        (
            "nobody listened", { $0.listening = Listening(means: nil, reason: "there is none") },
            "VRRP: not looked whether somebody else speaks VRRP on ens33: there is none"
        ),
        (
            "another keepalived",
            {
                $0.processes = [
                    ProcessFact(
                        name: "keepalived", id: 7, parent: 1, unit: "keepalived.service", path: "/usr/sbin/keepalived",
                        arguments: ["/usr/sbin/keepalived", "-D"])
                ]
                $0.units["keepalived.service"] = UnitFact(activeState: "active", mainPID: 7)
            },
            "programs: keepalived runs there as /usr/sbin/keepalived (process 7), of another origin: from an `apply` on it is "
                + "/usr/local/keepalived/sbin/keepalived"
        ),
    ]

    @Test(
        "What is to be put right is told once, at its host, and keeps nothing from being begun",
        arguments: doubts.map(\.name))
    func doubt(name: String) throws {
        let doubt = try #require(Self.doubts.first { $0.name == name })
        #expect(try told(.warn) { doubt.edit(&$0["haproxy2", default: Facts()]) } == ["haproxy2 " + doubt.line])
        #expect(try told(.fail) { doubt.edit(&$0["haproxy2", default: Facts()]) } == [])
    }

    @Test("An application that others reach runs, and that is said")
    func oneWay() throws {
        let edit: (inout [String: Facts]) -> Void = {
            $0["haproxy2"]?.reachable["172.16.122.104:10900"] = false
        }
        #expect(
            try told(.fail, edit) == [
                "haproxy2 applications: application app1: nothing answers on 172.16.122.104:10900"
            ])
        #expect(
            try told(.note, edit).contains {
                $0.hasPrefix(
                    "haproxy2 applications: app1 answers haproxy1, haproxy3: it runs, and something keeps haproxy2")
            })
        let dead = try told(.note) { hosts in
            for name in hosts.keys { hosts[name]?.reachable["172.16.122.104:10900"] = false }
        }
        #expect(!dead.contains { $0.contains("app1") })
    }

    @Test("Several masters of one virtual router ID are named, and one that resigns is none")
    func masters() throws {
        var other = Self.heard
        other.address = "172.16.122.102"
        other.priority = 100
        #expect(
            try told(.warn) { $0["haproxy3"]?.listening?.speakers.append(other) } == [
                "cluster VRRP: several balancers speak as master with virtual router ID 51: haproxy1 (priority 101) and haproxy2 "
                    + "(priority 100)"
            ])
        other.priority = 0
        #expect(try told(.warn) { $0["haproxy3"]?.listening?.speakers.append(other) } == [])
    }

    @Test("Two that hold the VIP are named, each at its host")
    func split() throws {
        let warnings = try told(.warn) {
            $0["haproxy2"]?.addresses.append(NICAddress(nic: "ens33", family: "inet", cidr: "172.16.122.100/24"))
        }
        #expect(warnings.contains("haproxy1 VIP: held here, and by haproxy2 too: 172.16.122.100"))
        #expect(warnings.contains("haproxy2 VIP: held here, and by haproxy1 too: 172.16.122.100"))
    }

    @Test("A failure of the table is one of every run, and a foreign router is the cluster's")
    func failures() throws {
        var foreign = Self.heard
        foreign.address = "172.16.122.254"
        foreign.priority = 200
        let facts = Samples.threeHosts { hosts in
            hosts["haproxy2"]?.nics = ["lo": "", "eth0": ""]
            hosts["haproxy3"]?.listening = Listening(means: "haprov-vrrpd", reason: "", speakers: [foreign])
        }
        let preflight = Preflight(cluster: try Samples.cluster(), facts: facts)
        let failing = preflight.report().findings.filter { $0.verdict == .fail }
        #expect(failing.map { "\($0.host ?? "cluster") \($0.check)" } == ["haproxy2 interface", "cluster VRRP"])
        #expect(failing.first?.found == "there is no NIC ens33; there are eth0, lo")
        #expect(failing.map(\.remedy) == preflight.failures().map(\.remedy))
    }
}
