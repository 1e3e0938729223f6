import Errors
import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("What runs already is seen before anything is touched")
struct RunningTests {
    private func failures(_ edit: (inout Facts) -> Void, cluster: Cluster? = nil) throws -> [Failure] {
        let facts = Samples.threeHosts { edit(&$0["haproxy2", default: Facts()]) }
        return Preflight(cluster: try cluster ?? Samples.cluster(), facts: facts).failures()
    }

    private func remarks(_ edit: (inout Facts) -> Void) throws -> [String] {
        let facts = Samples.threeHosts { edit(&$0["haproxy2", default: Facts()]) }
        let cluster = try Samples.cluster()
        let host = try Samples.host("haproxy2", in: cluster)
        var resources = HostResources()
        resources.rollout = [
            try Samples.resource(
                "user", ["name": "haproxy", "home": "/var/lib/haproxy"], cluster: cluster, host: host),
            try Samples.resource(
                "archive", ["product": "haproxy", "prefix": "/usr/local/haproxy"], cluster: cluster, host: host),
        ]
        var preflight = Preflight(cluster: cluster, facts: facts)
        preflight.resources = ["haproxy2": resources]
        return preflight.remarks().map(\.description)
    }

    private static func process(
        _ name: String, _ id: Int, parent: Int = 1, unit: String, path: String? = nil, _ arguments: String...
    ) -> ProcessFact {
        ProcessFact(
            name: name, id: id, parent: parent, unit: unit, path: path ?? "/usr/local/\(name)/sbin/\(name)",
            arguments: [name] + arguments)
    }

    private static let nginx = ListenerFact(
        address: "0.0.0.0", port: 80, program: "nginx", process: 812, unit: "nginx.service", path: "/usr/sbin/nginx")

