import Digests
import Errors
import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("From facts to a plan")
struct PlannerTests {
    private static func product(
        _ name: String = "haproxy", cached: Bool = false, packages: [String] = ["gcc"]
    ) -> Product {
        var product = Product(
            name: name, version: "1.8.25", prefix: "/usr/local/\(name)", tarball: "\(name)-1.8.25.tar.gz",
            buildPackages: packages, basis: name)
        if cached { product.cached = [product.identity(for: Samples.facts().system)] }
        return product
    }

    /// The same resources for every host.
    private func planner(
        _ facts: [String: Facts], products: [Product] = [], cluster: Cluster? = nil,
        prepare: [(String, [String: String])] = [], rollout: [(String, [String: String])] = []
    ) throws -> Planner {
        let cluster = try cluster ?? Samples.cluster()
        var resources: [String: HostResources] = [:]
        for host in cluster.balancers {
            func made(_ steps: [(String, [String: String])]) throws -> [any Resource] {
                try steps.map { try Samples.resource($0.0, $0.1, cluster: cluster, host: host) }
            }
            resources[host.name] = HostResources(prepare: try made(prepare), rollout: try made(rollout))
        }
        return Planner(
            cluster: cluster, resources: resources, facts: facts, products: products, transactions: [:], secrets: [])
    }

    private static func holding(_ name: String) -> [String: Facts] {
        Samples.threeHosts {
            $0[name]?.addresses.append(NICAddress(nic: "ens33", family: "inet", cidr: "172.16.122.100/24"))
        }
    }

