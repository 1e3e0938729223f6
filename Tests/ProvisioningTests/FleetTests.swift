import Errors
import Foundation
import Inventory
import PlanningSamples
import Processes
import SSH
import Synchronization
import Testing
import VRRP

@testable import Planning
@testable import Provisioning

/// Whole runs over three hosts that are folders: locks, journals, order, rollback; nothing is pretended but the wire.
@Suite("Runs over several hosts")
struct FleetTests {
    let scratch: ScratchFolder
    let hosts: [String: ScratchHost]
    var session: Session
    let seen = SeenEvents()

    final class SeenEvents: Sendable {
        private let all = Mutex<[String]>([])
        var texts: [String] { all.withLock { $0 } }
        func add(_ event: RunEvent) {
            let text: String? =
                switch event {
                case .stage(let name): name
                case .finished(let host, let summary): "\(host): \(summary)"
                case .failed(let host, let summary): "\(host): failed: \(summary)"
                case .note(let host, let text): "\(host ?? "") note: \(text)"
                default: nil
                }
            if let text { all.withLock { $0.append(text) } }
        }
    }

    init() async throws {
        scratch = try ScratchFolder()
        var hosts: [String: ScratchHost] = [:]
        for (name, shell) in [("haproxy1", "dash"), ("haproxy2", "bash"), ("haproxy3", "dash")] {
            let host = try ScratchHost(shell, in: scratch, name: name)
            try host.write("old of \(name)\n", "etc/service.conf", mode: 0o600)
            try host.write("", "allow")
            hosts[name] = host
        }
        self.hosts = hosts
        let root = "\(scratch.path)/{{host.name}}/root"
        try scratch.write(
            """
            prepare:
              - directory: { path: "\(root)/srv/a b", mode: "0750", owner: \(Changes.user), group: \(Changes.group) }
            rollout:
              - archive: { product: haproxy, prefix: "\(root)/usr/local/haproxy" }
              - link: { path: "\(root)/usr/haproxy", target: local/haproxy/sbin/haproxy }
              - template:
                  source: conf.mustache
                  path: "\(root)/etc/service.conf"
                  owner: \(Changes.user)
                  group: \(Changes.group)
                  check: "/usr/bin/test -e \(root)/allow"
              - file: { path: "\(root)/srv/a b/last", content: "", owner: \(Changes.user), group: \(Changes.group) }
            """, to: "playbooks/balancer.yml")
        try scratch.write("name {{host.name}}\n", to: "playbooks/conf.mustache")
        // An address that nobody has: RFC 5737.
        let nobody = try #require(IPAddress("192.0.2.100"))
        let cluster = try Samples.cluster {
            $0.instances[0].addresses[0].address = nobody
            $0.keptRuns = 2
        }
        let manifest = try #require(
            AssetManifestReader.read(
                """
                haproxy:
                  url: https://example.org/haproxy-{version}.tar.gz
                  names: ["haproxy-{version}"]
                  folder: haproxy-{version}
                  build: [{ make: [] }]
                keepalived:
                  url: https://example.org/keepalived-{version}.tar.gz
                  names: ["keepalived-{version}"]
                  folder: keepalived-{version}
                  build: [{ make: [] }]
                """, file: "m.yml"
            ).manifest)
        let store = AssetStore(folder: scratch.path + "/assets", manifest: manifest)
        // Hosts hold the VIP that are named in a file; where theirs holds a command, that decides.
        let connections = hosts.mapValues { host in
            var connection = host.connection
            connection.overrides += """

                ip() { if sh '\(host.root)/holds' 2>/dev/null; then echo '2: e inet 192.0.2.100/24'; fi; }
                systemctl() { case "$*" in '-q is-active '*) [ -e '\(host.root)/'"$3" ] ;; esac; }
                """
            return connection
        }
        let seen = seen
        session = Session(
            cluster: cluster,
            playbooks: try PlaybookFolder(path: scratch.path + "/playbooks", over: Samples.playbooks()),
            recipes: try Recipes(cluster: cluster, manifest: manifest, store: store),
            cache: ArtifactCache(folder: scratch.path + "/cache"), passwords: [:],
            connector: { host throws(SSHError) in
                guard let connection = connections[host.name] else {
                    throw SSHError(code: .refused, stage: .tcp, message: "no such host", remedy: "none")
                }
                return connection
            }, events: { seen.add($0) })
    }

    /// As `Session.survey`, without the questions that only a real host answers well.
    func survey(_ fleet: Fleet) async throws -> Survey {
        let (facts, resources) = try await session.look(fleet, preflight: false)
        let products = session.recipes.products(cache: session.cache)
        // What a build would have left in the cache.
        for product in products where product.name == "haproxy" {
            guard let system = facts.values.first?.system else { continue }
            let id = product.identity(for: system)
            if session.cache.contains(id) { continue }
            try scratch.write("#!/bin/sh\n", to: "tree/sbin/haproxy")
            try scratch.write("", to: "cache/builds/none")
            try await Command(
                ["tar", "-czf", session.cache.path(id), "-C", scratch.path + "/tree", "."]).output(step: "test")
        }
        let planner = session.planner(resources: resources, facts: facts)
        var survey = Survey(facts: facts, transactions: [:], plan: try planner.plan())
        survey.unfinished = session.unfinished(facts)
        return survey
    }

    func apply(_ run: String, before: (Fleet) async throws -> Void = { _ in }) async throws -> Survey {
        try await session.withFleet { fleet in
            let survey = try await survey(fleet)
            try await before(fleet)
            let made = try await Applier(
                session: session, fleet: fleet, survey: survey, run: ScratchHost.identity(run),
                clock: { "2026-01-31T10:00:00Z" }
            ).apply()
            #expect(made == survey.plan.changeCount)
            return survey
        }
    }

    /// - Parameter meanwhile: what happens after the runs were shown, before the lock is taken.
    func rollback(
        to: String? = nil, all: Bool = false, run: String = "R9", meanwhile: () async throws -> Void = {}
    ) async throws -> [String] {
        try await session.withFleet { fleet in
            let rollbacker = Rollbacker(session, fleet: fleet, patience: .zero)
            let runs = try rollbacker.runs(in: try await rollbacker.journals(), to: to, all: all)
            var identity = ScratchHost.identity(run)
            identity.command = "rollback"
            try await meanwhile()
            try await rollbacker.roll(back: runs, to: to, all: all, run: identity, clock: { "2026-01-31T11:00:00Z" })
            return runs
        }
    }

    func snapshots() throws -> [String: [String: String]] { try hosts.mapValues { try $0.snapshot() } }

    func failures(_ body: () async throws -> Void) async throws -> [Failure] {
        try await #require(throws: Failures.self) { try await body() }.all
    }

    @Test("Applied once, nothing is left to do; rolled back, everything is as it was")
    func thereAndBack() async throws {
        let before = try snapshots()
        let first = try await apply("R1")
        #expect(first.plan.changeCount == 3 * 5 && first.plan.builds == [])
        for (name, host) in hosts {
            #expect(host.text(host.root + "/etc/service.conf") == "name \(name)\n")
            #expect(host.text(host.root + "/usr/haproxy") == "#!/bin/sh\n")
            #expect(!host.exists(host.home + "/lock"))
        }
        let order = seen.texts.filter { $0.hasPrefix("Roll out") }
        #expect(order == ["Roll out to haproxy3", "Roll out to haproxy2", "Roll out to haproxy1"])
        let prepared = try #require(seen.texts.firstIndex(of: "Prepare"))
        let rolledOut = try #require(seen.texts.firstIndex(of: "Roll out to haproxy3"))
        #expect(prepared < rolledOut)

        let second = try await apply("R2")
        #expect(second.plan.isEmpty && second.plan.notes == [])
        let journals = try await session.withFleet { try await Rollbacker(session, fleet: $0).journals() }
        let history = Rollbacker.history(journals, cluster: session.cluster)
        #expect(history.map(\.id) == ["R1"], "a run that changed nothing leaves nothing")
        #expect(history.first?.result == "ok" && history.first?.changes == 15 && history.first?.isStanding == true)

        #expect(try await rollback() == ["R1"])
        #expect(try snapshots() == before)
        #expect(!seen.texts.contains { $0.contains("note") })
        #expect(try await rollback() == [], "nothing stands any more")
        let after = try await session.withFleet { try await Rollbacker(session, fleet: $0).journals() }
        let undone = try #require(Rollbacker.history(after, cluster: session.cluster).first { $0.id == "R1" })
        #expect(undone.result == "rolled-back" && !undone.isStanding)
    }

    @Test("A failure stops the rollout; the hosts after it are left alone; all of it can be taken back or finished")
    func failureInTheMiddle() async throws {
        let before = try snapshots()
        try FileManager.default.removeItem(atPath: scratch.path + "/haproxy2/root/allow")
        let third = try #require(hosts["haproxy3"])
        _ = try await third.shell("mkdir -p $hp_home/build/b/source $hp_home/packages")
        let failed = try await failures { _ = try await apply("R1") }
        #expect(failed.map(\.host) == ["haproxy2"])
        #expect(failed.first?.step.contains("service.conf") == true && failed.first?.kind == .change)
        let conf = hosts.mapValues { $0.text($0.root + "/etc/service.conf") }
        #expect(
            conf == ["haproxy1": "old of haproxy1\n", "haproxy2": "old of haproxy2\n", "haproxy3": "name haproxy3\n"])
        #expect(hosts["haproxy1"].map { $0.exists($0.root + "/usr/local") } == false)
        // What a compile that fails leaves behind.
        #expect(!third.exists(third.home + "/build") && !third.exists(third.home + "/packages"))
        for host in hosts.values {
            #expect(!host.exists(host.home + "/lock"))
            #expect(host.text(host.home + "/runs/R1/meta")?.contains("result=failed\n") == true)
        }
        try hosts["haproxy2"]?.write("", "allow")
        let rest = try await apply("R2")
        #expect(rest.plan.changeCount == 4 + 2, "the rollout of haproxy1, and the last two steps of haproxy2")
        #expect(try await rollback() == ["R2", "R1"], "what the second run completed goes with it")
        #expect(try snapshots() == before)
    }

    @Test("Where one host is locked, no host is touched, and no lock is kept")
    func locked() async throws {
        let before = try snapshots()
        let other = try #require(hosts["haproxy2"])
        _ = try await other.shell("hp_lock OTHER 'ann@there, haprov apply'")
        let failed = try await failures { _ = try await apply("R1") }
        #expect(failed.map(\.host) == ["haproxy2"] && failed.first?.kind == .locked)
        #expect(failed.first?.summary.hasPrefix("ann@there, haprov apply is at work on this host (run OTHER") == true)
        #expect(try snapshots() == before)
        #expect(hosts.filter { $0.value.exists($0.value.home + "/lock") }.keys.sorted() == ["haproxy2"])
        #expect(other.text(other.home + "/lock/run") == "OTHER\n")
    }

    @Test("A plan is refused where a host has moved on since it was made")
    func moved() async throws {
        let host = try #require(hosts["haproxy2"])
        let failed = try await failures {
            _ = try await apply("R1") { _ in try host.write("by hand\n", "etc/service.conf") }
        }
        #expect(
            failed == [
                Failure(
                    .preflight, host: "haproxy2", step: "plan",
                    summary: "the hosts have changed since the plan was made",
                    remedy: "Run `haprov plan` again and look at what is different.")
            ])
        #expect(host.text(host.root + "/etc/service.conf") == "by hand\n")
        #expect(!host.exists(host.home + "/lock") && !host.exists(host.home + "/runs/R1"))
    }
}
