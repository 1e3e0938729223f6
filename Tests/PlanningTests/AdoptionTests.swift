import Errors
import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("From what was found to an inventory")
struct AdoptionTests {
    private static let haproxyConfiguration = """
        global
            user haproxy
            stats socket /run/haproxy.sock mode 600 level admin expose-fd listeners
        frontend web
            bind *:80
            errorfile 503 /usr/local/haproxy/conf/errors/503.http
            errorfile 404 /opt/errors/404.http
            default_backend app
        backend app
            server app1 172.16.122.104:10900 check
        """

    private static func keepalived(_ number: Int, _ more: String = "", password: String = "4gjfethTonUY7kXU") -> String
    {
        """
        global_defs {
        router_id haproxy\(number) # 虚拟路由名称
        }
        vrrp_script chk_haproxy {
        script "killall -0 haproxy" # 性能高于ps命令
        interval 2
        }
        vrrp_instance VI_1 {
        state \(number == 1 ? "MASTER" : "BACKUP")
        interface ens33
        virtual_router_id 51
        priority \(102 - number)
        advert_int 1
        authentication {
        auth_type PASS
        auth_pass \(password) # 主备一样
        }
        virtual_ipaddress {
        172.16.122.100 # 虚地址IP
        }
        track_script {
        chk_haproxy
        }
        \(more)
        }
        """
    }

    /// A balancer of the guide's, as its host answers.
    private static func balancer(
        _ number: Int, keepalived: String? = nil, haproxy: String = haproxyConfiguration,
        _ edit: (inout Facts) -> Void = { _ in }
    ) -> FoundBalancer {
        let folder = "/usr/local/haproxy/conf"
        let said =
            """
            @process|haproxy|11|1|haproxy.service|/usr/local/haproxy/sbin/haproxy|haproxy\u{1E}-D\u{1E}-f\u{1E}\(folder)/haproxy.cfg||
            @process|keepalived|21|1|keepalived.service|/usr/sbin/keepalived|keepalived\u{1E}-D||/etc/keepalived/keepalived.conf
            @unit|haproxy.service|loaded|active|generated|0||no|/etc/init.d/haproxy|yes
            @unit|keepalived.service|loaded|active|generated|0||no|/etc/init.d/keepalived|yes
            @foundversion|haproxy|HAProxy version 2.6.12-1+deb12u1 2023/12/16 - https://haproxy.org/
            @foundversion|keepalived|Keepalived v2.2.7 (01/16,2022)
            @foundreload|haproxy.service|yes
            @foundreload|keepalived.service|yes
            @treefile|haproxy|haproxy.cfg|f|644|root|root|10|
            @treefile|haproxy|errors/503.http|f|644|root|root|10|
            @treefile|haproxy|notes.txt|f|644|root|root|10|

            """
        var facts = FactsReader.read(Array(said.replacing("|", with: "\t").utf8))
        let files = [
            Engine.configuration: keepalived ?? self.keepalived(number), "\(folder)/haproxy.cfg": haproxy,
            "\(folder)/errors/503.http": "sorry", "\(folder)/notes.txt": "of nobody's business",
        ]
        facts.files = files.mapValues {
            FileFact(kind: .file, mode: "0644", owner: "root", group: "root", digest: "d", content: Array($0.utf8))
        }
        facts.addresses = Samples.facts(address: "172.16.122.10\(number)").addresses
        facts.system.hostName = "host\(number).example"
        edit(&facts)
        return FoundBalancer(
            argument: "172.16.122.10\(number)", address: IPAddress("172.16.122.10\(number)") ?? .v4(0), user: "root",
            port: 22, facts: facts)
    }

    private static func adoption(_ balancers: [FoundBalancer]) throws -> Adoption {
        try Adoption(
            cluster: "web", login: .init(user: "root", port: 22, lines: ["known_hosts: /k"]), balancers: balancers)
    }

    private static let guide = [balancer(3), balancer(1), balancer(2)]

