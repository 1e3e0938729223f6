import Errors
import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("Programs of the distribution's own packages")
struct PackagedTests {
    private static func cluster(_ edit: (inout Cluster) -> Void = { _ in }) throws -> Cluster {
        try Samples.cluster { cluster in
            cluster.haproxy.origin = .distribution
            (cluster.haproxy.version, cluster.haproxy.prefix) = ("1.8", "")
            cluster.keepalived = Keepalived(origin: .distribution, version: "2.0.4", prefix: "")
            edit(&cluster)
        }
    }

    private static func planner(
        _ facts: [String: Facts], installs: [String: [String]] = [:], cluster: Cluster
    ) throws -> Planner {
        let resources = try Samples.playbooks().resources(
            of: cluster, passwords: [:], packages: [:]
        ) { Platforms.all.working(facts[$0.name]?.system) }
        let transactions = installs.mapValues {
            var transaction = PackageTransaction(source: "host")
            transaction.installs = $0
            return transaction
        }
        return Planner(
            cluster: cluster, resources: resources, facts: facts, products: [], transactions: transactions, secrets: [])
    }

    private static func debian(_ edit: (inout [String: Facts]) -> Void = { _ in }) -> [String: Facts] {
        Samples.threeHosts { facts in
            for name in facts.keys {
                facts[name]?.system.id = "debian"
                facts[name]?.system.version = "12"
            }
            edit(&facts)
        }
    }

