import Errors
import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("Whether hosts are fit")
struct PreflightTests {
    private func failures(
        _ edit: (inout Facts) -> Void, cluster: Cluster? = nil
    ) throws -> [Failure] {
        let facts = Samples.threeHosts { edit(&$0["haproxy2", default: Facts()]) }
        return Preflight(cluster: try cluster ?? Samples.cluster(), facts: facts).failures()
    }

    @Test func fit() throws {
        #expect(try failures { _ in } == [])
        #expect(try failures { $0.reachable = ["172.16.122.104:10900": true] } == [])
    }

    static let faults:
        [(name: String, edit: @Sendable (inout Facts) -> Void, step: String, summary: String, remedy: String)] =
            [
                (
                    "another init", { $0.system.initSystem = "init" }, "init", "process 1 is init, not systemd",
                    "haprov registers systemd units only."
                ),
                (
                    "no root", { $0.system.userID = 1000 }, "root", "commands run as user 1000, not root",
                    "Log in as root, or let root become root by sudo."
                ),
                (
                    "architecture", { $0.system.architecture = "i686" }, "architecture", "the host is i686",
                    "haprov has only been made for x86_64."
                ),
                (
                    "NIC", { $0.nics = ["lo": "", "eth0": "00:0c:29:00:00:02"] }, "interface",
                    "there is no NIC ens33; there are eth0, lo",
                    "Correct `vip.interface`, or give this host an `interface` of its own."
                ),
                (
                    "no address", { $0.addresses = [] }, "interface",
                    "ens33 has no IPv4 address; one in the VIP's subnet 172.16.122.100/24 is needed",
                    "Correct `vip.address` or the NIC."
                ),
                (
                    "subnet",
                    { $0.addresses = [NICAddress(nic: "ens33", family: "inet", cidr: "10.0.0.2/8")] }, "interface",
                    "ens33 has 10.0.0.2/8, nothing in the VIP's subnet 172.16.122.100/24",
                    "Correct `vip.address` or the NIC."
                ),
                (
                    "VIP in use",
                    { $0.answers = [NeighbourFact(address: "172.16.122.100", hardware: "de:ad:be:ef:00:01")] }, "VIP",
                    "172.16.122.100 is in use already: de:ad:be:ef:00:01, which is none of the balancers, answers for it",
                    "Find that machine (`arping -I ens33 172.16.122.100`) or choose another VIP."
                ),
                (
                    "application", { $0.reachable = ["172.16.122.105:10900": false, "172.16.122.104:10900": true] },
                    "application app2", "nothing answers on 172.16.122.105:10900",
                    "Start the application, open its port, or take app2 out of the inventory."
                ),
            ]

    @Test(arguments: faults.map(\.name))
    func fault(name: String) throws {
        let fault = try #require(Self.faults.first { $0.name == name })
        #expect(
            try failures(fault.edit) == [
                Failure(.preflight, host: "haproxy2", step: fault.step, summary: fault.summary, remedy: fault.remedy)
            ])
    }

    @Test func everyFaultAtOnce() throws {
        let found = try failures { facts in
            facts.system.initSystem = "init"
            facts.system.userID = 7
            facts.system.architecture = "i686"
        }
        #expect(found.map(\.step) == ["init", "root", "architecture"])
    }

    @Test("A balancer that holds the VIP may answer for it")
    func ownNeighbour() throws {
        #expect(
            try failures { $0.answers = [NeighbourFact(address: "172.16.122.100", hardware: "00:0c:29:00:00:03")] }
                == [])
    }

    @Test func locked() throws {
        let lock = LockFact(owner: "ann@x, haprov apply", run: "R1", age: 899, held: 950)
        let found = try failures { $0.lock = lock }
        #expect(
            found == [
                Failure(
                    .locked, host: "haproxy2", step: "lock",
                    summary: "ann@x, haprov apply is at work on this host (run R1, began 950 s ago, last sign of life "
                        + "899 s ago)",
                    remedy: lock.remedy)
            ])
        #expect(lock.remedy.hasPrefix("Wait for that run to end; `--wait 10m` does."))
        #expect(try failures { $0.lock = LockFact(owner: "a", run: "R", age: 900) } == [], "a silent one is gone")
        #expect(try failures { $0.lock = LockFact(owner: "", run: "", age: 10) } == [], "and one without a name")
        let busy = LockFact(
            owner: "ann@x, haprov apply", run: "R1", age: 3, held: 70,
            step: "compile haproxy 2.6.12 from h.tar.gz: make", stepAge: 61)
        #expect(
            try failures { $0.lock = busy }.map(\.summary) == [
                "ann@x, haprov apply is at work on this host (run R1, began 70 s ago, last sign of life 3 s ago): "
                    + "compile haproxy 2.6.12 from h.tar.gz: make, for 61 s"
            ])
    }

    @Test("Whether sudo keeps a log of input is asked where sudo is used", arguments: [nil, Become.Program.sudo, .su])
    func sudoLog(program: Become.Program?) throws {
        let cluster = try Samples.cluster { cluster in
            for index in cluster.hosts.indices {
                cluster.hosts[index].ssh.user = "ops"
                cluster.hosts[index].ssh.become = program.map { Become(by: $0, password: nil) }
            }
        }
        let queries = Preflight(cluster: cluster, facts: [:]).queries(for: try Samples.host(in: cluster))
        #expect(queries.contains(ProbeQuery("probe_sudo_log", "ops")) == (program != .su))
    }

    @Test("Servers are asked for once each, however many backends name them")
    func queries() throws {
        let cluster = try Samples.cluster { cluster in
            cluster.haproxy.backends.append(
                Backend(name: "b2", servers: ["app1", "app3"], port: 10900, balance: "source", mode: "tcp"))
            cluster.haproxy.backends.append(
                Backend(name: "b3", servers: ["app1"], port: 81, balance: "source", mode: "tcp"))
        }
        let queries = Preflight(cluster: cluster, facts: [:]).queries(for: try Samples.host(in: cluster))
        #expect(
            queries == [
                ProbeQuery("probe_neighbour", "172.16.122.100", "ens33"), ProbeQuery("probe_reboot"),
                ProbeQuery("probe_memory"), ProbeQuery("probe_inodes", "/usr/local", "/etc", "/var/lib"),
                ProbeQuery("probe_manager", "ens33"), ProbeQuery("probe_agents"), ProbeQuery("probe_filters"),
                ProbeQuery("probe_listeners", "80"), ProbeQuery("probe_reach", "172.16.122.104", "10900"),
                ProbeQuery("probe_reach", "172.16.122.105", "10900"),
                ProbeQuery("probe_reach", "172.16.122.106", "10900"), ProbeQuery("probe_reach", "172.16.122.104", "81"),
                ProbeQuery("probe_processes", "172.16.122.100", "51"), ProbeQuery("probe_parts"),
                ProbeQuery("probe_repositories"), ProbeQuery("probe_compilers"),
            ])
    }
}
