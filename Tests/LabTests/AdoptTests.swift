import Foundation
import Testing

/// A cluster that somebody set up by hand, taken over while clients use it, and given back.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.adopt]))
struct AdoptTests {
    private let lab = EndToEndLab.adopt
    private let balancers = EndToEndLab.balancers

    /// `haprov adopt`, with what the lab's hosts let in.
    private func adopt(to path: String) throws -> Told {
        let hosts = ["root@172.16.122.101", "172.16.122.102:22", "172.16.122.103"]
        let login = ["--identity", "\(lab.state)/id_ed25519", "--known-hosts", "\(lab.state)/known_hosts"]
        let outcome = try Program.run(
            [EndToEndLab.program, "lab", "run", "--name", lab.name, "--", EndToEndLab.program, "adopt", "--json"]
                + ["--to", path] + login + hosts, within: 120)
        return try Told(outcome)
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    /// Main processes that have to go on.
    private func processes() throws -> [String] {
        try balancers.map { host in try lab.ask(host, "pgrep -o -x haproxy; pgrep -o -x keepalived") }
    }

    @Test(
        "The guide's cluster: adopt, plan, apply under clients, drill, rollback; nothing is started anew",
        .long)
    func theGuides() throws {
        try lab.setUpByHand()
        let before = try lab.snapshots()
        let running = try processes()
        let folder = "\(lab.folder)/adopted"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let inventory = "\(folder)/inventory.yml"

        let told = try adopt(to: inventory)
        try #require(told.status == 0, "\(told)")
        #expect(try lab.snapshots().difference(from: before) == [], "adopt changes nothing")
        #expect(try mode("\(folder)/haproxy") == 0o700)
        #expect(try mode("\(folder)/haproxy/vrrp-51.password") == 0o600)
        #expect(
            try String(contentsOfFile: "\(folder)/haproxy/.gitignore", encoding: .utf8).contains("/vrrp-51.password"))
        #expect(try adopt(to: inventory).status == 1, "never over what is there")
        #expect(try lab.haprov("check", inventory: inventory).status == 0)

        let plan = try lab.haprov("plan", inventory: inventory)
        #expect(plan.status == 2, "\(plan)")
        let lines = plan.all("change").compactMap { $0["summary"].text }
        #expect(
            !lines.contains { $0.hasPrefix("restart") || $0.hasPrefix("start") || $0.hasPrefix("stop") }, "\(lines)")
        #expect(lines.filter { $0 == "reload keepalived" }.count == 3, "\(lines)")

        // Lines that the inventory does not say are not lost.
        let file = "/etc/keepalived/keepalived.conf"
        try lab.ask("haproxy2", "sed -i 's/^advert_int/garp_master_delay 2\\nadvert_int/' \(file)")
        let refused = try lab.haprov("plan", inventory: inventory)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.failures.first?.contains("vrrp_instance VI_1 garp_master_delay") == true, "\(refused)")
        try lab.ask("haproxy2", "sed -i '/^garp_master_delay/d' \(file)")

        let client = try OpenLoopClient(lab)
        try client.mark("apply")
        let applied = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory)
        #expect(applied.status == 0, "\(applied)")
        try lab.settled()
        try client.mark("rest")
        #expect(try processes() == running, "the same programs go on")
        #expect(try lab.haprov("plan", inventory: inventory).status == 0)
        let verified = try lab.haprov("verify", "--yes", inventory: inventory)
        #expect(verified.status == 0, "\(verified)")
        try lab.settled()
        let phases = try client.phases()
        let apply = try #require(phases.first { $0.name == "apply" })
        #expect(apply.longestGap < 5000, "\(apply)")

        let back = try lab.haprov("rollback", "--yes", inventory: inventory)
        #expect(back.status == 0, "\(back)")
        try lab.settled()
        let difference = try lab.snapshots().difference(from: before)
        #expect(difference == [], "\(difference)")
        for host in balancers {
            #expect(try lab.ask(host, "ls /etc/rc3.d | grep -cE '^S..(haproxy|keepalived)$'") == "2")
            #expect(try lab.ask(host, "systemctl is-active haproxy keepalived") == "active\nactive")
        }
        #expect(try lab.get("http://\(EndToEndLab.vip)/").hasPrefix("app"))
    }
}
