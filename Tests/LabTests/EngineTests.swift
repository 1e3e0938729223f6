import Foundation
import Testing

/// `engine: vrrpd`, from bare hosts and in the place of keepalived, on a lab of its own.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.engine]))
struct EngineTests {
    private let lab = EndToEndLab.engine
    private let balancers = EndToEndLab.balancers

    /// The lab's inventory with the one word changed, and without what the other engine needs.
    private func vrrpd() throws -> String {
        try lab.up()
        lab.borrowBuilds(of: .main)
        return try lab.inventory(
            "vrrpd", ("engine: keepalived", "engine: vrrpd"),
            ("keepalived: { version: 2.2.7, prefix: /usr/local/keepalived }\n", ""))
    }

    @Test func bareHostsBecomeAServiceWithoutKeepalived() throws {
        let inventory = try vrrpd()
        try lab.bare()
        let told = try lab.haprov("apply", "--yes", inventory: inventory)
        #expect(told.status == 0, "\(told)")
        #expect(!told.all("build").contains { $0["product"].text == "keepalived" })
        let drill = told.summary["drills"][0]
        #expect(drill["ok"].flag == true && drill["from"].text == "haproxy1" && drill["to"].text == "haproxy2")
        for host in balancers {
            for unit in ["haproxy", "haprov-vrrpd"] {
                #expect(
                    try lab.ask(host, "systemctl is-enabled \(unit); systemctl is-active \(unit)")
                        == "enabled\nactive")
            }
            let process = try lab.mainProcess("haprov-vrrpd", on: host)
            #expect(try lab.ask(host, "readlink /proc/\(process)/exe") == "/usr/local/sbin/haprov-vrrpd")
            #expect(try lab.on(host, "ldd /usr/local/sbin/haprov-vrrpd").errors.contains("not a dynamic executable"))
            #expect(try lab.on(host, "command -v keepalived || test -e /usr/local/keepalived").status != 0)
            #expect(try lab.on(host, "rpm -q gcc").status == 0 || host != "haproxy3" || told.all("build").isEmpty)
        }
        let status = try lab.haprov("status", inventory: inventory)
        #expect(status.status == 0, "\(status)")
        #expect(status.all("host").allSatisfy { $0["services"]["haprov-vrrpd"].text == "active" })
        #expect(status.all("host").allSatisfy { $0["drift"] == .list([]) })
    }

    /// On hosts without Python.
    @Test func aSecondApplyChangesNothingAndTheDrillGoesWell() throws {
        let inventory = try vrrpd()
        try lab.converged(inventory)
        for host in balancers { try lab.ask(host, "chmod 000 $(readlink -f /usr/bin/python3)") }
        defer { for host in balancers { _ = try? lab.on(host, "chmod 755 $(readlink -f /usr/bin/python3)") } }
        func processes() throws -> [String] {
            try balancers.map {
                try lab.ask(
                    $0, "pgrep -x -d' ' 'haproxy|haprov-vrrpd'; systemctl show -p MainPID haproxy haprov-vrrpd")
            }
        }
        let before = try processes()
        let cursors = try balancers.map {
            try lab.ask($0, "journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p'")
        }
        let told = try lab.haprov("apply", "--yes", inventory: inventory)
        #expect(told.status == 0 && told.summary["changes"].number == 0, "\(told)")
        #expect(try processes() == before)
        for (host, cursor) in zip(balancers, cursors) {
            let log = try lab.ask(host, "journalctl -u ssh -u sshd -o cat --after-cursor '\(cursor)'")
            let channels = log.split(separator: "\n").filter { $0.contains("server_input_channel_open: ctype session") }
            #expect((1...3).contains(channels.count), "\(host): \(channels.count) channels")
        }
        let verified = try lab.haprov("verify", "--yes", inventory: inventory)
        #expect(verified.status == 0, "\(verified)")
        let drill = verified.summary["drills"][0]
        #expect(drill["restored"].flag == true && drill["to"].text == "haproxy2")
        report("after HAProxy's death", drill["client_gap_ms"].number ?? -1)
        try lab.settled()
    }

    @Test func aChangedConfigurationIsReadAgain() throws {
        let inventory = try vrrpd()
        try lab.converged(inventory)
        let before = try balancers.map { try lab.mainProcess("haprov-vrrpd", on: $0) }
        let other = try lab.inventory(
            "vrrpd-priorities", ("engine: keepalived", "engine: vrrpd"), ("priority: 100", "priority: 90"))
        let told = try lab.haprov("apply", "--yes", "--no-verify", inventory: other)
        lab.disturbed()
        #expect(told.status == 0, "\(told)")
        let steps = told.all("finished").compactMap { $0["step"].text }
        #expect(steps.contains("reload haprov-vrrpd") && !steps.contains { $0.hasPrefix("restart") })
        #expect(try balancers.map { try lab.mainProcess("haprov-vrrpd", on: $0) } == before)
        #expect(try lab.ask("haproxy2", "haprov-vrrpd status").contains("priority 90"))
        let back = try lab.haprov("rollback", "--yes", inventory: inventory)
        #expect(back.status == 0, "\(back)")
        #expect(try lab.ask("haproxy2", "haprov-vrrpd status").contains("priority 100"))
        #expect(try balancers.map { try lab.mainProcess("haprov-vrrpd", on: $0) } == before)
        #expect(try lab.haprov("plan", inventory: inventory).status == 0)
    }

    /// There and back by `apply`, then both taken back, while a client asks every millisecond.
    @Test(.long) func oneEngineTakesThePlaceOfTheOther() throws {
        let inventory = try vrrpd()
        try lab.converged(inventory)
        let before = try lab.snapshots()
        let plan = try lab.haprov("plan")
        #expect(plan.status == 2, "\(plan)")
        let notes = plan.all("note").compactMap { $0["text"].text }
        #expect(
            notes.contains {
                $0.hasPrefix("keepalived takes the place of haprov-vrrpd on haproxy3, haproxy2, haproxy1")
            })
        #expect(notes.contains { $0.hasPrefix("the failover drill follows") }, "\(notes)")

        try change("to keepalived", runs: .keepalived, ["apply", "--yes", "--no-verify"], inventory: nil)
        #expect(try lab.haprov("plan").status == 0)
        let between = try lab.snapshots()
        try change("to haprov-vrrpd", runs: .vrrpd, ["apply", "--yes", "--no-verify"], inventory: inventory)
        #expect(try lab.haprov("plan", inventory: inventory).status == 0)
        try change("rollback to keepalived", runs: .keepalived, ["rollback", "--yes"], inventory: inventory)
        try lab.expectUnchanged(since: between)
        try change("rollback to haprov-vrrpd", runs: .vrrpd, ["rollback", "--yes"], inventory: nil)
        try lab.expectUnchanged(since: before)
        let verified = try lab.haprov("verify", "--yes", inventory: inventory)
        #expect(verified.status == 0, "\(verified)")
    }

    private enum Running: String { case keepalived, vrrpd = "haprov-vrrpd" }

    /// Runs haprov, which changes the engine on a cluster that serves.
    private func change(_ name: String, runs engine: Running, _ arguments: [String], inventory: String?) throws {
        let client = try OpenLoopClient(lab)
        var isRollingOut = false
        let program = try lab.start(arguments, inventory: inventory)
        let told = try Told(
            program.finish { line in
                // Compiling may take what the client needs.
                let event = try JSON(line: line)
                guard !isRollingOut, event["type"].text == "stage", event["name"].text?.hasPrefix("Roll ") == true
                else { return }
                isRollingOut = true
                try client.mark("change")
            })
        lab.disturbed()
        #expect(told.status == 0, "\(told)")
        // The VIP returns to the highest priority: that belongs to it.
        try lab.settled()
        let gap = try client.longestGap(in: "change")
        report(name, gap)
        // What keeps it short: the VIP's holder is the last, and on each host one engine starts right after the other stopped; in a
        // rollback once the files of both are back.
        let stages = told.all("stage").compactMap { $0["name"].text }.filter { $0.hasPrefix("Roll ") }
        #expect(stages.count == 3 && stages.last?.hasSuffix(" haproxy1") == true, "\(name): \(stages)")
        let other: Running = engine == .vrrpd ? .keepalived : .vrrpd
        let exchange =
            arguments.first == "rollback"
            ? ["undo: start \(other.rawValue)", "undo: stop \(engine.rawValue)"]
            : ["stop \(other.rawValue)", "start \(engine.rawValue)"]
        for host in balancers {
            let steps = told.all("finished").filter { $0["host"].text == host }.compactMap { $0["step"].text }
            let (stop, start) = (steps.firstIndex(of: exchange[0]), steps.firstIndex(of: exchange[1]))
            let (stopped, started) = (try #require(stop, "\(steps)"), try #require(start, "\(steps)"))
            let isInOrder = arguments.first == "rollback" ? stopped < started : stopped + 1 == started
            #expect(isInOrder, "\(name), \(host): \(steps)")
            let states = try lab.on(
                host,
                "systemctl is-active \(engine.rawValue) \(other.rawValue); systemctl is-enabled \(engine.rawValue)")
            #expect(states.lines == ["active", "inactive", "enabled"], "\(name), \(host): \(states)")
            #expect(try lab.on(host, "systemctl -q is-enabled \(other.rawValue)").status != 0)
        }
    }

    /// Figures are worth reading, whatever limit they keep.
    private func report(_ what: String, _ gap: Double) {
        FileHandle.standardOutput.write(Data("lab: \(what): longest gap \(gap) ms\n".utf8))
    }

    @Test func everyRunIsTakenBackToTheBareHosts() throws {
        let inventory = try vrrpd()
        let bare = try lab.bareHosts()
        try lab.converged(inventory)
        let all = try lab.haprov("rollback", "--yes", "--all")
        lab.disturbed()
        #expect(all.status == 0, "\(all)")
        try lab.expectUnchanged(since: bare)
    }
}
