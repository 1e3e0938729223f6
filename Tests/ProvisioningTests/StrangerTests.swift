import Errors
import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning
@testable import Provisioning

@Suite("Who else answers for the VIP")
struct StrangerTests {
    private static let vip = "172.16.122.100"
    private static let stranger = "de:ad:be:ef:00:01"

    private func view(
        _ heard: [WireView.Answer], former: [FormerHostState] = [], edit: (inout [String: Facts]) -> Void = { _ in }
    ) throws -> WireView {
        WireView(cluster: try Samples.cluster(), facts: Samples.threeHosts(edit), former: former, heard: heard)
    }

    private func answer(
        _ hardware: String, for address: String = vip, _ kind: WireView.Answer.Kind = .owner
    ) -> WireView.Answer { WireView.Answer(address: address, hardware: hardware, kind: kind) }

    private static let third = FormerHost(
        name: "haproxy9", address: IPAddress("172.16.122.109") ?? .v4(0), port: 22, user: "root",
        run: "R1", isRecent: true)

    @Test func ourOwnAreNoStrangers() throws {
        let own = try #require(Samples.threeHosts()["haproxy2"]?.nics["ens33"])
        let view = try view([answer(own)])
        #expect(view.strangers == [] && view.notes == [])
        // One that could not be asked is known by who answers for its address.
        let absent = try self.view([answer(Self.stranger), answer(Self.stranger, for: "172.16.122.102")]) {
            $0["haproxy2"] = nil
        }
        #expect(absent.strangers == [])
    }

