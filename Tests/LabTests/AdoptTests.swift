import Foundation
import Testing

/// A cluster that somebody set up by hand, taken over while clients use it, and given back.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.adopt, .adoptPackages]))
struct AdoptTests {
    private let balancers = EndToEndLab.balancers

    /// How somebody has set a cluster up.
    enum ByHand: String, CaseIterable {
        /// Compiled, below /usr/local, with init scripts.
        case guide
        /// The distribution's packages and units.
        case packages

        var lab: EndToEndLab { self == .guide ? .adopt : .adoptPackages }

        func setUp() throws {
            switch self {
            case .guide: try lab.setUpByHand()
            case .packages: try lab.setUpOfPackages()
            }
        }

        /// What its VIP is called.
        var instance: String { self == .guide ? "VI_1" : "web" }
        /// A line of keepalived.conf below which another one can stand in the instance.
        var lineOfInstance: String { self == .guide ? "advert_int" : "    advert_int" }
        /// How often each service is started at boot.
        var startsAtBoot: String {
            self == .guide
                ? "ls /etc/rc3.d | grep -cE '^S..(haproxy|keepalived)$'"
                : "systemctl is-enabled haproxy keepalived | grep -cx enabled"
        }
    }

    /// `haprov adopt`, with what the lab's hosts let in.
    private func adopt(_ lab: EndToEndLab, to path: String) throws -> Told {
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
    private func processes(_ lab: EndToEndLab) throws -> [String] {
        try balancers.map { host in try lab.ask(host, "pgrep -o -x haproxy; pgrep -o -x keepalived") }
    }

    @Test(
        "Adopt, plan, apply under clients, drill, rollback; nothing is started anew", .long,
        arguments: ByHand.allCases)
    func takenOver(_ cluster: ByHand) throws {
        let lab = cluster.lab
        try cluster.setUp()
        let before = try lab.snapshots()
        let running = try processes(lab)
        let folder = "\(lab.folder)/adopted"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let inventory = "\(folder)/inventory.yml"

        let told = try adopt(lab, to: inventory)
        try #require(told.status == 0, "\(told)")
        #expect(try lab.snapshots().difference(from: before) == [], "adopt changes nothing")
        #expect(try mode("\(folder)/haproxy") == 0o700)
        #expect(try mode("\(folder)/haproxy/vrrp-51.password") == 0o600)
        #expect(
            try String(contentsOfFile: "\(folder)/haproxy/.gitignore", encoding: .utf8).contains("/vrrp-51.password"))
        #expect(try adopt(lab, to: inventory).status == 1, "never over what is there")
        #expect(try lab.haprov("check", inventory: inventory).status == 0)
        try lab.widenLimits(of: inventory)

        let plan = try lab.haprov("plan", inventory: inventory)
        #expect(plan.status == 2, "\(plan)")
        let lines = plan.all("change").compactMap { $0["summary"].text }
        #expect(
            !lines.contains { $0.hasPrefix("restart") || $0.hasPrefix("start") || $0.hasPrefix("stop") }, "\(lines)")
        #expect(lines.filter { $0 == "reload keepalived" }.count == 3, "\(lines)")

        // Lines that the inventory does not say are not lost.
        let file = "/etc/keepalived/keepalived.conf"
        let line = cluster.lineOfInstance
        try lab.ask("haproxy2", "sed -i 's/^\(line)/garp_master_delay 2\\n\(line)/' \(file)")
        let refused = try lab.haprov("plan", inventory: inventory)
        #expect(refused.status == 1, "\(refused)")
        let lost = "vrrp_instance \(cluster.instance) garp_master_delay"
        #expect(refused.failures.first?.contains(lost) == true, "\(refused)")
        try lab.ask("haproxy2", "sed -i '/^garp_master_delay/d' \(file)")

        let applied = try DaysTests.watched("\(cluster.rawValue) adopted", lab) { client in
            try client.mark("apply")
            let applied = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory)
            #expect(applied.status == 0, "\(applied)")
            try lab.settled()
        }
        // The guide's VIP gets a prefix length: keepalived takes it away and puts it back.
        for phase in applied.phases {
            #expect(phase.good > 0 && (cluster == .guide || phase.failed == 0), "\(phase)")
        }
        #expect(try processes(lab) == running, "the same programs go on")
        #expect(try lab.haprov("plan", inventory: inventory).status == 0)
        let verified = try lab.haprov("verify", "--yes", inventory: inventory)
        #expect(verified.status == 0, "\(verified)")
        try lab.settled()

        let back = try DaysTests.watched("\(cluster.rawValue) given back", lab) { client in
            try client.mark("rollback")
            let back = try lab.haprov("rollback", "--yes", inventory: inventory)
            #expect(back.status == 0, "\(back)")
            try lab.settled()
        }
        for phase in back.phases { #expect(phase.good > 0, "\(phase)") }
        let difference = try lab.snapshots().difference(from: before)
        #expect(difference == [], "\(difference)")
        for host in balancers {
            #expect(try lab.ask(host, cluster.startsAtBoot) == "2")
            #expect(try lab.ask(host, "systemctl is-active haproxy keepalived") == "active\nactive")
        }
        #expect(try lab.get("http://\(EndToEndLab.vip)/").hasPrefix("app"))
    }
}
