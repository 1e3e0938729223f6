import PlanningSamples
import Testing

@testable import Planning

@Suite("What apt says it would do")
struct AptTests {
    private func transaction(_ name: String) throws -> PackageTransaction {
        Apt().transaction(source: "host", answer: try Samples.fixture("apt/\(name).txt"))
    }

    @Test("New packages, upgrades and removals")
    func changes() throws {
        let install = try transaction("install")
        #expect(
            install.installs == ["libnl-3-200_3.7.0-0.2+b1", "libnl-3-dev_3.7.0-0.2+b1", "psmisc_23.6-1"]
                && install.upgrades == [] && install.removals == [] && install.problems == [])
        let upgrade = try transaction("upgrade")
        #expect(upgrade.installs == ["libssl-dev_3.0.15-1~deb12u1"] && upgrade.problems == [])
        #expect(upgrade.upgrades == ["libssl3_3.0.15-1~deb12u1"] && upgrade.removals == [])
        let remove = try transaction("remove")
        #expect(remove.installs == ["rival_1"] && remove.removals == ["rsyslog_8.2302.0-1+deb12u2"])
    }

    @Test(
        "Its complaints, with what stands in the way",
        arguments: [
            ("missing", ["E: Unable to locate package no-such-thing"]),
            (
                "unmet",
                [
                    "broken : Depends: not-there but it is not installable",
                    "Depends: libc6 (>= 99) but 2.36-9+deb12u14 is to be installed",
                    "E: Unable to correct problems, you have held broken packages.",
                ]
            ),
            (
                "unreachable",
                [
                    "W: Failed to fetch http://nowhere.invalid/debian/dists/bookworm/InRelease  "
                        + "Temporary failure resolving 'nowhere.invalid'",
                    "W: Some index files failed to download. They have been ignored, or old ones used instead.",
                    "E: Package 'psmisc' has no installation candidate",
                ]
            ),
            // A source that cannot be reached is no problem where another has the packages.
            ("half-reachable", []),
        ])
    func problems(name: String, expected: [String]) throws {
        #expect(try transaction(name).problems == expected)
    }

    @Test("Lines that were cut short are passed over", arguments: ["Inst x [1\n", "Inst x\n", "Inst\n", "Remv\n"])
    func cutShort(answer: String) {
        let found = Apt().transaction(source: "host", answer: answer)
        #expect(found.installs == [] && found.upgrades == [] && found.removals == [])
    }

    @Test("Names and versions of packages")
    func names() {
        let apt = Apt()
        #expect(apt.majorVersion(of: "libssl-dev_3.0.15-1~deb12u1") == 3)
        #expect(apt.majorVersion(of: "gcc_4:12.2.0-3") == 12)
        #expect(apt.majorVersion(of: "gcc") == nil)
        #expect(apt.version(of: "haproxy_2.6.12-1+deb12u4") == "2.6.12")
        #expect(apt.version(of: "keepalived_1:2.2.7-1+b2") == "2.2.7")
        #expect(apt.version(of: "haproxy_3.0~dev1-1") == "3.0")
        #expect(apt.isPackage("gcc_4:12.2.0-3", named: "gcc") && !apt.isPackage("gcc-12_12.2.0", named: "gcc"))
    }

    @Test("Sources of packages: one that answers is enough")
    func sources() {
        let dead = RepositoryFact(id: "bookworm", url: "http://deb.debian.org/debian", isReachable: false)
        let alive = RepositoryFact(id: "./", url: "file:/srv/debs", isReachable: true)
        #expect(Apt().fault(of: []) == "no source of packages is named on it.")
        #expect(Apt().fault(of: [dead, alive]) == nil)
        #expect(
            Apt().fault(of: [dead])
                == "none of its sources of packages can be reached: http://deb.debian.org/debian (bookworm).")
    }
}
