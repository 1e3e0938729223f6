import Foundation
import Testing

/// Every drill there is, on real hosts, and that each leaves them as they were.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.drills]))
struct DrillTests {
    private let lab = EndToEndLab.drills
    private let balancers = EndToEndLab.balancers
    /// All but those that the lab's cluster cannot have.
    private static let sound = [
        "haproxy-killed", "daemon-stopped", "daemon-killed", "move", "failback", "application-down",
        "applications-down", "split-brain", "link-flap", "host-isolated",
        "host-rebooted", "cascade",
    ]
    /// Those that are run: of each kind of damage one where not all are asked for.
    private static let drilled =
        EndToEndTrait.areLongAsked ? sound : ["daemon-killed", "applications-down", "split-brain"]

    /// What stands on a balancer besides what was there before the drill: filters, routes, files, timers, states.
    private func traces() throws -> [String] {
        let script = """
            find /run/haprov /run/systemd/system -name '*haprov*' -o -path '/run/haprov/*' 2>/dev/null | sort
            systemctl list-units --all --plain --no-legend '*haprov-drill*'
            nft list tables | grep haprov
            ip route show | sort
            cat /proc/sys/net/ipv4/conf/*/arp_ignore
            systemctl is-active haproxy keepalived haprov-vrrpd
            grep -l '^State:.T' /proc/[0-9]*/status 2>/dev/null
            true
            """
        return try balancers.flatMap { host in try lab.ask(host, script).split(separator: "\n").map { "\(host): \($0)" }
        }
    }

    @Test(arguments: EndToEndTrait.areLongAsked ? ["keepalived", "haprov-vrrpd"] : ["keepalived"])
    func everyDrillPassesAndLeavesNothing(engine: String) throws {
        let inventory = engine == "keepalived" ? nil : try lab.vrrpdInventory()
        try lab.converged(inventory)
        let (before, marks) = (try lab.snapshots(), try traces())
        let asked = EndToEndTrait.areLongAsked ? ["--all"] : ["--drill", Self.drilled.joined(separator: ",")]
        let told = try lab.haprov(["verify", "--yes"] + asked, inventory: inventory)
        #expect(told.status == 0, "\(told)")
        let drills = told.summary["drills"].list
        #expect(drills.compactMap { $0["name"].text } == Self.drilled, "\(told)")
        let expected = [
            "move": ("haproxy1", "haproxy2"), "failback": ("haproxy2", "haproxy1"),
            "daemon-killed": ("haproxy1", "haproxy2"), "host-rebooted": ("haproxy1", "haproxy2"),
            "cascade": ("haproxy1", "haproxy3"),
        ]
        for drill in drills {
            #expect(drill["ok"].flag == true && drill["restored"].flag == true, "\(drill)")
            #expect(drill["hypothesis"].text?.isEmpty == false && drill["blast_radius"].text?.isEmpty == false)
            switch drill["name"].text ?? "" {
            case "application-down", "applications-down": #expect(drill["to"].text == nil, "\(drill)")
            case "split-brain":
                let seen = drill["notes"].list.contains {
                    $0.text?.hasPrefix("haproxy1 and haproxy2 hold the VIP at once") == true
                }
                #expect(seen, "\(drill)")
            case let name:
                guard let (from, to) = expected[name] else { continue }
                #expect(drill["from"].text == from && drill["to"].text == to, "\(drill)")
            }
        }
        if EndToEndTrait.areLongAsked {
            let skipped = told.summary["skipped"].list
            #expect(skipped.compactMap { $0["name"].text } == ["haproxy-restarted", "haproxy-hung"])
            #expect(skipped.last?["reason"].text?.contains("HAProxy hangs and the check does not see it") == true)
        }
        try lab.settled()
        try lab.wait("nothing to be left of the drills", seconds: 30) { try traces() == marks }
        try lab.expectUnchanged(since: before)
        let plan = try lab.haprov("plan", inventory: inventory)
        #expect(plan.status == 0, "\(plan)")
    }

    @Test(.long) func aHangThatTheCheckDoesNotSeeIsSaid() throws {
        try lab.converged()
        let told = try lab.haprov("verify", "--yes", "--drill", "haproxy-hung")
        #expect(told.status == 3, "\(told)")
        let failure = try #require(told.failures.first)
        #expect(failure.contains("HAProxy hangs and the check does not see it: `health_check: process`"), "\(told)")
        #expect(told.summary["drills"][0]["restored"].flag == true)
        try lab.settled()
        #expect(try lab.on("haproxy1", "curl -sf -m 5 http://\(EndToEndLab.vip)/").status == 0)
    }