    @Test func aStrangerIsNamedByItsOtherAddresses() throws {
        let unknown = try view([answer(Self.stranger)]).strangers
        #expect(unknown.map(\.kind) == [.verification])
        #expect(
            unknown.first?.summary
                == "expected nobody but the balancers to answer for \(Self.vip), found \(Self.stranger), which is none of "
                + "them")
        let application = try view([answer(Self.stranger), answer(Self.stranger, for: "172.16.122.104")])
        #expect(application.strangers.first?.summary.hasSuffix("which is app1 (172.16.122.104)") == true)
        // A kernel's table tells as much.
        let table = try view([answer(Self.stranger)]) {
            $0["haproxy2", default: Facts()].answers = [NeighbourFact(address: Self.vip, hardware: Self.stranger)]
            $0["haproxy3", default: Facts()].neighbours = [
                NeighbourFact(address: "172.16.122.77", hardware: Self.stranger)
            ]
        }
        #expect(table.strangers.first?.summary.hasSuffix("which is the machine at 172.16.122.77") == true)
    }

    @Test func proxyARPWarns() throws {
        let standIn = try view([answer(Self.stranger, .standIn)])
        #expect(standIn.strangers == [] && standIn.notes.count == 1)
        #expect(standIn.notes.first?.contains("proxy ARP") == true)
        // One that answers for everything.
        let everything = try view([answer(Self.stranger), answer(Self.stranger, for: WireView.nobodys)])
        #expect(everything.strangers == [] && everything.notes.count == 1)
        // A balancer of earlier runs is none, whatever it answers for.
        let former = try view(
            [answer(Self.stranger, .standIn), answer(Self.stranger, for: "172.16.122.109")],
            former: [FormerHostState(host: Self.third)])
        #expect(former.strangers.count == 1)
        #expect(former.strangers.first?.summary.contains("haproxy9 (172.16.122.109), a balancer in run R1") == true)
    }

    @Test("Where kernels alone were asked, who has the VIP is not told from who stands in for it")
    func unheard() throws {
        func seen(_ former: [FormerHostState] = []) throws -> WireView {
            try self.view([], former: former) {
                $0["haproxy2", default: Facts()].answers = [NeighbourFact(address: Self.vip, hardware: Self.stranger)]
                $0["haproxy3", default: Facts()].neighbours = [
                    NeighbourFact(address: "172.16.122.109", hardware: Self.stranger)
                ]
            }
        }
        let kernels = try seen()
        #expect(kernels.strangers == [])
        #expect(
            kernels.notes == [
                "\(Self.stranger), which is the machine at 172.16.122.109, answers for \(Self.vip) too, as a kernel saw it: "
                    + "whether it has the address or only stands in for it (proxy ARP) is not known, since haprov-prober "
                    + "did not hear it"
            ])
        let former = try seen([FormerHostState(host: Self.third)])
        #expect(former.notes == [] && former.strangers.count == 1)
    }

    private static func keepalived(in unit: String) -> ProcessFact {
        ProcessFact(name: "keepalived", id: 77, parent: 1, unit: unit, path: "/usr/sbin/keepalived", arguments: [])
    }

    @Test func whatAFormerBalancerStillDoesIsSaid() throws {
        var facts = Facts()
        facts.processes = [Self.keepalived(in: "keepalived.service")]
        let cluster = try Samples.cluster()
        var state = FormerHostState(host: Self.third, facts: facts)
        let failure = try #require(state.failure(.verification, in: cluster))
        #expect(
            failure.summary.contains("haproxy9 (172.16.122.109) is no longer a balancer, and keepalived still"))
        #expect(
            failure.remedy.contains(
                "ssh root@172.16.122.109 'systemctl stop keepalived; systemctl disable keepalived'"))
        // By hand, and by a user who is not root.
        state.facts?.processes = [Self.keepalived(in: "session-3.scope")]
        state.host.user = "ops"
        state.host.port = 2222
        #expect(
            state.failure(.verification, in: cluster)?.remedy.contains("ssh -p 2222 ops@172.16.122.109 'sudo kill 77'")
                == true)
        // In another cluster by now.
        state.facts?.processes[0].isApart = true
        #expect(state.failure(.verification, in: cluster) == nil && state.note(in: cluster) == nil)
        // Gone for good: said until a run without it, and no longer.
        let gone = Failure(.unreachable, step: "connecting", summary: "it does not answer", remedy: "")
        var silent = FormerHostState(host: Self.third, failure: gone)
        silent.isSilent = true
        #expect(silent.note(in: cluster)?.contains("could not be looked at (it does not answer)") == true)
        silent.host.isRecent = false
        #expect(silent.note(in: cluster) == nil)
        silent.isSilent = false
        #expect(silent.note(in: cluster) != nil)
    }

    @Test func whoWasABalancerIsReadFromTheJournals() throws {
        let cluster = try Samples.cluster()
        func run(_ id: String, of name: String, _ result: String = "ok") -> RunFact {
            RunFact(
                id: id, cluster: name, command: "apply", operatorName: "", started: "", result: result, finished: "",
                changes: 1, undone: 0)
        }
        func member(_ run: String, _ name: String, _ address: String) -> MemberFact {
            MemberFact(run: run, name: name, address: address, port: 22, user: "root")
        }
        var facts = Facts()
        facts.runs = [
            run("R0", of: cluster.name), run("R1", of: cluster.name), run("R2", of: cluster.name),
            run("R3", of: cluster.name, "failed"), run("X1", of: "another"),
        ]
        facts.members = [
            member("R1", "haproxy1", "172.16.122.101"), member("R1", "haproxy9", "172.16.122.109"),
            // Of the same name today, on another machine.
            member("R2", "haproxy2", "172.16.122.92"), member("R2", "haproxy1", "172.16.122.101"),
            member("R3", "haproxy1", "172.16.122.101"), member("X1", "other", "172.16.122.55"),
        ]
        let known = FormerHost.known(to: ["haproxy1": facts], cluster: cluster)
        #expect(known.map(\.title) == ["haproxy2 (172.16.122.92)", "haproxy9 (172.16.122.109)"])
        #expect(known.map(\.run) == ["R2", "R1"])
        #expect(known.map(\.isRecent) == [true, false])
        // One that serves the application now is no balancer any more.
        facts.members.append(member("R2", "app1", "172.16.122.104"))
        #expect(FormerHost.known(to: ["haproxy1": facts], cluster: cluster).map(\.name).contains("app1"))
        // One that is a balancer by another address of it.
        facts.addresses.append(NICAddress(nic: "ens33", family: "inet", cidr: "172.16.122.92/24"))
        #expect(FormerHost.known(to: ["haproxy1": facts], cluster: cluster).map(\.name) == ["app1", "haproxy9"])
    }

    @Test("A balancer that was not asked and has a new address is not a former one by its old address")
    func aNewAddress() async throws {
        let host = try ScratchHost("dash")
        let ip = "ip() { case $* in *addr*) printf '1: ens33 inet 172.16.122.%s/24 x\\n' 103 109 ;; esac; }\n"
        func look(_ cluster: Cluster) async -> [FormerHostState] {
            var connection = host.connection
            connection.overrides += ip
            let open = connection
            return await FormerHostState.look(at: [Self.third], cluster: cluster) { _ in open }
        }
        #expect(await look(try Samples.cluster()) == [])
        let without = try Samples.cluster { $0.hosts.removeAll { $0.name == "haproxy3" } }
        #expect(await look(without).map { $0.facts?.addresses.count } == [2])
    }

    @Test(
        "Who answers is asked of arping where it is that of iputils, else of the kernel", arguments: ScratchHost.shells)
    func answering(shell: String) async throws {
        let host = try ScratchHost(shell)
        let kernel = """
            ip() { case $* in *addr*) printf '1: ens33 inet 172.16.122.101/24 x\\n' ;;
                'neigh show to 172.16.122.100 '*) echo '172.16.122.100 lladdr de:ad:be:ef:00:01 REACHABLE' ;; esac; }
            ping() { :; }
            wire_arping() { false; }

            """
        let iputils = """
            wire_arping() { true; }
            arping() { case $* in *172.16.122.100) echo 'Unicast reply from 172.16.122.100 [DE:AD:BE:EF:00:02] 0.7ms' ;; esac; }

            """
        func answers(_ call: String, _ overrides: String) async throws -> [NeighbourFact] {
            FactsReader.read(try await host.shell(call, overrides: overrides).standardOutput).answers
        }
        let call = "probe_neighbour \(Self.vip) ens33 172.16.122.102"
        #expect(try await answers(call, kernel) == [NeighbourFact(address: Self.vip, hardware: Self.stranger)])
        #expect(
            try await answers(call, kernel + iputils) == [
                NeighbourFact(address: Self.vip, hardware: "de:ad:be:ef:00:02")
            ])
        // Who holds it need not ask.
        #expect(try await answers("probe_neighbour 172.16.122.101 ens33 172.16.122.100", kernel) == [])
    }

    @Test(arguments: ScratchHost.shells)
    func aRunRecordsItsBalancers(shell: String) async throws {
        let host = try ScratchHost(shell)
        _ = try await host.shell(
            "mkdir -p $hp_home/lock\necho R9 >$hp_home/lock/run\n"
                + "hp_open R9 2 1 web apply me@here now '' '' '' 'haproxy1 172.16.122.101 22 root' 'haproxy2 172.16.122.102 2222 ops'\n"
                + "hp_open R9 2 1 web apply me@here now '' '' '' 'haproxy3 172.16.122.103 22 root'")
        #expect(
            host.text("\(host.home)/runs/R9/meta")?.hasSuffix(
                "started=now\nhost=haproxy1 172.16.122.101 22 root\nhost=haproxy2 172.16.122.102 2222 ops\n") == true)
        let facts = try await host.facts([])
        #expect(
            facts.members == [
                MemberFact(run: "R9", name: "haproxy1", address: "172.16.122.101", port: 22, user: "root"),
                MemberFact(run: "R9", name: "haproxy2", address: "172.16.122.102", port: 2222, user: "ops"),
            ])
        #expect(facts.runs.map(\.id) == ["R9"])
    }
}