    /// The guide's cluster: HAProxy by hand, keepalived by /etc/init.d.
    @Test func theGuidesCluster() throws {
        let found = try failures { facts in
            facts.processes = [
                Self.process("haproxy", 100, unit: "session-3.scope", "-f", "/usr/local/haproxy/conf/haproxy.cfg"),
                Self.process("haproxy", 101, parent: 100, unit: "session-3.scope"),
                Self.process("keepalived", 200, unit: "keepalived.service"),
            ]
            facts.listeners = [
                ListenerFact(
                    address: "*", port: 80, program: "haproxy", process: 101, unit: "session-3.scope",
                    path: "/usr/local/haproxy/sbin/haproxy")
            ]
            facts.units["keepalived.service"] = UnitFact(
                loadState: "loaded", activeState: "active", path: "/run/systemd/generator.late/keepalived.service",
                initScript: "/etc/init.d/keepalived", startsByInitScript: true)
        }
        #expect(found.map(\.step) == ["service keepalived", "process 100"])
        #expect(
            found.map(\.summary) == [
                "keepalived runs from the init script /etc/init.d/keepalived: haprov's service could not take its processes over, "
                    + "and they would go on beside it",
                "haproxy (process 100, /usr/local/haproxy/sbin/haproxy) runs outside haproxy.service, in session-3.scope, "
                    + "and listens on port 80",
            ])
        #expect(found[0].remedy.contains("`systemctl stop keepalived` on haproxy2"))
        #expect(found[1].remedy.contains("`kill 100`"))
    }

    static let fitting: [(name: String, processes: [ProcessFact])] = [
        (
            "haprov's own services",
            [
                process("haproxy", 10, unit: "haproxy.service"),
                process("haproxy", 11, parent: 10, unit: "haproxy.service"),
                process("keepalived", 20, unit: "keepalived.service"),
                process("keepalived", 21, parent: 20, unit: "keepalived.service"),
                process("keepalived", 22, parent: 21, unit: "keepalived.service"),
            ]
        ),
        (
            "haprov-vrrpd: supervisor and worker",
            [
                process("haprov-vrrpd", 30, unit: "haprov-vrrpd.service", "run"),
                process("haprov-vrrpd", 31, parent: 30, unit: "haprov-vrrpd.service", "run"),
            ]
        ),
        (
            "what ends by itself",
            [
                process("haproxy", 40, unit: "session-1.scope", "-c", "-f", "x"),
                process("haprov-vrrpd", 41, unit: "session-1.scope", "listen", "--interface", "ens33"),
                process("haprov-vrrpd", 42, unit: "session-1.scope", "status"),
                process("keepalived", 43, unit: "session-1.scope", "-t"),
            ]
        ),
        ("an HAProxy with a service of its own", [process("haproxy", 50, unit: "haproxy-internal.service")]),
    ]

    @Test(arguments: fitting.map(\.name))
    func fit(name: String) throws {
        let processes = try #require(Self.fitting.first { $0.name == name }).processes
        #expect(
            try failures { facts in
                facts.processes = processes
                facts.units["keepalived.service"] = UnitFact(loadState: "loaded", activeState: "active", mainPID: 20)
            } == [])
    }

    @Test func twoThatSpeakVRRPOnOneHost() throws {
        let found = try failures { facts in
            facts.processes = [
                Self.process("keepalived", 20, unit: "keepalived.service"),
                Self.process("keepalived", 300, unit: "", path: "/usr/sbin/keepalived"),
                Self.process("keepalived", 301, parent: 300, unit: "", path: "/usr/sbin/keepalived"),
                Self.process("haprov-vrrpd", 400, unit: "run-r7.service", "run"),
            ]
            facts.units["keepalived.service"] = UnitFact(loadState: "loaded", activeState: "active", mainPID: 20)
        }
        #expect(
            found.map(\.summary) == [
                "keepalived (process 300, /usr/sbin/keepalived) runs outside keepalived.service",
                "haprov-vrrpd (process 400, /usr/local/haprov-vrrpd/sbin/haprov-vrrpd) runs outside haprov-vrrpd.service, "
                    + "in run-r7.service",
            ])
    }

    @Test("Another keepalived with a unit and a configuration of its own is a remark, apart from ours alone")
    func anotherKeepalived() throws {
        var process = Self.process(
            "keepalived", 300, unit: "lvs.service", path: "/usr/sbin/keepalived", "-f", "/etc/lvs.conf")
        var child = process
        (child.id, child.parent) = (301, 300)
        #expect(
            try failures { $0.processes = [process, child] }.map(\.step) == ["process 300"], "it may speak as ours does"
        )
        (process.isApart, process.configuration) = (true, "/etc/lvs.conf")
        (child.isApart, child.configuration) = (true, "/etc/lvs.conf")
        #expect(try failures { $0.processes = [process, child] } == [])
        #expect(
            try remarks { $0.processes = [process, child] } == [
                "haproxy2: another keepalived runs in lvs.service (process 300, /usr/sbin/keepalived): its configuration "
                    + "/etc/lvs.conf names neither this cluster's VIP nor its virtual router ID, and it is left alone"
            ])
        process.configuration = Engine.configuration
        #expect(try failures { $0.processes = [process] }.map(\.step) == ["process 300"], "haprov writes that file")
        process.configuration = "/etc/lvs.conf"
        process.unit = "session-3.scope"
        #expect(try failures { $0.processes = [process] }.map(\.step) == ["process 300"])
    }

    @Test("KillMode=process lets children outlive their service's main process")
    func leftovers() throws {
        let found = try failures { facts in
            facts.processes = [
                Self.process("keepalived", 20, unit: "keepalived.service"),
                Self.process("keepalived", 21, parent: 20, unit: "keepalived.service"),
                Self.process("keepalived", 9, unit: "keepalived.service"),
            ]
            facts.units["keepalived.service"] = UnitFact(loadState: "loaded", activeState: "active", mainPID: 20)
        }
        #expect(found.map(\.step) == ["process 9"])
        let stopped = try failures { facts in
            facts.processes = [Self.process("keepalived", 9, unit: "keepalived.service")]
            facts.units["keepalived.service"] = UnitFact(loadState: "loaded", activeState: "inactive")
        }
        #expect(stopped.map(\.step) == ["process 9"], "its service is stopped, it is not")
        #expect(found.first?.summary.contains("was left over by an earlier start of keepalived.service") == true)
    }

    @Test func aTakenPortIsNamedWithWhoHasIt() throws {
        #expect(
            try failures { $0.listeners = [Self.nginx] } == [
                Failure(
                    .preflight, host: "haproxy2", step: "port 80",
                    summary:
                        "frontend web wants it, and nginx (process 812, /usr/sbin/nginx, in nginx.service) listens there, "
                        + "on 0.0.0.0:80",
                    remedy: "Stop that program, or give the frontend another port.")
            ])
        let unknown = ListenerFact(address: "*", port: 80, program: "", process: 0, unit: "", path: "")
        #expect(
            try failures { $0.listeners = [unknown] }.map(\.summary) == [
                "frontend web wants it, and somebody unknown listens there, on *:80"
            ])
    }

    @Test("Another port, our own HAProxy and IPv6 alone are not in the way")
    func freePorts() throws {
        var (other, own, sixth) = (Self.nginx, Self.nginx, Self.nginx)
        other.port = 8080
        own.unit = "haproxy.service"
        sixth.address = "[::]"
        #expect(try failures { $0.listeners = [other, own, sixth] } == [])
    }

    @Test(arguments: [
        ("*", "*", true), ("0.0.0.0", "*", true), ("127.0.0.1", "*", true), ("10.0.0.1%eth0", "*", true),
        ("::", "*", true), ("[::]", "*", false), ("[::1]", "*", false), ("::1", "*", false), ("*", "10.0.0.1", true),
        ("10.0.0.1", "10.0.0.1", true), ("10.0.0.2", "10.0.0.1", false), ("127.0.0.1", "10.0.0.1", false),
    ])
    func addresses(listener: String, bind: String, isInTheWay: Bool) {
        var fact = Self.nginx
        fact.address = listener
        #expect(fact.stands(inTheWayOf: bind) == isInTheWay)
    }

    @Test("An HAProxy of another origin, a user with other values and a foreign tree are named before they change")
    func displaced() throws {
        let found = try remarks { facts in
            facts.processes = [
                Self.process(
                    "haproxy", 70, unit: "haproxy.service", path: "/usr/sbin/haproxy", "-Ws", "-f",
                    "/etc/haproxy/haproxy.cfg"),
                Self.process(
                    "haproxy", 71, parent: 70, unit: "haproxy.service", path: "/usr/sbin/haproxy", "-f",
                    "/etc/haproxy/haproxy.cfg"),
            ]
            facts.listeners = [443, 80].map {
                ListenerFact(
                    address: "*", port: $0, program: "haproxy", process: 71, unit: "haproxy.service",
                    path: "/usr/sbin/haproxy")
            }
            facts.accounts["haproxy"] = AccountFact(userID: 1500, home: "/home/ha", shell: "/bin/sh")
            facts.archives["haproxy"] = ArchiveFact(foreignFiles: 7)
        }
        #expect(
            found == [
                "haproxy2: HAProxy runs there already as /usr/sbin/haproxy with /etc/haproxy/haproxy.cfg (process 70): that "
                    + "configuration stops being served, on ports 80, 443; from then on it is "
                    + "/usr/local/haproxy/conf/haproxy.cfg, on port 80",
                "haproxy2: user haproxy is there already and is left as it is: user ID 1500, not a system user's; "
                    + "home /home/ha, not /var/lib/haproxy; shell /bin/sh, not /sbin/nologin",
                "haproxy2: 7 files of another origin below /usr/local/haproxy: those that haproxy has too are replaced, "
                    + "and come back by rollback",
            ])
    }

    @Test func aSudoThatKeepsItsInputIsNamed() throws {
        #expect(
            try remarks { $0.logsInput = true } == [
                "haproxy2: sudo keeps what its commands read (log_input), passwords and keys among it: as root, add "
                    + "\"Defaults:root !log_input\" to /etc/sudoers.d/haprov"
            ])
    }

    @Test func whatIsAsItShouldBeIsNotWorthAWord() throws {
        #expect(
            try remarks { facts in
                // Below a prefix that is a symbolic link.
                var process = Self.process(
                    "haproxy", 71, unit: "haproxy.service", path: "/opt/haproxy/sbin/haproxy", "-Ws", "-f",
                    "/usr/local/haproxy/conf/haproxy.cfg")
                process.arguments[0] = "/usr/local/haproxy/sbin/haproxy"
                facts.processes = [
                    Self.process(
                        "haproxy", 70, unit: "haproxy.service", "-Ws", "-f", "/usr/local/haproxy/conf/haproxy.cfg"),
                    process,
                ]
                facts.accounts["haproxy"] = AccountFact(userID: 998, home: "/var/lib/haproxy", shell: "/sbin/nologin")
                facts.archives["haproxy"] = ArchiveFact(build: "1", isIntact: true)
            } == [])
    }

    @Test("An init script that starts keepalived at boot does not go on doing so beside another engine")
    func anotherEngineDisablesTheInitScript() throws {
        let cluster = try Samples.cluster { $0.engine = .vrrpd }
        let host = try Samples.host(in: cluster)
        let service = try Samples.resource(
            "service",
            [
                "name": "haprov-vrrpd", "unit": "/etc/systemd/system/haprov-vrrpd.service", "instead_of": "keepalived",
            ], cluster: cluster, host: host)
        let facts = Samples.facts {
            $0.units["keepalived.service"] = UnitFact(
                loadState: "loaded", activeState: "inactive", fileState: "generated",
                initScript: "/etc/init.d/keepalived", startsByInitScript: true)
        }
        let context = PlanContext(cluster: cluster, host: host, platform: EnterpriseLinux(), builds: [:], secrets: [])
        let functions = try service.steps(facts: facts, earlier: [], context: context).compactMap { step -> String? in
            if case .change(let change) = step { "\(change.function) \(change.arguments.first ?? "")" } else { nil }
        }
        #expect(functions.contains("service_disable keepalived.service"))
    }

    // MARK: obstacles

    private func obstacles(
        _ steps: [Step], room: [String: Int] = [:], compiles: Bool = false, _ edit: (inout Facts) -> Void
    ) throws -> [Failure] {
        let cluster = try Samples.cluster()
        let facts = Samples.threeHosts { edit(&$0["haproxy2", default: Facts()]) }
        return Preflight(cluster: cluster, facts: facts).obstacles(
            to: steps, on: try Samples.host("haproxy2", in: cluster), room: room, compiles: compiles)
    }

    private static let archive = Step.change(
        InstallArchive(product: "haproxy", prefix: "/usr/local/haproxy", build: BuildID("b"), expected: nil))

    @Test("Where there is too little room for what is to come, on one file system or two")
    func fullDisks() throws {
        let room = ["/usr/local": 16 << 20, "/var/lib": 34 << 20]
        func found(_ local: Int, _ lib: Int, mount: String? = nil) throws -> [String] {
            try obstacles([Self.archive], room: room) { facts in
                facts.space = ["/usr/local": local << 10, "/var/lib": lib << 10]
                if let mount { facts.mounts = ["/usr/local": mount, "/var/lib": mount] }
            }.map(\.summary)
        }
        #expect(try found(16, 34) == [])
        #expect(
            try found(15, 34) == ["/usr/local has 15 MiB free, and 17 MiB are needed for what is to be done"])
        #expect(try found(49, 49) == [])
        #expect(
            try found(49, 49, mount: "/") == [
                "/usr/local and /var/lib have together 49 MiB free, and 51 MiB are needed for what is to be done"
            ])
        #expect(try found(50, 50, mount: "/") == [])
    }

    @Test("Where programs may not run, and what to do about it")
    func blockedPrograms() throws {
        func found(_ by: BlockedFolder.Blocker?, compiles: Bool = false) throws -> [Failure] {
            try obstacles([Self.archive], compiles: compiles) { facts in
                for folder in ["/usr/local/haproxy/sbin", "/var/lib/haprov/build", "/no/matter"] {
                    facts.blocked[folder] = BlockedFolder(words: "Operation not permitted", mount: "/usr", by: by)
                }
            }
        }
        let noexec = try found(.noexec)
        try #require(noexec.count == 1)
        #expect(noexec[0].step == "archive haproxy")
        #expect(noexec[0].summary == "no program runs in /usr/local/haproxy/sbin: /usr is mounted with noexec")
        #expect(noexec[0].remedy.contains("`mount -o remount,exec /usr` on haproxy2"))
        #expect(try found(.fapolicyd)[0].remedy.contains("allow perm=any all : dir=/usr/local/haproxy/sbin/"))
        #expect(try found(.kysec)[0].summary.contains("kysec lets none run that it does not know"))
        #expect(try found(nil)[0].summary.hasSuffix("sbin: Operation not permitted"))
        let both = try found(.noexec, compiles: true)
        #expect(both.map(\.step) == ["archive haproxy", "compile"])
        #expect(both[1].remedy.hasSuffix("Or name another `build_host`."))
    }

    @Test func whatCannotBeWrittenIsSaidBeforeItIsTried() throws {
        let steps: [Step] = [
            .change(AddUser(name: "haproxy", home: "/", shell: "/")),
            .change(
                InstallArchive(
                    product: "haproxy", prefix: "/usr/local/haproxy", build: BuildID("b"), expected: nil)
            ),
            .change(UnitChange(.enable, unit: "haproxy.service", service: "haproxy")),
        ]
        let found = try obstacles(steps) { facts in
            facts.unwritable = [
                "/etc/passwd": "/etc/passwd is immutable (chattr +i)",
                "/usr/local/haproxy": "/usr/local is on a file system that is read-only",
                "/etc": "/etc is on a file system that is read-only", "/elsewhere": "no matter",
            ]
            facts.inodes = ["/usr/local": 39, "/etc": 39, "/var/lib": 1_000_000]
        }
        #expect(
            found.map { "\($0.step): \($0.summary)" } == [
                "disk: /usr/local has room for 39 more files (inodes), and 1000 are needed",
                "disk: /etc has room for 39 more files (inodes), and 100 are needed",
                "user haproxy: /etc/passwd cannot be written: /etc/passwd is immutable (chattr +i)",
                "archive haproxy: /usr/local/haproxy cannot be written: /usr/local is on a file system that is read-only",
                "service haproxy: /etc cannot be written: /etc is on a file system that is read-only",
            ])
    }

    @Test("Little is written where nothing is installed")
    func smallChanges() throws {
        let small = Step.change(MakeLink(path: "/etc/x", target: "/y", expected: nil))
        #expect(try obstacles([small]) { $0.inodes = ["/usr/local": 100, "/etc": 100, "/var/lib": 100] } == [])
        #expect(try obstacles([small]) { $0.inodes = ["/var/lib": 99] }.map(\.step) == ["disk"])
        let large = Step.change(InstallPackages(by: Yum(), names: ["x"], source: "host", mayUpgrade: false))
        #expect(try obstacles([small, large]) { $0.inodes = ["/var/lib": 4999] }.map(\.step) == ["disk"])
    }

    @Test("A host that needs no change may be as it likes")
    func noChanges() throws {
        #expect(
            try obstacles([.check(.unitStaysUp("x.service"))]) { facts in
                facts.unwritable = ["/etc": "x", "/var/lib": "x"]
                facts.inodes = ["/etc": 0]
            } == [])
    }
}
