import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("Facts are read from what the probe prints")
struct FactsReaderTests {
    private func facts(_ name: String) throws -> Facts {
        FactsReader.read(Array(try Samples.fixture("facts/\(name)").utf8))
    }

    @Test func bareCentOS7() throws {
        let facts = try facts("centos7-bare.txt")
        #expect(
            facts.system
                == System(
                    id: "centos", version: "7", release: "CentOS Linux release 7.7.1908 (Core)", architecture: "x86_64",
                    kernel: "3.10.0-1062.el7.x86_64", libc: "glibc 2.17", initSystem: "systemd", userID: 0,
                    hostName: "haproxy1"))
        #expect(facts.system.fullVersion == "7.7.1908")
        #expect(facts.system.buildPlatform == "centos 7.7.1908 x86_64 glibc 2.17")
        #expect(facts.space == ["/usr/local": 15_728_640, "/var/lib": 15_728_640])
        #expect(facts.tools["yum"] == true && facts.tools["killall"] == false)
        #expect(facts.selinux == "Enforcing")
        #expect(facts.nics == ["lo": "", "ens33": "00:0c:29:3e:11:01"])
        #expect(facts.holds(try #require(IPAddress("172.16.122.101"))))
        #expect(!facts.holds(try #require(IPAddress("172.16.122.100"))))
        #expect(!facts.holds(try #require(IPAddress("172.16.122.10"))), "a prefix of an address is another one")
        #expect(facts.files["/usr/sbin/haproxy"]?.kind == .absent)
        #expect(facts.packages == ["psmisc": "", "glibc": "glibc-2.17-292.el7"])
        #expect(
            facts.repositories.first
                == RepositoryFact(
                    id: "base",
                    url: "http://mirrorlist.centos.org/?release=$releasever&arch=$basearch&repo=os&infra=$infra",
                    isReachable: false))
        #expect(facts.firewall.isActive && facts.firewall.zone == "public")
        #expect(facts.firewall.runtime == [] && facts.firewall.permanent == [])
        #expect(facts.units["haproxy.service"]?.exists == false)
        #expect(facts.answers == [])
        #expect(facts.runs == [] && facts.lock == nil)
        #expect(facts.archives["haproxy"] == ArchiveFact(build: "", isIntact: false))
        #expect(facts.reachable == ["172.16.122.104:10900": true, "172.16.122.105:10900": false])
    }

    @Test func convergedHolder() throws {
        let facts = try facts("converged-holder.txt")
        #expect(facts.holds(try #require(IPAddress("172.16.122.100"))))
        let configuration = try #require(facts.files["/etc/keepalived/keepalived.conf"])
        #expect(configuration.kind == .file && configuration.mode == "0600" && configuration.size == 12)
        #expect(configuration.content == Array("global_defs\n".utf8))
        #expect(facts.files["/usr/local/haproxy/conf"]?.mode == "0755", "stat prints three digits")
        #expect(facts.files["/usr/local/haproxy/odd"]?.mode == "4755")
        let link = try #require(facts.files["/usr/sbin/haproxy"])
        #expect(link.kind == .link && link.digest == "/usr/local/haproxy/sbin/haproxy")
        let unit = try #require(facts.units["haproxy.service"])
        #expect(unit.exists && unit.isActive && unit.isEnabled && unit.mainPID == 1234 && !unit.needsReload)
        let other = try #require(facts.units["keepalived.service"])
        #expect(other.isActive && !other.isEnabled && other.needsReload, "reloading is active too")
        #expect(facts.archives["haproxy"] == ArchiveFact(build: "0123456789abcdef", isIntact: true))
        #expect(facts.archives["keepalived"] == ArchiveFact(build: "fedcba9876543210", isIntact: false))
        #expect(facts.accounts.keys.sorted() == ["haproxy"] && facts.groups == ["haproxy"])
        #expect(facts.sysctls == ["net.ipv4.ip_nonlocal_bind": "1"])
        #expect(facts.owners == ["/etc/sysconfig/keepalived": "keepalived-1.3.5-16.el7"])
        #expect(facts.firewall.runtime == [#"rich-rule=rule protocol value="vrrp" accept"#, "port=80/tcp"])
        #expect(facts.firewall.permanent == ["port=80/tcp"])
        #expect(facts.answers == [NeighbourFact(address: "172.16.122.100", hardware: "00:0c:29:3e:11:02")])
        #expect(facts.lock == LockFact(owner: "root@ops, haprov apply", run: "20260131T094500Z-3f2a", age: 42))
    }

    @Test func journal() throws {
        let facts = try facts("converged-holder.txt")
        #expect(
            facts.runs == [
                RunFact(
                    id: "20260131T094500Z-3f2a", cluster: "web", command: "apply", operatorName: "root@ops",
                    started: "2026-01-31T09:45:00Z", result: "ok", finished: "2026-01-31T09:47:00Z", changes: 12,
                    undone: 3),
                RunFact(
                    id: "20260131T104500Z-0000", cluster: "web", command: "apply", operatorName: "root@ops",
                    started: "2026-01-31T10:45:00Z", result: "", finished: "", changes: 1, undone: 0),
            ])
        let entries = try #require(facts.entries["20260131T094500Z-3f2a"])
        try #require(entries.map(\.number) == ["0001", "0002", "0003"])
        #expect(entries[0].arguments == ["/etc/x", "0644", "root", "root", "abc", ""], "a last empty argument counts")
        #expect(entries[1].arguments == [], "no arguments")
        #expect(entries[2].arguments == [""], "one empty argument")
        #expect(entries[0].state == "done" && entries[1].state == "" && entries[2].state == "undone")
    }

    @Test("Every record has one fact that reads it")
    func words() {
        let words = FactsReader.types.flatMap { Array($0.words) }
        #expect(Set(words).count == words.count)
        #expect(Set(words).isSuperset(of: ["host", "lock", "unit", "file", "package"]))
    }

    @Test("Facts are equal where they say the same, whatever was asked")
    func equality() {
        #expect(FactsReader.read(Array("@firewall\tinactive\t\n".utf8)) == Facts())
        var (one, other) = (Facts(), Facts())
        one.sysctls["a"] = "1"
        #expect(one != other && other != one)
        other.sysctls["a"] = "1"
        #expect(one == other)
        other.sysctls["a"] = "2"
        #expect(one != other)
    }

    @Test("Queries that are joined become one call, each name once")
    func joined() {
        let calls = Probe.calls([
            .owner(of: "/b"), .packages(["x", "a"]), .file("/b"), .owner(of: "/a"), .owner(of: "/b"), .packages([]),
            .packages(["b", "a"]), .file("/b"),
        ])
        #expect(
            calls == [
                ["probe_host"] + Platforms.all.tools, ["probe_journal"], ["probe_duty"],
                ["probe_file", "/b", "state"], ["probe_owners", "/a", "/b"],
                ["probe_packages", "a", "b", "x"], ["hp_say", "end"],
            ])
    }

    @Test("What is no record, of an unknown kind or cut short does no harm")
    func robust() {
        let text =
            "noise\n@\n@unknown\tx\n@host\n@space\t/x\n@file\n@unit\n@entry\n@content\t/none\teA==\n\n@selinux\tPermissive"
        let facts = FactsReader.read(Array(text.utf8) + [0xFF, 0xFE, 0x0A])
        #expect(facts.space == ["/x": 0])
        #expect(facts.system == System())
        #expect(facts.selinux?.hasPrefix("Permissive") == true)
        #expect(facts.files[""]?.kind == .absent)
    }

    @Test("A carriage return at the end of a field does not swallow the next record")
    func carriageReturn() {
        let facts = FactsReader.read(Array("@selinux\tEnforcing\r\n@sysctl\ta.b\t1\n".utf8))
        #expect(facts.sysctls == ["a.b": "1"])
    }

    @Test(arguments: [
        ("CentOS Linux release 7.7.1908 (Core)", "7", "7.7.1908"),
        ("Rocky Linux release 9.3 (Blue Onyx)", "9.3", "9.3"),
        ("Debian GNU/Linux", "12", "12"),
        ("", "8", "8"),
    ])
    func fullVersion(release: String, version: String, expected: String) {
        #expect(System(version: version, release: release).fullVersion == expected)
    }

    @Test("A file's content arrives as it is; one that was damaged on the way counts as unknown")
    func content() {
        func content(_ text: String) -> [UInt8]? {
            FactsReader.read(Array("@file\t/a\tfile\t0644\troot\troot\t00\n@content\t/a\t\(text)\n".utf8)).files["/a"]?
                .content
        }
        #expect(content("AAEC/w==") == [0, 1, 2, 255])
        #expect(content("") == [])
        #expect(content("%%%") == nil)
    }
}
