import Foundation
import Inventory
import Linting
import Planning
import Testing

@testable import haprov

@Suite("Lint of inventories and of files") struct LintingTests {
    private static let texts: [(String, String)] = [
        ("as init writes it", ""), ("without preemption", "vip.preempt: false"), ("restarting first", "restart-first"),
        ("asking for an answer", "answer"),
        ("by haprov-vrrpd", "vrrpd"),
    ]

    private static func findings(_ variant: String) throws -> ([Finding], [WorstCase]) {
        var cluster = try #require(InventoryReader.read(InventoryTemplate.text, file: "inventory.yml").cluster)
        switch variant {
        case "vip.preempt: false": cluster.instances[0].preempt = false
        case "restart-first": cluster.healthCheck = .restartFirst
        case "answer": cluster.healthCheck = .answer
        case "vrrpd":
            cluster.engine = .vrrpd
            cluster.keepalived = nil
        default: break
        }
        let playbooks = try PlaybookFolder.shipped()
        var findings: [Finding] = []
        var cases: [WorstCase] = []
        for type in Platforms.all.known {
            let resources = try playbooks.resources(
                of: cluster, passwords: [cluster.instances[0].virtualRouterID: "secret01"], packages: [:],
                platform: { _ in type.init() })
            var subject = LintSubject(cluster, resources: resources, now: 0)
            subject.detection = cluster.worstDetection
            #expect(subject.balancers.count == 3)
            #expect(subject.balancers.allSatisfy { $0.keepalived != nil && $0.haproxy?.servers.count == 3 })
            #expect(
                subject.balancers.allSatisfy { $0.bindsForeignAddresses == true || $0.haproxy?.binds[0].address == "*" }
            )
            findings += Lint.findings(in: subject)
            cases = WorstCase.all(of: subject)
        }
        return (findings, cases)
    }

    @Test("A sound cluster gives no finding", arguments: texts.map(\.0)) func sound(name: String) throws {
        let variant = try #require(Self.texts.first { $0.0 == name }).1
        let (findings, _) = try Self.findings(variant)
        #expect(findings == [])
    }

    @Test("Worst cases follow the engine and the health check") func worstCases() throws {
        func haproxyDies(_ variant: String) throws -> String {
            try #require(Self.findings(variant).1.first { $0.failure == .haproxyDies }).text
        }
        // Priority 99: 157/256 s of skew; keepalived looks every two seconds, haprov-vrrpd is told.
        #expect(try haproxyDies("") == "2.614s")
        #expect(try haproxyDies("vrrpd") == "614ms")
        // A start may take as long as the check may.
        #expect(try haproxyDies("restart-first") == "12.614s")
        #expect(try haproxyDies("answer") == "2.614s")
        func haproxyHangs(_ variant: String) throws -> String {
            try #require(Self.findings(variant).1.first { $0.failure == .haproxyHangs }).text
        }
        #expect(try haproxyHangs("") == "never")
        // Two seconds until it is asked, and three until the engine ends the question.
        #expect(try haproxyHangs("answer") == "5.614s")
    }

    // MARK: Files

    private static func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, text) in files {
            let url = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        try body(folder.path)
    }

    private static let vrrp = """
        vrrp_script chk { script "/etc/keepalived/chk.sh" }
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress {
                192.0.2.100
            }
            track_script {
                chk
            }
        }
        """
    private static func web(_ port: Int) -> String { "frontend web\n    bind *:\(port)\n" }

    @Test("What a file is, its content says") func kinds() {
        #expect(LintFiles.kind(of: "! comment\nglobal_defs {\n}\nvrrp_instance A {\n}\n") == .vrrp)
        #expect(LintFiles.kind(of: "global\n    maxconn 4\ndefaults\n") == .haproxy)
        #expect(LintFiles.kind(of: "listen stats\n bind :1\n") == .haproxy)
        #expect(LintFiles.kind(of: "net.ipv4.ip_nonlocal_bind = 1\n") == .sysctl)
        #expect(LintFiles.kind(of: "#!/bin/sh\nexit 0\n") == .other)
    }

    @Test("Files of one folder are of one balancer") func folders() throws {
        try Self.withFiles([
            "lb1/keepalived.conf": Self.vrrp, "lb1/haproxy.cfg": Self.web(1), "lb1/chk.sh": "#!/bin/sh\necho 1\n",
            "lb2/keepalived.conf": Self.vrrp, "lb2/haproxy.cfg": Self.web(2),
            "lb2/sysctl.conf": "net.ipv4.ip_nonlocal_bind = 1\n",
        ]) { folder in
            let paths = [
                "lb2/haproxy.cfg", "lb1/keepalived.conf", "lb1/haproxy.cfg", "lb2/keepalived.conf", "lb2/sysctl.conf",
            ]
            let subject = try LintFiles(paths.map { "\(folder)/\($0)" }).subject(promise: 10_000, now: 0)
            #expect(subject.balancers.map(\.name) == ["lb1", "lb2"])
            #expect(subject.balancers.map { $0.haproxy?.binds.map(\.ports.lowerBound) } == [[1], [2]])
            #expect(subject.balancers.map(\.bindsForeignAddresses) == [nil, true])
            #expect(subject.balancers.map(\.scripts.count) == [1, 0])
            #expect(
                Lint.findings(in: subject).contains { $0.code == "HV202" && $0.place.file == "\(folder)/lb1/chk.sh" })
        }
    }

    @Test("In one folder the order tells, or one haproxy.cfg is that of all") func order() throws {
        try Self.withFiles([
            "one.conf": Self.vrrp, "two.conf": Self.vrrp, "one.cfg": Self.web(1), "two.cfg": Self.web(2),
        ]) { folder in
            func ports(_ names: [String]) throws -> [[Int]] {
                try LintFiles(names.map { "\(folder)/\($0)" }).subject(promise: 10_000, now: 0).balancers.map {
                    $0.haproxy?.binds.map(\.ports.lowerBound) ?? []
                }
            }
            let cases = try [
                ports(["one.conf", "two.conf", "one.cfg", "two.cfg"]), ports(["one.conf", "two.conf", "one.cfg"]),
                ports(["one.conf", "one.cfg", "two.cfg"]), ports(["one.cfg", "two.cfg"]),
            ]
            #expect(cases == [[[1], [2]], [[1], [1]], [[1, 2]], [[1], [2]]])
        }
    }

    @Test("What is no configuration is refused by name, all of it at once") func refused() throws {
        try Self.withFiles(["a.sh": "exit 0\n", "b.cfg": "frontend {{name}}\n"]) { folder in
            let error = #expect(throws: (any Error).self) {
                try LintFiles(["a.sh", "b.cfg", "c.conf"].map { "\(folder)/\($0)" })
            }
            let text = "\(String(describing: error))"
            #expect(text.contains("a.sh is neither") && text.contains("b.cfg is a template"))
            #expect(text.contains("c.conf cannot be read"))
        }
    }
}
