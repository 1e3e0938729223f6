import Digests
import Errors
import Inventory
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

@Suite("One VRRP engine in the place of the other")
struct EngineTests {
    private static let running = UnitFact(loadState: "loaded", activeState: "active", fileState: "enabled")
    private static let template = "template \(Engine.configuration)"

    /// Hosts on which an engine runs with a configuration.
    private static func facts(_ engine: Engine?, configuration: String = Samples.configuration) -> [String: Facts] {
        Samples.threeHosts { all in
            for name in all.keys {
                if let engine { all[name]?.units[engine.unit] = running }
                all[name]?.files[Engine.configuration] = FileFact(
                    kind: .file, mode: "0600", owner: "root", group: "root",
                    digest: SHA256.hex(Array(configuration.utf8)), content: Array(configuration.utf8))
                // It is haprov's own, which may become another.
                all[name]?.runs = [
                    RunFact(
                        id: "20260131T094500Z-3f2a", cluster: "web", command: "apply", operatorName: "root@ops",
                        started: "2026-01-31T09:45:00Z", result: "ok", finished: "2026-01-31T09:47:00Z", changes: 1,
                        undone: 0)
                ]
            }
            all["haproxy1"]?.addresses.append(NICAddress(nic: "ens33", family: "inet", cidr: "172.16.122.100/24"))
        }
    }

    private static func plan(
        to engine: Engine, from facts: [String: Facts], configuration: String = Samples.configuration
    ) throws -> Plan {
        let cluster = try Samples.cluster { $0.engine = engine }
        let old = engine == .vrrpd ? Engine.keepalived : .vrrpd
        var resources: [String: HostResources] = [:]
        for host in cluster.balancers {
            resources[host.name] = HostResources(rollout: [
                try Samples.resource(
                    "template", ["source": "k", "path": Engine.configuration, "mode": "0600"], cluster: cluster,
                    host: host, templates: ["k": configuration]),
                try Samples.resource(
                    "service",
                    ["name": engine.program, "unit": "/u", "instead_of": old.program, "reload_on": template],
                    cluster: cluster, host: host),
                try Samples.resource("health", ["unit": engine.program], cluster: cluster, host: host),
            ])
        }
        return try Planner(
            cluster: cluster, resources: resources, facts: facts, products: [], transactions: [:], secrets: []
        ).plan()
    }

