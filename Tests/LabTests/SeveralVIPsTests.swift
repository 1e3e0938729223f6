import Foundation
import Testing

/// Two VIPs on three balancers, one of them of both families, on a lab of its own: from bare hosts and back, by each engine.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.vips]))
struct SeveralVIPsTests {
    private let lab = EndToEndLab.vips
    private let balancers = EndToEndLab.balancers
    private static let (web, six, api) = (EndToEndLab.vip, "2001:db8::100", "172.16.122.110")

    /// The lab's inventory with two VIPs in the place of its one.
    private func inventory(_ name: String, _ changes: (String, String)...) throws -> String {
        try inventory(name, changes)
    }

    private func inventory(_ name: String, _ changes: [(String, String)]) throws -> String {
        try lab.up()
        lab.borrowBuilds(of: .main)
        let path = try lab.inventory(name, changes)
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "vip:"))
        let end = try #require(lines[(start + 1)...].firstIndex { !$0.hasPrefix(" ") })
        lines.replaceSubrange(
            start..<end,
            with: [
                "vrrp: { interface: ens33, advert_int: 1s }", "vips:",
                "  web: { addresses: [\(Self.web)/24, \"\(Self.six)/64\"], virtual_router_id: 51, prefer: [haproxy1, haproxy2, haproxy3] }",
                "  api: { addresses: [\(Self.api)/24], virtual_router_id: 52, prefer: [haproxy2, haproxy3, haproxy1] }",
            ])
        let text = lines.map { $0.replacing(/, priority: [0-9]+/, with: "") }.joined(separator: "\n")
        try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func holders(of vip: String) throws -> [String] {
        try balancers.filter { try lab.on($0, "ip -o addr show | grep -qF ' \(vip)/'").status == 0 }
    }

    /// Every VIP is where it is preferred.
    private func settled() throws {
        try lab.wait("every VIP to be where it is preferred") {
            try holders(of: Self.web) == ["haproxy1"] && holders(of: Self.six) == ["haproxy1"]
                && holders(of: Self.api) == ["haproxy2"]
        }
    }

    /// HAProxy was killed on the holder of `web`, then on that of `api`: each took along what it held, and nothing else.
    private func expectDrills(_ told: Told) throws {
        #expect(told.status == 0, "\(told)")
        let drills = told.summary["drills"].list
        try #require(drills.count == 2, "\(told)")
        #expect(drills.allSatisfy { $0["ok"].flag == true && $0["restored"].flag == true })
        #expect(drills.map { $0["from"].text } == ["haproxy1", "haproxy2"])
        #expect(drills.map { $0["to"].text } == ["haproxy2", "haproxy3"])
        let moved = drills.map { drill in
            ["web", "web_6", "api"].map { drill["vips"][$0]["to"].text }
        }
        #expect(moved == [["haproxy2", "haproxy2", nil], [nil, nil, "haproxy3"]])
        for drill in drills {
            for name in ["web", "web_6", "api"] {
                let vip = drill["vips"][name]
                let isStruck = vip["struck"].flag == true
                #expect((vip["vip_moved_ms"].number != nil) == isStruck, "\(name): \(drill)")
                // One of IPv6 is asked where it can be reached by then: the controller may not have found its neighbour yet.
                if name != "web_6" { #expect(vip["client_gap_ms"].number != nil, "\(name): \(drill)") }
                if !isStruck, let failed = vip["failed"].number { #expect(failed == 0, "\(name): \(drill)") }
            }
        }
    }

    /// What a client of IPv6 is told.
    private func expectAnswerByIPv6() throws {
        let command = """
            nic=$(ip -o -4 route get \(Self.web) | sed -n 's/.* dev \\([^ ]*\\) .*/\\1/p')
            ip -6 addr replace 2001:db8::ffff/64 dev "$nic" nodad
            curl -g -s -m 10 'http://[\(Self.six)]/'
            """
        let told = try Program.run(
            [EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "sh", "-c", command], within: 60)
        #expect(EndToEndLab.applications.contains(told.lines.first ?? ""), "\(told)")
    }

    /// Asks both VIPs while haprov works; the longest gap of each in milliseconds.
    private func gaps(_ arguments: String..., inventory: String) throws -> [Double] {
        let clients = try [Self.web, Self.api].map { try OpenLoopClient(lab, vip: $0) }
        var isRollingOut = false
        let told = try lab.haprov(arguments, inventory: inventory) { json, _ in
            guard json["type"].text == "stage", json["name"].text?.hasPrefix("Roll ") == true, !isRollingOut else {
                return
            }
            isRollingOut = true
            for client in clients { try client.mark("change") }
        }
        #expect(told.status == 0, "\(told)")
        try settled()
        return try clients.map { try $0.longestGap(in: "change") }
    }

    @Test func twoVIPsFromBareHostsToBareHosts() throws {
        let inventory = try inventory("two")
        let bare = try lab.bareHosts()
        try expectDrills(try lab.haprov("apply", "--yes", inventory: inventory))
        try settled()
        let again = try lab.haprov("apply", "--yes", inventory: inventory)
        #expect(again.status == 0 && again.summary["changes"].number == 0, "\(again)")
        try expectAnswerByIPv6()

        let status = try lab.haprov("status", inventory: inventory)
        #expect(status.status == 0, "\(status)")
        #expect(status.summary["vips"]["web"]["holders"].list.map(\.text) == ["haproxy1"])
        #expect(status.summary["vips"]["web_6"]["holders"].list.map(\.text) == ["haproxy1"])
        #expect(status.summary["vips"]["api"]["holders"].list.map(\.text) == ["haproxy2"])

        try expectDrills(try lab.haprov("verify", "--yes", inventory: inventory))
        try settled()
        // HAProxy restarts everywhere: each VIP is away for a takeover when its holder has its turn, and again when it returns.
        let restarting = try self.inventory("restarting", ("health_check: process", "health_check: restart-first"))
        let gaps = try gaps("apply", "--yes", "--no-verify", inventory: restarting)
        // Only a fault takes longer, however busy the machine is.
        #expect(gaps.allSatisfy { $0 < 30_000 }, "\(gaps)")
        print("rolling restart, gaps of web and api: \(gaps) ms")

        let vrrpd = try self.inventory("vrrpd", EndToEndLab.engineVRRPD, EndToEndLab.withoutKeepalived)
        let switched = try lab.haprov("apply", "--yes", inventory: vrrpd)
        try expectDrills(switched)
        try settled()
        let unchanged = try lab.haprov("apply", "--yes", inventory: vrrpd)
        #expect(unchanged.status == 0 && unchanged.summary["changes"].number == 0, "\(unchanged)")
        try expectAnswerByIPv6()

        let back = try lab.haprov("rollback", "--all", "--yes", inventory: vrrpd)
        #expect(back.status == 0, "\(back)")
        try lab.expectUnchanged(since: bare)
        lab.disturbed()
    }

    /// What has two families moves as a whole and by itself, so that no order takes one of them away from the other.
    @Test(.long, arguments: ["keepalived", "haprov-vrrpd"])
    func oneIsMovedByItsNameAndWhatMovesTogetherIsNotTornApart(unit: String) throws {
        let changes = unit == "keepalived" ? [] : [EndToEndLab.engineVRRPD, EndToEndLab.withoutKeepalived]
        // Of two clients a busy machine cannot answer a thousand requests a second each.
        let inventory = try inventory("moved-\(unit)", changes + [("\ndrill: { ", "\ndrill: { rate: 100, ")])
        try lab.converged(inventory)
        try settled()
        for arguments in [["haproxy2"], ["haproxy2", "--vip", "web"], ["haproxy2", "--vip", Self.six]] {
            let told = try lab.haprov(["move"] + arguments + ["--yes"], inventory: inventory)
            #expect(told.status == 1, "\(told)")
            #expect(told.failures.first?.contains("is in the sync group web") == true, "\(told)")
        }
        try settled()
        let what = "one VIP of several moved with \(unit), as the other sees it"
        let client = try OpenLoopClient(lab, more: "--interval-us 10000")
        let seen = try DaysTests.watched(what, lab, by: client) { client in
            try client.mark("there")
            let there = try lab.haprov("move", "haproxy3", "--vip", "api", "--yes", inventory: inventory)
            #expect(there.status == 0, "\(there)")
            let moves = there.summary["moves"].list
            #expect(moves.count == 1 && moves[0]["from"].text == "haproxy2" && moves[0]["to"].text == "haproxy3")
            #expect(moves[0]["client_gap_ms"].number != nil, "\(there)")
            print("\(unit): api moved, its gap: \(moves[0]["client_gap_ms"].number ?? -1) ms")
            #expect(try holders(of: Self.api) == ["haproxy3"])
            let status = try lab.haprov("status", inventory: inventory)
            #expect(status.all("host").map { $0["moved"].list.count } == [0, 0, 1], "\(status)")
            try client.mark("home")
            let home = try lab.haprov("move", "--home", "--yes", inventory: inventory)
            #expect(home.status == 0 && home.summary["moves"].list.count == 1, "\(home)")
            #expect(home.summary["moves"][0]["to"].text == "haproxy2", "\(home)")
        }
        try settled()
        for phase in seen.phases { #expect(phase.failed == 0 && phase.good > 0, "\(phase)") }
    }

    /// The one VIP becomes an entry of its name, and another is added: nobody notices.
    @Test(.long) func anotherVIPIsAddedUnderRequests() throws {
        try lab.up()
        lab.borrowBuilds(of: .main)
        try lab.converged()
        let text = try String(contentsOfFile: lab.inventory, encoding: .utf8)
        let more = "\(lab.folder)/more.yml"
        var lines = text.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "vip:"))
        let end = try #require(lines[(start + 1)...].firstIndex { !$0.hasPrefix(" ") })
        let old = lines[(start + 1)..<end].map {
            "  " + $0.replacing(/address: (.*)/, with: { "addresses: [\($0.output.1)]" })
        }
        lines.replaceSubrange(
            start..<end,
            with: ["vips:", "  VI_1:"] + old + ["    priorities: { haproxy1: 101, haproxy2: 100, haproxy3: 99 }"] + [
                "  api: { addresses: [\(Self.api)/24], interface: ens33, virtual_router_id: 52, prefer: [haproxy2, haproxy3, haproxy1] }"
            ])
        try Data((lines.map { $0.replacing(/, priority: [0-9]+/, with: "") }.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(fileURLWithPath: more))
        let client = try OpenLoopClient(lab)
        try client.mark("adding")
        let told = try lab.haprov("apply", "--yes", "--no-verify", inventory: more)
        #expect(told.status == 0, "\(told)")
        #expect(told.all("impact").allSatisfy { $0["gap_ms"].number ?? 0 == 0 }, "\(told.all("impact"))")
        let seen = try client.phases().filter { $0.name == "adding" }
        #expect(seen.allSatisfy { $0.failed == 0 && $0.good > 1000 }, "\(seen)")
        try lab.wait("the new VIP to be where it is preferred") { try holders(of: Self.api) == ["haproxy2"] }
        #expect(try lab.holders() == ["haproxy1"])
        let back = try lab.haprov("rollback", "--yes", inventory: more)
        #expect(back.status == 0, "\(back)")
        try lab.wait("the new VIP to be gone") { try holders(of: Self.api).isEmpty }
        lab.disturbed()
    }
}