    /// Where the check asks HAProxy for an answer, one that hangs loses the VIP as one that is dead.
    @Test(.long, arguments: ["keepalived", "haprov-vrrpd"]) func aHangThatTheCheckSeesMovesTheVIP(engine: String) throws
    {
        try lab.converged()
        let check = ("health_check: process", "health_check: answer")
        let inventory =
            try engine == "keepalived"
            ? lab.inventory("answer", check)
            : lab.inventory("answer-vrrpd", EndToEndLab.engineVRRPD, EndToEndLab.withoutKeepalived, check)
        // Neither the way there nor the way back is noticed by clients.
        for target in [inventory, lab.inventory, inventory] {
            let holders = try lab.holders()
            try lab.converged(target)
            #expect(try lab.holders() == holders)
        }
        let told = try lab.haprov(
            "verify", "--yes", "--drill", "haproxy-hung,haproxy-killed,move", inventory: inventory)
        #expect(told.status == 0, "\(told)")
        for drill in told.summary["drills"].list {
            #expect(
                drill["ok"].flag == true && drill["from"].text == "haproxy1" && drill["to"].text == "haproxy2",
                "\(drill)")
        }
        try lab.settled()
        try lab.converged()
        #expect(try lab.on("haproxy1", "cat /etc/keepalived/keepalived.conf | grep chk_answer").status == 1)
    }

    /// Nobody but the host itself can end it.
    @Test(
        arguments: EndToEndTrait.areLongAsked
            ? sound.filter { $0 != "haproxy-killed" } : ["host-isolated"])
    func theHostsGiveBackWhatAKilledHaprovBroke(_ name: String) throws {
        try lab.converged()
        let marks = try traces()
        var announced: Double?
        let word = [
            "daemon-stopped": "stopped", "daemon-killed": "killed", "move": "asked for", "failback": "asked for",
            "application-down": "rejected", "applications-down": "rejected", "split-brain": "blocked",
            "link-flap": "taken down", "host-isolated": "cut", "host-rebooted": "restarted", "cascade": "killed",
        ]
        let told = try lab.haprov("verify", "--yes", "--drill", name) { event, process in
            if event["event"].text == "armed" {
                announced = event["text"].text?.split(separator: " ").compactMap { Double($0) }.first
            }
            if event["event"].text == word[name] { kill(process, SIGKILL) }
        }
        #expect(told.status == -SIGKILL, "\(told)")
        let seconds = try #require(announced)
        if name == "host-isolated" {
            try lab.wait("the VIP to be on haproxy2 too") { try lab.holders().contains("haproxy2") }
            #expect(try lab.on("haproxy1", "nft list table inet haprov_drill").status == 0)
        }
        // A host that is being restarted answers nobody.
        try lab.wait("the hosts to give it back", seconds: seconds + 90) { (try? traces()) == marks }
        try lab.settled()
        let again = try lab.haprov("verify", "--yes")
        #expect(again.status == 0, "\(again)")
    }

    @Test func whatIsNotAllowedTouchesNothing() throws {
        try lab.converged()
        let inventory = try lab.inventory("strict", ("allow: all", "allow: [move]"))
        let process = try lab.mainProcess("haproxy", on: "haproxy1")
        for arguments in [["verify", "--yes"], ["verify", "--yes", "--drill", "move,host-isolated"]] {
            let told = try lab.haprov(arguments, inventory: inventory)
            #expect(told.status == 1, "\(told)")
            #expect(told.failures.first?.contains("`drill.allow` does not let") == true, "\(told)")
        }
        #expect(try lab.mainProcess("haproxy", on: "haproxy1") == process)
    }

    /// A short one; `make soak` takes longer.
    @Test(.long) func aSoakDrawsTheSameDrillsAgain() throws {
        try lab.converged()
        func soak(_ arguments: String...) throws -> [String?] {
            let told = try lab.haprov(["verify", "--yes", "--seed", "7"] + arguments)
            #expect(told.status == 0, "\(told)")
            #expect(told.summary["seed"].number == 7)
            return told.summary["drills"].list.map { $0["name"].text }
        }
        let drills = "daemon-stopped,move,failback,split-brain,haproxy-killed"
        let first = try soak("--drill", drills, "--soak", "20s")
        let second = try soak("--drill", drills, "--soak", "5s")
        #expect(!first.isEmpty && !second.isEmpty)
        #expect(zip(first, second).allSatisfy { $0 == $1 }, "\(first) \(second)")
        try lab.settled()
    }
}