    @Test("Rolling, the holder last, and no longer without an engine than it takes", arguments: Engine.all)
    func rolling(engine: Engine) throws {
        let old = engine == .vrrpd ? Engine.keepalived : .vrrpd
        let plan = try Self.plan(to: engine, from: Self.facts(old))
        #expect(plan.hosts.map(\.host) == ["haproxy3", "haproxy2", "haproxy1"])
        for host in plan.hosts {
            #expect(host.together.isEmpty)
            #expect(
                host.rollout.map(\.summary) == [
                    "start \(engine.program) at boot", "do not start \(old.program) at boot any more",
                    "stop \(old.program)", "start \(engine.program)", "see that \(engine.program) stays up",
                ])
        }
        #expect(plan.needsDrill)
        #expect(
            plan.notes.contains(
                "\(engine.program) takes the place of \(old.program) on haproxy3, haproxy2, haproxy1: both speak the same "
                    + "VRRP, so the balancers go on hearing each other; whoever holds the VIP resigns before it changes "
                    + "over"))
        #expect(try Self.plan(to: engine, from: Self.facts(engine)).isEmpty)
    }

    private static let other = Samples.configuration.replacing("id 51", with: "id 52")

    @Test("An engine that also speaks differently takes over on all hosts at once")
    func together() throws {
        let plan = try Self.plan(to: .vrrpd, from: Self.facts(.keepalived), configuration: Self.other)
        for host in plan.hosts {
            #expect(
                host.together.map(\.summary) == [
                    "stop keepalived", "start haprov-vrrpd", "see that haprov-vrrpd stays up",
                ])
        }
        var some = Self.facts(.vrrpd)
        some["haproxy2"] = nil
        let failure = #expect(throws: Failure.self) {
            try Self.plan(to: .vrrpd, from: some, configuration: Self.other)
        }
        #expect(failure?.step == "haprov-vrrpd")
    }

    // MARK: taken back

    private static func entries(_ steps: (String, String)...) -> [EntryFact] {
        steps.enumerated().map { index, step in
            let arguments = step.0.hasPrefix("service_") ? [step.1, "60"] : []
            return EntryFact(
                number: Batch.name(index + 1), state: "done", function: step.0,
                subject: Subject(arguments.isEmpty ? step.1 : "service \(step.1)"), summary: "\(step.0) \(step.1)",
                arguments: arguments)
        }
    }

    private static let (keepalived, vrrpd) = (Engine.keepalived.unit, Engine.vrrpd.unit)
    private static let first = entries(
        ("file_write", "template /a"), ("service_enable", keepalived), ("service_start", keepalived))
    private static let there = entries(
        ("file_write", "template /b"), ("service_reread", ""), ("service_enable", vrrpd),
        ("service_disable", keepalived), ("service_stop", keepalived), ("service_start", vrrpd))
    private static let back = entries(
        ("service_enable", keepalived), ("service_disable", vrrpd), ("service_stop", vrrpd),
        ("service_start", keepalived))

    /// What is done, in order; what is only noted is left out.
    private func undone(_ runs: [String: [EntryFact]]) throws -> (rollout: [String], together: [String]) {
        let facts = Samples.threeHosts { $0["haproxy1"]?.entries = runs }
        let plan = RollbackPlanner(
            cluster: try Samples.cluster(), facts: facts, runs: runs.keys.sorted(by: >)
        ).plan()
        let host = try #require(plan.hosts.first)
        func texts(_ steps: [Step]) -> [String] {
            steps.compactMap { step in
                guard case .undo(let undo) = step, !undo.marksOnly else { return nil }
                return "\(undo.run) \(undo.summary)"
            }
        }
        let all = host.steps.compactMap { if case .undo(let undo) = $0 { "\(undo.run)/\(undo.number)" } else { nil } }
        #expect(Set(all).count == runs.values.map(\.count).reduce(0, +), "every change is marked as undone, once")
        return (texts(host.rollout), texts(host.together))
    }

    @Test("Where an engine runs after a rollback follows from the oldest change to it, or else from now")
    func enginesAfterwards() throws {
        func engines(_ runs: [String: [EntryFact]], now: Engine?) throws -> Set<String> {
            let facts = Samples.threeHosts { all in
                all["haproxy1"]?.entries = runs
                if let now { all["haproxy1"]?.units[now.unit] = Self.running }
            }
            return RollbackPlanner(cluster: try Samples.cluster(), facts: facts, runs: runs.keys.sorted(by: >))
                .enginesAfterwards()
        }
        let reload = Self.entries(("file_write", Self.template), ("service_reload", Self.keepalived))
        #expect(try engines(["R1": Self.first, "R2": reload], now: .keepalived) == [], "it did not run before R1")
        #expect(try engines(["R2": reload], now: .keepalived) == ["haproxy1"], "it goes on")
        #expect(try engines(["R2": reload], now: nil) == [])
        #expect(try engines(["R2": Self.there], now: .vrrpd) == ["haproxy1"], "the old one comes back")
        #expect(try engines(["R1": Self.first, "R2": Self.there], now: .vrrpd) == [])
        #expect(try engines(["R2": Self.there, "R3": Self.back], now: .keepalived) == ["haproxy1"])
        var undone = Self.first
        for index in undone.indices { undone[index].state = "undone" }
        #expect(try engines(["R1": undone], now: .keepalived) == ["haproxy1"], "somebody started it since")
    }

    @Test("The new engine stops, its files go, the old one starts again")
    func takenBack() throws {
        #expect(
            try undone(["R2": Self.there]).rollout == [
                "R2 undo: service_start \(Self.vrrpd)", "R2 undo: service_enable \(Self.vrrpd)",
                "R2 undo: file_write template /b", "R2 undo: service_reread ",
                "R2 undo: service_stop \(Self.keepalived)", "R2 undo: service_disable \(Self.keepalived)",
            ])
    }

    @Test("With the run that brought the old engine, that one is not started again")
    func takenBackWhole() throws {
        let steps = try undone(["R1": Self.first, "R2": Self.there]).rollout
        #expect(
            steps == [
                "R2 undo: service_start \(Self.vrrpd)", "R2 undo: service_enable \(Self.vrrpd)",
                "R1 undo: service_start \(Self.keepalived)", "R1 undo: service_enable \(Self.keepalived)",
                "R2 undo: file_write template /b", "R1 undo: file_write template /a", "R2 undo: service_reread ",
            ])
    }

    @Test("There and back again ends with the old engine, its old files read")
    func thereAndBack() throws {
        let steps = try undone(["R2": Self.there, "R3": Self.back]).rollout
        #expect(steps.first == "R3 undo: service_start \(Self.keepalived)")
        #expect(!steps.contains("R3 undo: service_stop \(Self.vrrpd)"))
        #expect(steps.firstIndex(of: "R2 undo: service_stop \(Self.keepalived)") == steps.count - 2)
    }

    @Test("Where the configuration changed too, all balancers go back at the same moment")
    func takenBackTogether() throws {
        let both = Self.entries(
            ("file_write", Self.template), ("service_enable", Self.vrrpd), ("service_disable", Self.keepalived),
            ("service_stop", Self.keepalived), ("service_start", Self.vrrpd))
        let (rollout, together) = try undone(["R2": both])
        #expect(rollout == ["R2 undo: service_enable \(Self.vrrpd)", "R2 undo: file_write \(Self.template)"])
        #expect(
            together == [
                "R2 undo: service_start \(Self.vrrpd)", "R2 undo: service_stop \(Self.keepalived)",
                "R2 undo: service_disable \(Self.keepalived)",
            ])
    }

    @Test("Where no engine ran before, all stop while they still hear each other")
    func stoppedFirst() throws {
        let first = Self.entries(
            ("file_write", Self.template), ("firewall_open", "firewall vrrp"), ("service_start", Self.keepalived))
        let (rollout, together) = try undone(["R1": first, "R2": Self.there])
        #expect(
            rollout.filter { !$0.contains("enable") }.prefix(2) == [
                "R2 undo: service_start \(Self.vrrpd)", "R1 undo: service_start \(Self.keepalived)",
            ])
        #expect(together == [])
    }

    @Test("A rollback that was cut off goes on to where it was going")
    func cutOff() throws {
        var first = Self.first
        for index in first.indices { first[index].state = "undone" }
        let facts = Samples.threeHosts { $0["haproxy1"]?.entries = ["R1": first, "R2": Self.there] }
        let plan = RollbackPlanner(cluster: try Samples.cluster(), facts: facts, runs: ["R2", "R1"]).plan()
        let done = plan.hosts.flatMap(\.steps).compactMap { step in
            if case .undo(let undo) = step, !undo.marksOnly { undo.summary } else { nil as String? }
        }
        #expect(!done.contains { $0.hasSuffix("service_stop \(Self.keepalived)") }, "\(done)")
        #expect(!done.contains { $0.hasSuffix("service_disable \(Self.keepalived)") }, "\(done)")
    }

    // MARK: on a host

    /// A systemd of two files for each unit.
    private static func systemctl(_ root: String) -> String {
        """
        systemctl() {
            case $1 in -q) shift; set -- "$@" ;; esac
            case $1 in
            is-active) [ -e "\(root)/$2.active" ] ;;
            is-enabled) if [ -e "\(root)/$2.enabled" ]; then echo enabled; else echo disabled; return 1; fi ;;
            stop) rm "\(root)/$2.active" ;;
            start) : >"\(root)/$2.active" ;;
            disable) rm "\(root)/$2.enabled" ;;
            enable) : >"\(root)/$2.enabled" ;;
            esac
            s=$?
            if [ "$1" = is-active ]; then if [ $s = 0 ]; then echo active; else echo inactive; fi; fi
            return $s
        }
        """
    }

    @Test("A service that is stopped and no longer started at boot comes back", arguments: ScratchHost.shells)
    func stopped(shell: String) async throws {
        let host = try ScratchHost(shell)
        let systemctl = Self.systemctl(host.root)
        for name in ["k.service.active", "k.service.enabled"] { try host.write("", name) }
        func change(_ function: String, _ arguments: [String]) -> Call {
            Call(function, arguments, resource: "service k", summary: function, isBarrier: true)
        }
        let done = try await host.perform(
            [change("service_disable", ["k.service"]), change("service_stop", ["k.service", "5"])],
            overrides: systemctl)
        #expect(done.failure == nil, "\(done.output)")
        #expect(!host.exists(host.root + "/k.service.active") && !host.exists(host.root + "/k.service.enabled"))
        let undos = [2, 1].map {
            Step.undo(Undo(run: "R1", number: Batch.name($0), resource: "r", summary: "undo"))
        }
        let undone = try await host.perform(undos, run: "undo", overrides: systemctl)
        #expect(undone.failure == nil, "\(undone.output)")
        #expect(host.exists(host.root + "/k.service.active") && host.exists(host.root + "/k.service.enabled"))
    }

    @Test("A service that was started, and is stopped and unknown by now, is as it was", arguments: ScratchHost.shells)
    func startedAndGone(shell: String) async throws {
        let host = try ScratchHost(shell)
        let systemctl = Self.systemctl(host.root)
        let start = Call("service_start", ["k.service", "5"], resource: "service k", summary: "start", isBarrier: true)
        #expect(try await host.perform([start], overrides: systemctl).failure == nil)
        _ = try await host.shell("rm \(host.root)/k.service.active")
        let undo = Step.undo(Undo(run: "R1", number: Batch.name(1), resource: "r", summary: "undo"))
        let undone = try await host.perform([undo], run: "undo", overrides: systemctl)
        #expect(undone.failure == nil, "\(undone.output)")
    }
}