    @Test("Standbys first, the lowest priority before the others; the holder last")
    func rolloutOrder() throws {
        #expect(try planner(Samples.threeHosts()).rolloutOrder.map(\.name) == ["haproxy3", "haproxy2", "haproxy1"])
        #expect(
            try planner(Self.holding("haproxy1")).rolloutOrder.map(\.name) == ["haproxy3", "haproxy2", "haproxy1"])
        #expect(
            try planner(Self.holding("haproxy3")).rolloutOrder.map(\.name) == ["haproxy2", "haproxy1", "haproxy3"])
        var partial = Self.holding("haproxy2")
        partial["haproxy3"] = nil
        #expect(
            try planner(partial).rolloutOrder.map(\.name) == ["haproxy1", "haproxy2"], "unknown hosts are left out")
    }

    private static let archive = [("archive", ["product": "haproxy", "prefix": "/usr/local/haproxy"])]

    @Test("One build a platform, on the last standby unless the inventory says otherwise")
    func builds() throws {
        let facts = Self.holding("haproxy1")
        let builds = try planner(facts, products: [Self.product()], rollout: Self.archive).neededBuilds()
        #expect(
            builds == [
                Build(
                    id: Self.product().identity(for: Samples.facts().system), product: "haproxy",
                    version: "1.8.25", host: "haproxy3", tarball: "haproxy-1.8.25.tar.gz", prefix: "/usr/local/haproxy")
            ])
        let chosen = try Samples.cluster { $0.buildHost = "haproxy2" }
        #expect(
            try planner(facts, products: [Self.product()], cluster: chosen, rollout: Self.archive).neededBuilds()
                .map(\.host) == ["haproxy2"])
        var mixed = facts
        mixed["haproxy2"]?.system.release = "CentOS Linux release 7.9.2009 (Core)"
        let two = try planner(mixed, products: [Self.product()], cluster: chosen, rollout: Self.archive).neededBuilds()
        #expect(
            two.map(\.host) == ["haproxy3", "haproxy2"], "the chosen host is of another platform than the other two")
        #expect(Set(two.map(\.id)).count == 2)
    }

    @Test("A group of two platforms compiles for each, and the plan says so")
    func mixed() throws {
        let facts = Samples.threeHosts {
            $0["haproxy2"]?.system.release = "Rocky Linux release 9.4 (Blue Onyx)"
            $0["haproxy2"]?.system.id = "rocky"
        }
        func planned(_ facts: [String: Facts]) throws -> Plan {
            try planner(facts, products: [Self.product(packages: [])], rollout: Self.archive).plan()
        }
        let plan = try planned(facts)
        #expect(
            plan.notes.filter { $0.contains("platforms") } == [
                "the balancers are of 2 platforms, and what is compiled for one runs on its like alone: haproxy1, haproxy3 "
                    + "(CentOS Linux release 7.7.1908 (Core)), haproxy compiled on haproxy3; haproxy2 (Rocky Linux release 9.4 "
                    + "(Blue Onyx)), haproxy compiled on haproxy2"
            ])
        let installed = plan.hosts.map { host in
            host.steps.compactMap { ($0.change as? InstallArchive)?.build.value }.joined()
        }
        #expect(plan.hosts.map(\.host) == ["haproxy3", "haproxy2", "haproxy1"])
        #expect(installed[0] == installed[2] && installed[0] != installed[1])
        #expect(try !planned(Samples.threeHosts()).notes.contains { $0.contains("platforms") })
    }

    @Test("What is needed is what trees and compiling take")
    func room() throws {
        var product = Self.product(packages: [])
        product.tarballSize = 4 << 20
        let planner = try planner(Samples.threeHosts(), products: [product], rollout: Self.archive)
        func room(_ planner: Planner, _ name: String) throws -> [String: Int] {
            let host = try Samples.host(name, in: planner.cluster)
            return planner.room(for: planner.outlook(host).steps, on: host).mapValues { $0 >> 20 }
        }
        #expect(try room(planner, "haproxy1") == ["/usr/local": 24, "/var/lib": 50])
        #expect(try room(planner, "haproxy3") == ["/usr/local": 24, "/var/lib": 170], "it compiles")
        let id = product.identity(for: Samples.facts().system)
        product.cached = [id]
        product.sizes = [id: 15 << 20]
        var known = planner
        known.products = [product]
        #expect(try room(known, "haproxy3") == ["/usr/local": 15, "/var/lib": 32], "it is known exactly")
        var elsewhere = known
        elsewhere.resources = elsewhere.resources.mapValues { _ in HostResources(prepare: [], rollout: []) }
        #expect(try room(elsewhere, "haproxy3") == ["/var/lib": 2])
    }

    @Test func noBuildWhereItIsCachedOrInstalledOrNotAskedFor() throws {
        let facts = Samples.threeHosts()
        #expect(try planner(facts, products: [Self.product(cached: true)], rollout: Self.archive).neededBuilds() == [])
        #expect(try planner(facts, products: [Self.product()]).neededBuilds() == [])
        let installed = Samples.threeHosts { all in
            for name in all.keys {
                all[name]?.archives["haproxy"] = ArchiveFact(
                    build: Self.product().identity(for: Samples.facts().system).value, isIntact: true)
            }
        }
        #expect(try planner(installed, products: [Self.product()], rollout: Self.archive).plan().isEmpty)
    }

    @Test("Compilers are asked for on the host that compiles alone, run-time packages everywhere")
    func missingPackages() throws {
        let planner = try planner(
            Samples.threeHosts { $0["haproxy2"]?.packages["psmisc"] = "psmisc-22" }, products: [Self.product()],
            prepare: [("package", ["names": "psmisc"])], rollout: Self.archive)
        #expect(planner.missingPackages() == ["haproxy1": ["psmisc"], "haproxy3": ["psmisc", "gcc"]])
    }

    @Test(
        "What cannot be compiled against a host's OpenSSL is refused before anything is done",
        arguments: [
            (["openssl-devel": "openssl-devel-3.0.7-27.el9"], [], "openssl-devel-3.0.7-27.el9"),
            (["openssl-devel": ""], ["openssl-devel-1:3.2.2-6.el9.x86_64"], "openssl-devel-1:3.2.2-6.el9.x86_64"),
            (["openssl-devel": "openssl-devel-1.0.2k-19.el7"], ["openssl-devel-1:3.2.2-6.el9.x86_64"], nil),
            ([:], ["openssl-devel-engine-3.2.2-6.el9.x86_64", "gcc-3.2.2-1.x86_64"], nil),
        ] as [([String: String], [String], String?)])
    func unfit(packages: [String: String], installs: [String], found: String?) throws {
        var product = Self.product()
        product.unfit = [3: "does not compile against OpenSSL 3"]
        var planner = try planner(
            Samples.threeHosts { $0["haproxy3"]?.packages.merge(packages) { $1 } }, products: [product],
            rollout: Self.archive)
        planner.transactions["haproxy3"] = PackageTransaction(source: "host")
        planner.transactions["haproxy3"]?.installs = ["gcc-1-1.x86_64"] + installs
        guard let found else {
            _ = try planner.plan()
            return
        }
        let failure = try #require(throws: Failure.self) { try planner.plan() }
        #expect(failure.host == "haproxy3" && failure.step == "haproxy.version")
        #expect(
            failure.summary
                == "haproxy 1.8.25 does not compile against OpenSSL 3, and haproxy3 has or gets \(found)")
        planner.products[0].cached = Self.product(cached: true).cached
        _ = try planner.plan()
    }

    @Test(
        "Packages that are too old for an option of make are refused before anything is done",
        arguments: [
            (["lua-devel": "lua-devel-5.1.4-15.el7"], [], "lua-devel-5.1.4-15.el7"),
            (["lua-devel": ""], ["lua-devel-5.1.4-15.el7.x86_64"], "lua-devel-5.1.4-15.el7.x86_64"),
            (["lua-devel": "lua-devel-5.3.4-12.el8"], [], nil), ([:], ["lua-devel-5.4.4-4.el9.x86_64"], nil),
        ] as [([String: String], [String], String?)])
    func tooOld(packages: [String: String], installs: [String], found: String?) throws {
        var product = Self.product()
        product.makeOptions = ["USE_LUA=1"]
        product.leastVersions = ["lua-devel": try #require(Version("5.3"))]
        var planner = try planner(
            Samples.threeHosts { $0["haproxy3"]?.packages.merge(packages) { $1 } }, products: [product],
            rollout: Self.archive)
        planner.transactions["haproxy3"] = PackageTransaction(source: "host")
        planner.transactions["haproxy3"]?.installs = ["gcc-1-1.x86_64"] + installs
        guard let found else {
            _ = try planner.plan()
            return
        }
        let failure = try #require(throws: Failure.self) { try planner.plan() }
        #expect(failure.host == "haproxy3" && failure.step == "haproxy.version")
        #expect(
            failure.summary == "haproxy 1.8.25 with USE_LUA=1 needs lua-devel 5.3 or later, "
                + "and haproxy3 has or gets \(found)")
        #expect(failure.remedy.contains("`haproxy.make`"))
        planner.products[0].cached = Self.product(cached: true).cached
        _ = try planner.plan()
    }

    @Test func stages() throws {
        var planner = try planner(
            Samples.threeHosts(), products: [Self.product()], prepare: [("package", ["names": "psmisc"])],
            rollout: Self.archive + [("health", ["unit": "haproxy"])])
        for name in planner.facts.keys {
            var transaction = PackageTransaction(source: "host")
            transaction.installs = ["x-1-1.x86_64"]
            planner.transactions[name] = transaction
        }
        let plan = try planner.plan()
        #expect(plan.hosts.map(\.host) == ["haproxy3", "haproxy2", "haproxy1"])
        #expect(plan.hosts.map { $0.beforeBuild.map(\.summary) } == [["install gcc by yum"], [], []])
        #expect(plan.hosts.allSatisfy { $0.prepare.map(\.summary) == ["install psmisc by yum"] })
        #expect(
            plan.hosts[2].rollout.map(\.summary) == [
                "install haproxy below /usr/local/haproxy", "see that haproxy stays up",
            ])
        #expect(plan.changeCount == 1 + 3 + 3, "compilers, packages, trees; no build, no checks")
        #expect(plan.purpose == .apply && !plan.isEmpty)
        #expect(try planner.plan() == plan, "the same facts give the same plan")
    }

    @Test("Facts that are as they should be give an empty plan without a word")
    func nothing() throws {
        let facts = Samples.threeHosts { all in
            for name in all.keys {
                all[name]?.files["/etc/x"] = FileFact(
                    kind: .file, mode: "0644", owner: "root", group: "root", digest: SHA256.hex(Array("x".utf8)))
                all[name]?.units["haproxy.service"] = UnitFact(
                    loadState: "loaded", activeState: "active", fileState: "enabled")
                all[name]?.selinux = "Enforcing"
            }
        }
        let plan = try planner(
            facts,
            rollout: [
                ("file", ["path": "/etc/x", "content": "x"]), ("service", ["name": "haproxy", "unit": "/u"]),
                ("health", ["unit": "haproxy"]),
            ]
        ).plan()
        #expect(plan.isEmpty && plan.notes == [] && !plan.needsDrill && plan.hosts.allSatisfy { $0.steps == [] })
    }

    private static let running = UnitFact(loadState: "loaded", activeState: "active", fileState: "enabled")

    @Test(
        "The drill comes where VRRP, the health check or HAProxy itself changed",
        arguments: [
            ("file", ["path": "/etc/keepalived/keepalived.conf", "content": "x"], true),
            ("file", ["path": "/etc/keepalived/chk_haproxy.sh", "content": "x"], true),
            ("file", ["path": "/etc/systemd/system/haproxy.service", "content": "x"], true),
            ("archive", ["product": "haproxy", "prefix": "/p"], true),
            ("archive", ["product": "keepalived", "prefix": "/p"], true),
            ("service", ["name": "keepalived", "unit": "/u"], false),
            ("file", ["path": "/usr/local/haproxy/conf/haproxy.cfg", "content": "x"], false),
            ("directory", ["path": "/var/lib/haproxy"], false),
            ("user", ["name": "haproxy"], false),
        ] as [(String, [String: String], Bool)])
    func needsDrill(kind: String, fields: [String: String], expected: Bool) throws {
        let planner = try planner(
            Samples.threeHosts(), products: [Self.product(cached: true), Self.product("keepalived", cached: true)],
            cluster: try Samples.cluster { $0.keepalived?.version = "2.0.4" }, rollout: [(kind, fields)])
        let plan = try planner.plan()
        #expect(!plan.isEmpty && plan.needsDrill == expected)
    }

    @Test(
        "A drill proves nothing about a host's name, nor about one more peer",
        arguments: [
            ("router_id old", "router_id new", false), ("10.0.0.2\n", "10.0.0.2\n 10.0.0.3\n", false),
            ("! Old", "! New", false), ("priority 100", "priority 7", true), ("/24", "/32", true),
        ])
    func namesNeedNoDrill(text: String, other: String, expected: Bool) throws {
        let old =
            "! Old\nglobal_defs {\n router_id old\n}\n"
            + Samples.configuration.replacing(
                "    priority", with: " unicast_src_ip 10.0.0.1\n unicast_peer {\n 10.0.0.2\n }\n    priority")
        let facts = Samples.threeHosts { all in
            for name in all.keys {
                all[name]?.files["/etc/keepalived/keepalived.conf"] = FileFact(kind: .file, content: Array(old.utf8))
            }
        }
        let new = old.replacing(text, with: other)
        let plan = try planner(
            facts, rollout: [("file", ["path": "/etc/keepalived/keepalived.conf", "content": new])]
        ).plan()
        #expect(new != old && !plan.isEmpty && plan.needsDrill == expected)
    }

    @Test func notes() throws {
        let conf = ("file", ["path": "/etc/keepalived/keepalived.conf", "content": Samples.configuration])
        let service = (
            "service", ["name": "keepalived", "unit": "/u", "restart_on": "file /etc/keepalived/keepalived.conf"]
        )
        var facts = Self.holding("haproxy1")
        for name in facts.keys {
            facts[name]?.units["keepalived.service"] = Self.running
            facts[name]?.files["/etc/keepalived/keepalived.conf"] = FileFact(
                kind: .file, content: Array(Samples.configuration.replacing("priority 100", with: "priority 7").utf8))
        }
        facts["haproxy2"]?.selinux = "Enforcing"
        let plan = try planner(facts, rollout: [conf, service]).plan()
        #expect(plan.hosts.map { $0.impact?.addresses ?? [] } == [[], [], ["172.16.122.100"]])
        #expect(
            plan.notes == [
                "SELinux is enforcing: what is installed is labelled by restorecon",
                "keepalived 1.4.5 cannot test a configuration: haprov's own reader has checked keepalived.conf",
            ])
        let newer = try Samples.cluster { $0.keepalived?.version = "2.0.4" }
        facts["haproxy2"]?.selinux = nil
        #expect(try planner(facts, cluster: newer, rollout: [conf]).plan().notes == [])
    }

    @Test("Before HAProxy restarts, the VIP is given away where another balancer could take it over")
    func restarts() throws {
        let unit = ("file", ["path": "/u", "content": "x"])
        let service = ("service", ["name": "haproxy", "unit": "/u"])
        var facts = Self.holding("haproxy1")
        for name in facts.keys {
            for service in ["haproxy", "keepalived"] { facts[name]?.units["\(service).service"] = Self.running }
        }
        func impact() throws -> Impact? {
            try planner(facts, rollout: [unit, service]).plan().hosts.first { $0.host == "haproxy1" }?.impact
        }
        #expect(try impact()?.gap == 614)
        for name in ["haproxy2", "haproxy3"] { facts[name]?.units["keepalived.service"] = nil }
        #expect(try impact()?.gap == nil)
    }

    @Test func aFaultOfOneHostIsTheHosts() throws {
        let facts = Samples.threeHosts { $0["haproxy2"]?.files["/etc/x"] = FileFact(kind: .directory) }
        let planner = try planner(facts, rollout: [("file", ["path": "/etc/x", "content": "x"])])
        let failure = try #require(throws: Failure.self) { try planner.plan() }
        #expect(failure.host == "haproxy2" && failure.step == "file /etc/x")
    }
}