    private static func cluster(_ text: String) throws -> Cluster {
        let reading = InventoryReader.read(text, file: "inventory.yml")
        return try #require(reading.cluster, "\(reading.diagnostics)\n\(text)")
    }

    @Test("The guide's cluster: what was found stays")
    func theGuides() throws {
        let adoption = try Self.adoption(Self.guide)
        let cluster = try Self.cluster(adoption.inventory())
        #expect(cluster.balancers.map(\.name) == ["haproxy1", "haproxy2", "haproxy3"])
        let instance = cluster.instances[0]
        #expect(instance.preference.map(\.priority) == [101, 100, 99])
        #expect(instance.name == "VI_1" && instance.virtualRouterID == 51 && instance.preempt)
        #expect(
            instance.addresses.map(\.description) == ["172.16.122.100/24"], "the prefix length of the NIC's network")
        #expect(instance.password == .file("haproxy/vrrp-51.password"))
        #expect(cluster.haproxy.origin == .found && cluster.haproxy.path == "/usr/local/haproxy/sbin/haproxy")
        #expect(cluster.haproxy.version == "2.6.12")
        #expect(cluster.haproxy.own?.target == "/usr/local/haproxy/conf" && cluster.haproxy.own?.perHost == nil)
        #expect(cluster.keepalived?.origin == .found && cluster.keepalived?.path == "/usr/sbin/keepalived")
        #expect(cluster.keepalived?.version == "2.2.7" && cluster.healthCheck == .process)
        #expect(cluster.compiledProducts == [] && cluster.packagedPrograms == [])
    }

    @Test("Beside it are what haproxy.cfg names, word by word, and the password as it was; secrets are ignored by git")
    func files() throws {
        let files = try Self.adoption(Self.guide).files
        #expect(
            files.map(\.path) == [
                "haproxy/vrrp-51.password", "haproxy/config/errors/503.http", "haproxy/config/haproxy.cfg",
                "haproxy/.gitignore",
            ])
        #expect(String(decoding: files[0].content, as: UTF8.self) == "4gjfethTonUY7kXU\n")
        #expect(String(decoding: files[2].content, as: UTF8.self) == Self.haproxyConfiguration)
        #expect(String(decoding: files[3].content, as: UTF8.self).hasSuffix("\n/vrrp-51.password\n"))
        let secret = Self.haproxyConfiguration + "\nlisten stats\n    bind *:81\n    stats auth admin:word\n"
        let others = try Self.adoption([Self.balancer(1, haproxy: secret), Self.balancer(2, haproxy: secret)]).files
        let ignored = String(decoding: others.last?.content ?? [], as: UTF8.self)
        #expect(ignored.contains("\n/config/haproxy.cfg\n"), "\(ignored)")
    }

    @Test func remarks() throws {
        let texts = try Self.adoption(Self.guide).remarks.map(\.text)
        #expect(texts.contains { $0.hasPrefix("172.16.122.100 has no prefix length, which means /32") })
        #expect(
            texts.contains {
                $0.contains("files outside of /usr/local/haproxy/conf") && $0.contains("/opt/errors/404.http")
            })
        let other = Self.balancer(2) { $0[AdoptionFacts.self].versions["haproxy"] = "HAProxy version 2.4.0" }
        let adoption = try Self.adoption([Self.balancer(1), other])
        #expect(adoption.remarks.contains { $0.text.hasPrefix("haproxy is not the same on all: haproxy1 has 2.6.12") })
        #expect(adoption.version(of: "haproxy") == "2.4.0")
    }

    @Test("A configuration that differs is kept for its host")
    func perHost() throws {
        let adoption = try Self.adoption([
            Self.balancer(1), Self.balancer(2, haproxy: Self.haproxyConfiguration + "\n# two\n"),
        ])
        #expect(adoption.files.map(\.path).contains("haproxy/hosts/haproxy2/haproxy.cfg"))
        #expect(!adoption.files.map(\.path).contains("haproxy/hosts/haproxy2/errors/503.http"))
        #expect(try Self.cluster(adoption.inventory()).haproxy.own?.perHost == "haproxy/hosts")
    }

    @Test("Other names, several addresses, unicast, nopreempt")
    func otherwise() throws {
        func text(_ number: Int) -> String {
            Self.keepalived(number, "nopreempt\nunicast_peer {\n172.16.122.10\(3 - number)\n}")
                .replacing("VI_1", with: "web").replacing(
                    "172.16.122.100 #", with: "172.16.122.100/24\n172.16.122.99/24 #")
        }
        let adoption = try Self.adoption([
            Self.balancer(1, keepalived: text(1)), Self.balancer(2, keepalived: text(2)),
        ])
        let instance = try Self.cluster(adoption.inventory()).instances[0]
        #expect(instance.name == "web" && instance.unicast && !instance.preempt)
        #expect(instance.addresses.map(\.description) == ["172.16.122.100/24", "172.16.122.99/24"])
    }

    private static func resources(_ adoption: Adoption) throws -> [String: HostResources] {
        try Samples.playbooks().resources(
            of: try cluster(adoption.inventory()), passwords: adoption.passwords, packages: [:])
    }

    @Test("What the inventory cannot say is named in it, and keeps it usable")
    func lost() throws {
        #expect(try Self.adoption(Self.guide).lost(to: Self.resources(Self.adoption(Self.guide))) == [:])
        let balancers = (1...2).map { Self.balancer($0, keepalived: Self.keepalived($0, "notify_master /opt/n.sh")) }
        let adoption = try Self.adoption(balancers)
        let lost = try adoption.lost(to: Self.resources(adoption))
        #expect(lost.mapValues { $0.map(\.name) }["haproxy2"] == ["vrrp_instance VI_1 notify_master"])
        let text = adoption.inventory(lost: lost)
        #expect(text.contains("\n  # drop: [\"vrrp_instance VI_1 notify_master\"]\n"), "\(text)")
        _ = try Self.cluster(text)
    }

    @Test("Nothing is started anew, nothing is compiled or installed: keepalived takes up what haprov writes")
    func plan() throws {
        let adoption = try Self.adoption(Self.guide)
        var cluster = try Self.cluster(adoption.inventory())
        cluster.haproxy.own?.files = ["haproxy.cfg": Array(Self.haproxyConfiguration.utf8)]
        let resources = try Samples.playbooks().resources(of: cluster, passwords: adoption.passwords, packages: [:])
        var facts: [String: Facts] = [:]
        for balancer in adoption.balancers {
            let name = try #require(balancer.vrrp.global.routerID)
            var found = Samples.facts(address: "\(balancer.address)")
            found.units = balancer.facts.units
            found.files = balancer.facts.files
            found.processes = balancer.facts.processes
            found.packages["psmisc"] = "psmisc-22.20"
            var tree = TreeFact()
            let own = try #require(resources[name]?.all.compactMap { $0 as? TreeResource }.first)
            for file in own.tree.files {
                tree.files[file.path] = FileFact(
                    kind: .file, mode: "0644", owner: "admin", group: "wheel", digest: file.digest)
            }
            #expect(own.tree.files.map(\.path) == ["haproxy.cfg"], "nobody would read what haprov adds")
            found.trees["haproxy"] = tree
            facts[name] = found
        }
        #expect(Preflight(cluster: cluster, facts: facts).failures().filter { $0.step != "firewall" } == [])
        let plan = try Planner(
            cluster: cluster, resources: resources, facts: facts, products: [], transactions: [:],
            secrets: Array(adoption.passwords.values)
        ).plan()
        let verbs = plan.hosts.flatMap { $0.steps + $0.together }.compactMap { $0.change as? UnitChange }.map(\.summary)
        #expect(verbs == ["reload keepalived", "reload keepalived", "reload keepalived"])
        #expect(plan.builds == [])
        #expect(!plan.hosts.contains { $0.restartsHAProxy })
        let paths = Set(plan.hosts.flatMap(\.steps).compactMap { $0.change as? WriteFile }.map(\.path))
        #expect(paths == ["/etc/keepalived/chk_move.sh", "/etc/keepalived/keepalived.conf"])

        // What is unsaid is not lost.
        for name in facts.keys {
            let text = String(decoding: facts[name]?.files[Engine.configuration]?.content ?? [], as: UTF8.self)
            facts[name]?.files[Engine.configuration]?.content = Array(
                text.replacing("state ", with: "garp_master_delay 5\nstate ").utf8)
        }
        func planner(_ cluster: Cluster) throws -> Planner {
            Planner(
                cluster: cluster,
                resources: try Samples.playbooks().resources(of: cluster, passwords: adoption.passwords, packages: [:]),
                facts: facts, products: [], transactions: [:], secrets: [])
        }
        let failure = try #require(throws: Failure.self) { try planner(cluster).plan() }
        #expect(failure.summary.contains("line 9: vrrp_instance VI_1 garp_master_delay (the same on"), "\(failure)")
        var kept = cluster
        kept.keepalived?.extra.instance = ["garp_master_delay 5"]
        _ = try planner(kept).plan()
        kept = cluster
        kept.keepalived?.drop = ["garp_master_delay"]
        _ = try planner(kept).plan()
        // Where haprov has written it, what somebody adds by hand is shown by the diff, and goes.
        for name in facts.keys {
            facts[name]?.units["keepalived.service"]?.activeState = "inactive"
            facts[name]?.units["keepalived.service"]?.startsByInitScript = false
            facts[name]?.processes = []
        }
        _ = try planner(cluster).plan()
    }

    @Test("What cannot be taken over as it runs is refused with the way out")
    func refusals() throws {
        func summaries(_ balancers: FoundBalancer...) throws -> [String] {
            try #require(throws: Failures.self) { try Self.adoption(balancers) }.all.map(\.summary)
        }
        let one = Self.balancer(1)
        #expect(try summaries(one) == ["a VIP can move only between two balancers or more"])
        let outside = Self.balancer(2) { facts in
            for index in facts.processes.indices where facts.processes[index].name == "haproxy" {
                facts.processes[index].unit = "session-1.scope"
            }
        }
        let told = try summaries(one, outside)
        let place =
            "haproxy (process 11, /usr/local/haproxy/sbin/haproxy) runs outside haproxy.service, in session-1.scope"
        #expect(told.count == 1 && told[0].hasPrefix(place), "\(told)")
        #expect(
            try summaries(one, Self.balancer(2) { $0.processes = [] }) == [
                "no HAProxy runs here", "no keepalived runs here",
            ])
        #expect(
            try summaries(one, Self.balancer(2) { $0[AdoptionFacts.self].reloading = ["keepalived.service"] }) == [
                "haproxy.service cannot be told to reload, so that every change would be a restart"
            ])
        #expect(
            try summaries(one, Self.balancer(2, keepalived: Self.keepalived(2, password: "another1"))) == [
                "VI_1 has another auth_pass than that of haproxy1"
            ])
        // Of which the protocol carries 8 characters.
        _ = try Self.adoption([one, Self.balancer(2, keepalived: Self.keepalived(2, password: "4gjfethT"))])
        #expect(
            try summaries(
                one, Self.balancer(2, keepalived: Self.keepalived(2).replacing("122.100 #", with: "122.98 #"))
            ) == ["VI_1 has addresses 172.16.122.98, and that of haproxy1 172.16.122.100"])
        #expect(
            try summaries(
                one, Self.balancer(2, keepalived: Self.keepalived(2).replacing("router_id 51", with: "router_id 52"))
            )
            .contains("it has no instance of the virtual router ID 51, which haproxy1 has"))
    }
}
