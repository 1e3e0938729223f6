import Errors
import Foundation
import Inventory
import Testing
import VRRP

@testable import Lab

@Suite struct LabPlanTests {
    private func plan(_ cluster: Cluster) throws -> LabPlan {
        try LabPlan(name: LabName("t"), flavour: .standard, cluster: cluster)
    }

    @Test func theGuidesClusterIsOneWire() throws {
        let plan = try plan(GuideCluster.cluster())
        #expect(plan.controller == "172.16.122.254")
        #expect(plan.prefixLength == 24)
        #expect(plan.controllerNeighbours == [])
        #expect(plan.hosts.map(\.name) == ["haproxy1", "haproxy2", "haproxy3", "app1", "app2", "app3"])
        #expect(plan.hosts.map(\.address).first == "172.16.122.101")
        #expect(plan.hosts.map(\.address).last == "172.16.122.106")
        #expect(plan.hosts.allSatisfy { $0.interface == "ens33" && $0.prefixLength == 24 && $0.neighbours == [] })
        #expect(plan.hosts.map(\.ports) == [[], [], [], [10900], [10900], [10900]])
        #expect(Set(plan.hosts.map(\.port)).count == 6)
    }

    @Test func hostsMayBeOfAFlavourOfTheirOwn() throws {
        let plan = try LabPlan(
            name: LabName("t"), flavour: .el9, hostFlavours: ["haproxy3": .standard], cluster: GuideCluster.cluster())
        let flavours = plan.hosts.map { plan.flavour(of: $0) }
        #expect(flavours == [.el9, .el9, .standard, .el9, .el9, .el9])
        func files(_ index: Int) -> [String] {
            HostFiles.files(of: plan.hosts[index], in: plan, machineID: "0").filter { $0.path.hasSuffix(".repo") }
                .map(\.text)
        }
        #expect(files(0).first?.hasPrefix("[baseos]") == true && files(2).first?.hasPrefix("[base]") == true)
        let failure = #expect(throws: Failure.self) {
            try LabPlan(
                name: LabName("t"), flavour: .el9, hostFlavours: ["haproxy9": .standard],
                cluster: GuideCluster.cluster())
        }
        #expect(failure?.summary == "there is no host \"haproxy9\" in this lab")
    }

    @Test func theControllerTakesTheHighestFreeAddress() throws {
        var cluster = GuideCluster.cluster()
        cluster.hosts[0].address = try #require(IPAddress("172.16.122.254"))
        cluster.instances[0].addresses[0].address = try #require(IPAddress("172.16.122.253"))
        #expect(try plan(cluster).controller == "172.16.122.252")
    }

    @Test func aHostOfAnotherSubnetIsReachedByRoute() throws {
        var cluster = GuideCluster.cluster()
        cluster.hosts[5].address = try #require(IPAddress("10.0.0.6"))
        let plan = try plan(cluster)
        #expect(plan.controllerNeighbours == ["10.0.0.6"])
        #expect(plan.hosts[0].neighbours == ["10.0.0.6"])
        #expect(plan.hosts[5].prefixLength == 32)
        #expect(plan.hosts[5].neighbours.contains("172.16.122.101"))
        #expect(plan.hosts[5].neighbours.contains("172.16.122.100"))
        #expect(plan.hosts[5].neighbours.contains("172.16.122.254"))
        #expect(!plan.hosts[5].neighbours.contains("10.0.0.6"))
    }

    @Test func aVIPWithoutSubnetGetsOneThatHoldsTheBalancers() throws {
        var cluster = GuideCluster.cluster()
        cluster.instances[0].addresses[0].prefixLength = 32
        let plan = try plan(cluster)
        // In a /29, .103 would be the broadcast address.
        #expect(plan.prefixLength == 28)
        #expect(plan.controller == "172.16.122.110")
        #expect(plan.hosts.allSatisfy { $0.neighbours == [] })
    }

    @Test func twoHostsWithOneAddressAreRefused() throws {
        var cluster = GuideCluster.cluster()
        cluster.hosts[1].address = cluster.hosts[0].address
        let failure = #expect(throws: Failure.self) { try plan(cluster) }
        #expect(failure?.summary == "haproxy1 has the address 172.16.122.101 too")
        #expect(failure?.kind == .input)
    }

    @Test func anUnknownHostIsNamedWithThoseThereAre() throws {
        let plan = try plan(GuideCluster.cluster())
        let failure = #expect(throws: Failure.self) { try plan.host("web9") }
        #expect(failure?.remedy == "Its hosts are haproxy1, haproxy2, haproxy3, app1, app2, app3.")
    }

    @Test(arguments: ["", "A", "a b", "a.b", "-a", "a/b", String(repeating: "a", count: 33)])
    func badNamesAreRefused(_ text: String) {
        #expect(throws: Failure.self) { try LabName(text) }
    }

    @Test(arguments: ["a", "demo-2", String(repeating: "a", count: 32)])
    func goodNamesAreTaken(_ text: String) throws {
        #expect(try LabName(text).description == text)
    }

    @Test func theInventoryReadsBackAsTheClusterItWasWrittenFrom() throws {
        var cluster = GuideCluster.cluster()
        cluster.hosts[4].interface = "eth1"
        cluster.packages = .rpms("/srv/my rpms")
        cluster.buildHost = "haproxy3"
        cluster.instances[0].password = .environment("SECRET")
        cluster.allowUpgrades = true
        // A lab serves nobody but who built it.
        cluster.drill.allowed = DrillSettings.names
        let text = LabInventory.text(of: cluster, identity: "/keys/id", knownHosts: "/keys/known")
        let reading = InventoryReader.read(text, file: "inventory.yml")
        #expect(reading.diagnostics.filter { $0.severity == .error } == [])
        for index in cluster.hosts.indices {
            cluster.hosts[index].ssh.identities = ["/keys/id"]
            cluster.hosts[index].ssh.knownHosts = "/keys/known"
        }
        #expect(reading.cluster == cluster)
    }

    @Test(arguments: [
        ("web", "web"), ("2.6.12", "2.6.12"), ("1.8", "\"1.8\""), ("*:80", "\"*:80\""), ("no", "\"no\""),
        ("4gjf", "\"4gjf\""), ("a\"b\\c\n", "\"a\\\"b\\\\c\\n\""), ("", "\"\""), ("/a/b-c_d", "/a/b-c_d"),
        ("a: b", "\"a: b\""), ("\u{1}\u{7F}", "\"\\u0001\\u007f\""),
    ])
    func scalarsAreQuotedWhereTheyMust(_ text: String, _ expected: String) {
        #expect(LabInventory.scalar(text) == expected)
    }

    @Test func aHostsFilesGiveItItsNameAddressAndRepositories() throws {
        let plan = try plan(GuideCluster.cluster())
        let files = HostFiles.files(of: plan.hosts[0], in: plan, machineID: "0f")
        let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
        #expect(texts["etc/hostname"] == "haproxy1\n")
        #expect(
            texts["etc/sysconfig/network-scripts/ifcfg-ens33"]?.contains("IPADDR=172.16.122.101\nPREFIX=24\n") == true)
        #expect(texts["etc/yum.repos.d/lab.repo"]?.contains("baseurl=file:///usr/share/lab-repo\n") == true)
        #expect(texts["etc/firewalld/zones/public.xml"]?.contains("<interface name=\"ens33\"/>") == true)
        #expect(texts["etc/nginx/lab-listen.conf"] == nil)
        let application = HostFiles.files(of: plan.hosts[3], in: plan, machineID: "0f")
        #expect(application.first { $0.path == "etc/nginx/lab-listen.conf" }?.text == "listen 10900;\n")
        #expect(!application.contains { $0.path.hasPrefix("etc/yum.repos.d") })
    }

    @Test func deadRepositoriesAreThoseOfCentOS() throws {
        let plan = try LabPlan(name: LabName("t"), flavour: .deadRepositories, cluster: GuideCluster.cluster())
        let files = HostFiles.files(of: plan.hosts[0], in: plan, machineID: "0f")
        let repositories = files.filter { $0.path.hasPrefix("etc/yum.repos.d/") }
        try #require(repositories.map(\.path) == ["etc/yum.repos.d/CentOS-Base.repo"])
        #expect(
            repositories[0].text.contains(
                "\nmirrorlist=http://mirrorlist.centos.org/?release=$releasever&arch=$basearch&repo=os&infra=$infra\n"))
        #expect(repositories[0].text.components(separatedBy: "gpgcheck=1\n").count == 5)
        #expect(repositories[0].text.components(separatedBy: "enabled=0\n").count == 2)
    }

    @Test func whatIsMissingIsNamedWithTheCommandThatInstallsIt() {
        let failure = #expect(throws: Failure.self) {
            try Prerequisites.check(isRoot: true, folders: ["/nowhere"])
        }
        #expect(failure?.kind == .preflight)
        #expect(failure?.summary.contains("mmdebstrap, systemd-nspawn, ip, ssh, ssh-keygen") == true)
        #expect(
            failure?.remedy
                == "Run: apt-get install -y mmdebstrap systemd-container iproute2 openssh-client util-linux mount "
                + "e2fsprogs dpkg mawk coreutils")
    }

    @Test func tooFewWatchersAreSaidBeforeAHostBoots() throws {
        try Watchers.check(limit: 128, used: 80, hosts: 6)
        let failure = #expect(throws: Failure.self) { try Watchers.check(limit: 128, used: 90, hosts: 6) }
        #expect(failure?.remedy == "Run: sysctl -w fs.inotify.max_user_instances=1024")
    }

    /// 25 is CAP_SYS_TIME: a host's clock is the machine's.
    @Test func execTakesAwayWhatTheHostHasNot() throws {
        let restriction = try HostCapabilities.restriction(
            status: "Name:\tsystemd\nCapBnd:\t00000000fcecffff\n", last: 40)
        #expect(restriction.split(separator: ",").contains("-cap_25"))
        #expect(!restriction.split(separator: ",").contains("-cap_12"))
        #expect(restriction.split(separator: ",").suffix(9).first == "-cap_32")
        #expect(throws: Failure.self) { try HostCapabilities.restriction(status: "Name:\tx\n", last: 40) }
    }
}