@Suite("From journals to the plan that takes runs back")
struct RollbackPlannerTests {
    private static func entry(
        _ number: Int, _ function: String, _ summary: String, state: String = "done", _ arguments: String...
    ) -> EntryFact {
        EntryFact(
            number: "000\(number)", state: state, function: function, subject: "r\(number)", summary: summary,
            arguments: arguments)
    }

    private func steps(_ entries: [String: [EntryFact]], runs: [String]) throws -> [Undo] {
        let facts = Samples.threeHosts { $0["haproxy1"]?.entries = entries }
        let plan = RollbackPlanner(cluster: try Samples.cluster(), facts: facts, runs: runs).plan()
        #expect(plan.purpose == .rollback && plan.builds == [] && !plan.needsDrill)
        #expect(plan.hosts.map(\.host) == ["haproxy1"], "hosts without changes are left out")
        return try #require(plan.hosts.first).rollout.compactMap {
            if case .undo(let undo) = $0 { undo } else { nil }
        }
    }

    @Test("Stop, restore, have systemd read again, then services with the old files")
    func order() throws {
        let undos = try steps(
            [
                "R1": [
                    Self.entry(1, "package_install", "install psmisc"), Self.entry(2, "user_add", "add haproxy"),
                    Self.entry(3, "archive_install", "install haproxy"), Self.entry(4, "file_write", "write unit"),
                    Self.entry(5, "service_reread", "have systemd read"),
                    Self.entry(6, "service_enable", "start haproxy at boot", "haproxy.service"),
                    Self.entry(7, "service_start", "start haproxy", "haproxy.service"),
                    Self.entry(8, "service_reload", "reload x", "x.service"),
                ]
            ], runs: ["R1"])
        #expect(undos.map(\.number) == ["0007", "0006", "0004", "0003", "0002", "0001", "0005", "0008"])
        #expect(undos.first?.summary == "undo: start haproxy")
        #expect(undos.last?.summary == "reload x (again, with the old files)")
        #expect(undos.allSatisfy { !$0.marksOnly && $0.run == "R1" })
    }

    @Test(
        "Several runs go backwards, and a service is reloaded or restarted once: restarted, where its program changed")
    func severalRuns() throws {
        let undos = try steps(
            [
                "R1": [
                    Self.entry(1, "file_write", "a"), Self.entry(2, "service_restart", "restart x", "x.service", "60"),
                ],
                "R2": [
                    Self.entry(1, "file_write", "b"), Self.entry(2, "service_reload", "reload x", "x.service", "60"),
                    Self.entry(3, "service_reload", "reload y", "y.service", "60"),
                ],
            ], runs: ["R2", "R1"])
        #expect(undos.map { "\($0.run)/\($0.number)" } == ["R2/0001", "R1/0001", "R2/0003", "R2/0002", "R1/0002"])
        #expect(undos.map(\.marksOnly) == [false, false, false, true, false])
    }

    @Test("What is undone already, or never began, is passed over; what began and did not end is not")
    func states() throws {
        let states = ["done", "undone", "", "started", "failed", "undoing", "saved"]
        let entries = states.enumerated().map { Self.entry($0 + 1, "file_write", "w", state: $1) }
        #expect(
            try steps(["R1": entries], runs: ["R1"]).map(\.number) == ["0007", "0006", "0005", "0004", "0001"])
    }

    @Test func orderOfHostsAndNotes() throws {
        let entries = [
            "R1": [
                Self.entry(1, "service_enable", "start haproxy at boot", "haproxy.service"),
                Self.entry(2, "service_start", "start haproxy", "haproxy.service", "60"),
                Self.entry(3, "service_start", "start keepalived", "keepalived.service", "60"),
            ]
        ]
        let facts = Samples.threeHosts { all in
            for name in all.keys { all[name]?.entries = entries }
            all["haproxy2"]?.addresses.append(NICAddress(nic: "ens33", family: "inet", cidr: "172.16.122.100/24"))
        }
        let plan = RollbackPlanner(cluster: try Samples.cluster(), facts: facts, runs: ["R1"]).plan()
        #expect(plan.hosts.map(\.host) == ["haproxy3", "haproxy1", "haproxy2"])
        #expect(
            plan.notes
                == ["haproxy3", "haproxy1", "haproxy2"].map {
                    "\($0) will no longer run keepalived and haproxy: they did not run before"
                })
        #expect(plan.changeCount == 9)
    }

    @Test func nothing() throws {
        let plan = RollbackPlanner(cluster: try Samples.cluster(), facts: Samples.threeHosts(), runs: ["R1"]).plan()
        #expect(plan.isEmpty && plan.hosts == [])
    }
}
