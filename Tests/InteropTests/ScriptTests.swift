import Foundation
import Testing

/// Scripts of configurations as clouds have them, run by ours and by keepalived alike.
@Suite struct ScriptTests {
    /// Every state that a host's scripts were told, in order.
    private func told(_ host: Host, on segment: Segment) -> [String] {
        let file = "\(segment.folder)/told-\(host.number)"
        return ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    @Test(arguments: Engine.pairs)
    func withoutAddressesTheElectionRunsForItsScripts(_ engines: (first: Engine, second: Engine)) throws {
        try onSegment(of: 2) { segment in
            let (first, second) = (segment.hosts[0], segment.hosts[1])
            func router(_ priority: Int, _ host: Host) -> Router {
                let words = ["master", "backup"].map {
                    "notify_\($0) \"sh -c 'echo \($0) >>\(segment.folder)/told-\(host.number)'\""
                }
                return Router(priority: priority, version: 2, interval: "1", addresses: [], lines: words)
            }
            try second.start(engines.second, router(100, second))
            #expect(eventually { told(second, on: segment) == ["backup", "master"] }, "\(segment.logs)")
            try first.start(engines.first, router(150, first))
            #expect(eventually { told(first, on: segment) == ["backup", "master"] }, "\(segment.logs)")
            #expect(eventually { told(second, on: segment) == ["backup", "master", "backup"] }, "\(segment.logs)")
            try first.stop()
            #expect(eventually { told(second, on: segment).last == "master" }, "\(segment.logs)")
        }
    }

    @Test(arguments: [Engine.vrrpd, .keepalived])
    func aFIFOGetsTheSameLines(_ engine: Engine) throws {
        try onSegment(of: 1) { segment in
            let host = segment.hosts[0]
            let (fifo, told) = ("\(segment.folder)/fifo", "\(segment.folder)/told-1")
            var router = Router(priority: 100)
            router.global = [
                "script_user root", "vrrp_notify_fifo \(fifo)",
                "vrrp_notify_fifo_script \"/bin/sh -c 'exec cat <$0 >\(told)'\"",
            ]
            try host.start(engine, router)
            let lines = ["BACKUP", "MASTER"].map { "INSTANCE \"VI_1\" \($0) 100" }
            #expect(eventually { self.told(host, on: segment) == lines }, "\(segment.logs)")
            try host.stop()
            // Of its end keepalived's reader hears only at times.
            if engine == .vrrpd {
                let stopped = lines + ["INSTANCE \"VI_1\" STOP 100"]
                #expect(eventually { self.told(host, on: segment) == stopped }, "\(segment.logs)")
            }
            #expect(!FileManager.default.fileExists(atPath: fifo))
        }
    }

    @Test(arguments: [Engine.vrrpd, .keepalived])
    func routesAndRulesComeAndGoWithTheAddress(_ engine: Engine) throws {
        try onSegment(of: 1) { segment in
            let host = segment.hosts[0]
            func shown() throws -> [String] {
                let words = [["route", "show", "table", "all"], ["rule", "show"]]
                return try words.flatMap { try Programs.run(["ip", "-n", host.namespace] + $0).split(separator: "\n") }
                    .map { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ") }
                    .filter { $0.contains("10.88") }.sorted()
            }
            var router = Router(priority: 100)
            router.lines = [
                "virtual_routes {", "10.88.0.0/16 via 10.77.0.9 dev eth0 src \(Router.vip)",
                "to 10.88.1.0/24 dev eth0 scope link table 100", "blackhole 10.88.2.0/24 metric 7 no_track", "}",
                "virtual_rules {", "from 10.88.0.0/16 table 100 preference 77",
                "to 10.88.1.0/24 fwmark 0x10/0xff prohibit preference 78", "}",
            ]
            let expected = [
                "10.88.0.0/16 via 10.77.0.9 dev eth0 proto keepalived src \(Router.vip)",
                "10.88.1.0/24 dev eth0 table 100 proto keepalived scope link", "77: from 10.88.0.0/16 lookup 100",
                "78: from all to 10.88.1.0/24 fwmark 0x10/0xff prohibit",
                "blackhole 10.88.2.0/24 proto keepalived metric 7",
            ]
            try host.start(engine, router)
            let isSet = try eventually { try shown().map(Self.withoutProtocolOfRules) == expected }
            let found = try shown()
            #expect(isSet, "\(found) \(segment.logs)")
            try host.stop()
            #expect(try eventually { try shown() == [] }, "\(segment.logs)")
        }
    }

    /// keepalived gives its rules its own number too.
    private static func withoutProtocolOfRules(_ line: String) -> String {
        line.first?.isNumber == true && line.contains(": from") ? line.replacing(" proto keepalived", with: "") : line
    }
}