    @Test("Nothing is compiled; what is installed is the package itself")
    func packages() throws {
        let cluster = try Self.cluster()
        #expect(cluster.compiledProducts == [])
        #expect(cluster.packagedPrograms.map(\.name) == ["haproxy", "keepalived"])
        let planner = try Self.planner(Self.debian(), cluster: cluster)
        #expect(planner.missingPackages()["haproxy1"] == ["psmisc", "haproxy", "keepalived"])
        #expect(planner.neededBuilds() == [])
        let other = try Self.cluster { $0.engine = .vrrpd }
        #expect(
            try Self.planner(Self.debian(), cluster: other).missingPackages()["haproxy1"] == ["psmisc", "haproxy"],
            "another engine needs no keepalived, whatever is said of it")
    }

    @Test("One of each: the other is compiled")
    func mixed() throws {
        let cluster = try Self.cluster { $0.keepalived = Keepalived(version: "2.2.7", prefix: "/usr/local/keepalived") }
        #expect(cluster.compiledProducts.map(\.name) == ["keepalived"])
        let resources = try Samples.playbooks().resources(
            of: cluster, passwords: [:], packages: ["keepalived": ["libnl3"]]
        ) { _ in Debian() }
        #expect(
            resources["haproxy1"]?.packages == [
                "psmisc", "haproxy", "libnl-3-200", "libnl-genl-3-200", "libnl-route-3-200",
            ])
        let archives = resources["haproxy1"]?.all.compactMap { ($0 as? ArchiveResource)?.product }
        #expect(archives == ["keepalived"])
    }

    @Test(
        "A package that is too old is refused, whether it is installed or would be",
        arguments: [
            ("haproxy", ["haproxy-1.5.18-9.el7.x86_64"], [:], "would bring haproxy-1.5.18-9.el7.x86_64", "1.8"),
            ("haproxy", [], ["haproxy": "haproxy-1.5.18-9.el7"], "has haproxy-1.5.18-9.el7", "1.8"),
            (
                "keepalived", ["keepalived-1.3.5-19.el7.x86_64"], [:], "would bring keepalived-1.3.5-19.el7.x86_64",
                "2.0.4"
            ),
            ("haproxy", ["haproxy-1.8.0-1.el7.x86_64", "keepalived-2.0.4-1.el7.x86_64"], [:], nil, ""),
            ("haproxy", ["haproxy-1.5.18-9.el7.x86_64"], ["haproxy": "haproxy-2.4.22-1.el9"], nil, ""),
        ] as [(String, [String], [String: String], String?, String)])
    func tooOld(
        program: String, candidates: [String], installed: [String: String], words: String?, least: String
    ) throws {
        let facts = Samples.threeHosts { $0["haproxy3"]?.packages.merge(installed) { $1 } }
        let installs = candidates + ["psmisc-22-1.x86_64"]
        let planner = try Self.planner(
            facts, installs: ["haproxy1": ["a-1-1.x"], "haproxy2": ["a-1-1.x"], "haproxy3": installs],
            cluster: try Self.cluster())
        guard let words else {
            _ = try planner.plan()
            return
        }
        let failure = try #require(throws: Failure.self) { try planner.plan() }
        #expect(failure.host == "haproxy3" && failure.step == "\(program).version")
        #expect(failure.summary == "Enterprise Linux 7 \(words), and \(program) has to be \(least) or later")
    }

    @Test("A higher floor is the inventory's to set")
    func floor() throws {
        let cluster = try Self.cluster { $0.haproxy.version = "2.8" }
        let lists = ["haproxy_2.6.12-1+deb12u4", "keepalived_1:2.2.7-1+b2", "psmisc_23.6-1"]
        let planner = try Self.planner(
            Self.debian(), installs: ["haproxy1": lists, "haproxy2": lists, "haproxy3": lists], cluster: cluster)
        let failure = try #require(throws: Failure.self) { try planner.plan() }
        #expect(
            failure.summary == "Debian 12 would bring haproxy_2.6.12-1+deb12u4, and haproxy has to be 2.8 or later")
    }

    @Test("A configuration that belongs to the package may be replaced; no other file of a package may")
    func configuration() throws {
        let facts = Self.debian {
            for name in $0.keys {
                $0[name]?.packages = [
                    "psmisc": "psmisc_1", "haproxy": "haproxy_2.6.12-1", "keepalived": "keepalived_1:2.2.7-1",
                ]
                $0[name]?.files["/etc/haproxy/haproxy.cfg"] = FileFact(
                    kind: .file, mode: "0644", owner: "root", group: "root", size: 1, digest: "00")
                $0[name]?.owners["/etc/haproxy/haproxy.cfg"] = "haproxy"
            }
        }
        let plan = try Self.planner(facts, cluster: try Self.cluster()).plan()
        let steps = try #require(plan.hosts.first).steps.map(\.summary)
        #expect(
            steps.contains("change /etc/haproxy/haproxy.cfg (0640 root:haproxy, checked by /usr/sbin/haproxy)"),
            "\(steps)")
        let compiled = try Samples.cluster { $0.haproxy.prefix = "/etc/haproxy" }
        let resource = try Samples.resource(
            "template", ["path": "/etc/haproxy/haproxy.cfg", "source": "t"], cluster: compiled,
            host: try Samples.host(in: compiled), templates: ["t": "x"])
        let context = PlanContext(
            cluster: compiled, host: try Samples.host(in: compiled), platform: Debian(), builds: [:], secrets: [])
        #expect(throws: Failure.self) {
            try resource.steps(facts: facts["haproxy1"] ?? Facts(), earlier: [], context: context)
        }
    }

    @Test("A unit below /etc would hide the package's: it is refused")
    func hiddenUnit() throws {
        func failures(_ path: String, _ cluster: Cluster) -> [String] {
            let facts = Self.debian {
                $0["haproxy2"]?.units["haproxy.service"] = UnitFact(loadState: "loaded", path: path)
            }
            return Preflight(cluster: cluster, facts: facts).failures().map(\.summary)
        }
        let packaged = try Self.cluster()
        #expect(
            failures("/etc/systemd/system/haproxy.service", packaged) == [
                "/etc/systemd/system/haproxy.service stands before the unit of the package, and what it starts would go on"
            ])
        #expect(failures("/lib/systemd/system/haproxy.service", packaged) == [])
        #expect(failures("/etc/systemd/system/haproxy.service", try Samples.cluster()) == [])
    }

    /// What preflight says of the second balancer, the words of a kind alone.
    private static func remarks(
        _ words: String, _ cluster: Cluster, _ edit: (inout Facts) -> Void
    ) -> [String] {
        let facts = debian { if var one = $0["haproxy2"] { edit(&one); $0["haproxy2"] = one } }
        return Preflight(cluster: cluster, facts: facts).remarks().map(\.text).filter {
            $0.contains(words)
        }
    }

    private static func haproxy(_ arguments: String...) -> ProcessFact {
        ProcessFact(
            name: "haproxy", id: 70, parent: 1, unit: "haproxy.service", path: "/usr/sbin/haproxy",
            arguments: ["/usr/sbin/haproxy"] + arguments)
    }

    @Test("A folder that the package's unit reads too is no other configuration, and is named where it holds something")
    func parts() throws {
        let packaged = try Self.cluster()
        let own = Self.haproxy("-Ws", "-f", "/etc/haproxy/haproxy.cfg", "-f", "/etc/haproxy/conf.d")
        #expect(Self.remarks("haproxy", packaged) { $0.processes = [own] } == [])
        let named = Self.remarks("haproxy", packaged) {
            $0.processes = [own]
            $0.configurationParts = ["/etc/haproxy/conf.d/a.cfg"]
        }
        #expect(
            named == [
                "the package's unit has HAProxy read /etc/haproxy/conf.d/a.cfg too: that goes on being served, beside what "
                    + "haprov writes, and must not want the same names and ports"
            ])
        // Another first file is another configuration; and haprov's own unit reads no folder.
        let other = Self.haproxy("-Ws", "-f", "/etc/haproxy/other.cfg", "-f", "/etc/haproxy/haproxy.cfg")
        #expect(Self.remarks("stops being served", packaged) { $0.processes = [other] }.count == 1)
        let compiled = Self.remarks("haproxy", try Samples.cluster()) {
            $0.processes = [own]
            $0.configurationParts = ["/etc/haproxy/conf.d/a.cfg"]
        }
        #expect(
            compiled.count == 1
                && compiled[0].contains(
                    "with /etc/haproxy/haproxy.cfg, /etc/haproxy/conf.d (process 70): that configuration stops being served"
                ),
            "\(compiled)")
    }

    @Test(
        "What somebody serves by the file that is replaced is named, unless haprov wrote it or nothing of it is served")
    func replaced() throws {
        let text = """
            global
              log /dev/log local0
            frontend main # of old
              bind *:5000
              bind :5443 ssl crt /x
            backend app
              server a 10.0.0.1:80
            listen stats 127.0.0.1:9000
            """
        func said(_ text: String, _ edit: (inout Facts) -> Void) throws -> [String] {
            Self.remarks("replaced", try Self.cluster()) {
                var file = FileFact(kind: .file)
                file.content = Array(text.utf8)
                $0.files["/etc/haproxy/haproxy.cfg"] = file
                edit(&$0)
            }
        }
        let running = Self.haproxy("-Ws", "-f", "/etc/haproxy/haproxy.cfg")
        let words = [
            "/etc/haproxy/haproxy.cfg has what HAProxy serves there today, and is replaced: frontend main (*:5000, :5443), "
                + "listen stats (127.0.0.1:9000); what of it the inventory does not have is served no longer. Rollback "
                + "brings the file back"
        ]
        #expect(try said(text) { $0.processes = [running] } == words)
        #expect(
            try said(text) { $0.units["haproxy.service"] = UnitFact(loadState: "loaded", fileState: "enabled") }
                == words)
        #expect(try said(text) { _ in } == [])
        // As Debian ships it.
        #expect(try said("global\n  daemon\ndefaults\n  mode http\n") { $0.processes = [running] } == [])
        #expect(
            try said(text) {
                $0.processes = [running]
                $0.runs = [
                    RunFact(
                        id: "R1", cluster: "web", command: "apply", operatorName: "", started: "", result: "ok",
                        finished: "", changes: 9, undone: 0)
                ]
            } == [])
    }

    @Test("SELinux confines what packages bring, and only where it enforces")
    func confinement() throws {
        let packaged = try Self.cluster()
        #expect(
            Self.remarks("SELinux", packaged) { $0.selinux = "Enforcing" } == [
                "SELinux is enforcing, and confines haproxy and keepalived of the distribution's package: see that "
                    + "`getsebool haproxy_connect_any` and `getsebool keepalived_connect_any` says on (`setsebool -P`), and "
                    + "look at `ausearch -m avc -ts recent` after the drill"
            ])
        #expect(Self.remarks("SELinux", packaged) { $0.selinux = "Permissive" } == [])
        #expect(Self.remarks("SELinux", packaged) { _ in } == [])
        #expect(Self.remarks("SELinux", try Samples.cluster()) { $0.selinux = "Enforcing" } == [])
    }

    @Test("What is added to a package's unit is shown by a drill, as a unit of haprov's own is")
    func dropIn() throws {
        let facts = Self.debian {
            for name in $0.keys {
                $0[name]?.packages = [
                    "psmisc": "psmisc_1", "haproxy": "haproxy_2.6.12-1", "keepalived": "keepalived_1:2.2.7-1",
                ]
            }
        }
        var planner = try Self.planner(facts, cluster: try Self.cluster())
        for (host, resources) in planner.resources {
            planner.resources[host]?.rollout = resources.rollout.filter {
                ($0 as? TemplateResource)?.target.path == "/etc/systemd/system/haproxy.service.d/10-haprov.conf"
            }
        }
        #expect(try planner.plan().needsDrill)
    }
}
