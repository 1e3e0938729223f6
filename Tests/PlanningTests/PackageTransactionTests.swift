import Errors
import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("Package transactions are read from what yum says it would do")
struct PackageTransactionTests {
    private func transaction(_ name: String) throws -> PackageTransaction {
        Yum().transaction(source: "host", answer: try Samples.fixture("yum/\(name).txt"))
    }

    @Test("yum 3: dependencies, epochs and rows that are broken where a name or a repository is too long")
    func yum3() throws {
        let found = try transaction("yum3-install")
        #expect(
            found.installs == [
                "gcc-4.8.5-39.el7.x86_64", "openssl-devel-1:1.0.2k-19.el7.x86_64", "cpp-4.8.5-39.el7.x86_64",
                "libmpc-1.0.1-3.el7.x86_64", "libnetfilter_conntrack-devel-with-a-long-name-1.0.6-1.el7_3.x86_64",
                "libverto-devel-0.2.5-4.el7.x86_64", "keyutils-libs-devel-1.5.8-3.el7.x86_64",
            ])
        #expect(found.upgrades == [] && found.removals == [] && found.problems == [])
    }

    @Test("yum 3: upgrades, removals and what is replaced")
    func yum3Upgrades() throws {
        let found = try transaction("yum3-upgrade")
        #expect(found.installs == ["glibc-devel-2.17-317.el7.x86_64", "glibc-headers-2.17-317.el7.x86_64"])
        #expect(found.upgrades == ["glibc-2.17-317.el7.x86_64", "glibc-common-2.17-317.el7.x86_64"])
        #expect(found.removals == ["old-devel-1.0-1.el7.x86_64", "nss-softokn-old-3.44.0-5.el7.x86_64"])
        #expect(found.problems == [])
    }

    @Test("dnf 4: upgrades and what is replaced")
    func dnf4() throws {
        let found = try transaction("dnf4-upgrade-obsolete")
        #expect(
            found.installs == [
                "cpp-4.8.5-39.el7.x86_64", "gcc-4.8.5-39.el7.x86_64", "newtool-2.0-1.el7.x86_64",
                "openssl-devel-1:1.0.2k-19.el7.x86_64", "glibc-devel-2.17-292.el7.x86_64",
                "libmpc-1.0.1-3.el7.x86_64",
                "libnetfilter-conntrack-helper-development-libraries-1.0.6-1.el7_3.x86_64",
            ])
        #expect(found.upgrades == ["glibc-2.17-292.el7.x86_64"])
        #expect(found.removals == ["oldtool-1.0-1.el7.x86_64"])
        #expect(found.problems == [])
    }

    @Test("dnf 5: what is replaced has a row like any other")
    func dnf5() throws {
        let found = try transaction("dnf5-install")
        #expect(
            found.installs == [
                "gcc-14.2.1-6.fc41.x86_64", "newtool-2.0-1.fc41.x86_64", "cpp-14.2.1-6.fc41.x86_64",
            ])
        #expect(found.upgrades == ["openssl-libs-1:3.2.4-3.fc41.x86_64"])
        #expect(found.removals == ["oldtool-1.0-1.fc41.x86_64"])
        #expect(found.problems == [])
    }

    @Test(arguments: [
        ("yum3-no-package", ["No package libnl3-devel available.", "Error: Nothing to do"]),
        (
            "yum3-broken",
            [
                "Error: Package: 1:openssl-devel-1.0.2k-19.el7.x86_64 (haprov-rpms)",
                "Requires: openssl-libs(x86-64) = 1:1.0.2k-19.el7",
            ]
        ),
        (
            "yum3-dead-mirror",
            [
                #"14: curl#6 - "Could not resolve host: mirrorlist.centos.org; Unknown error""#,
                "Cannot find a valid baseurl for repo: base/7/x86_64",
            ]
        ),
        (
            "yum3-unreachable",
            [
                #"http://10.0.0.9/os/repodata/repomd.xml: [Errno 14] curl#7 - "Failed connect to 10.0.0.9:80; Connection refused""#,
                "failure: repodata/repomd.xml from lab: [Errno 256] No more mirrors to try.",
            ]
        ),
        ("dnf4-no-match", ["No match for argument: nosuch", "Error: Unable to find a match: nosuch"]),
        (
            "dnf5-no-match", ["Failed to resolve the transaction:", "No match for argument: nosuch"]
        ),
        ("dnf4-broken", ["Error:", "- nothing provides libnothing.so.9 needed by broken-1.0-1.el7.x86_64"]),
    ])
    func problems(fixture: String, expected: [String]) throws {
        let found = try transaction(fixture)
        #expect(found.installs == [] && found.upgrades == [] && found.removals == [])
        #expect(found.problems == expected)
    }

    @Test("yum 3 goes on where one of several names is missing: the missing one is a problem all the same")
    func oneMissing() throws {
        let found = try transaction("yum3-one-missing")
        #expect(found.installs == ["gcc-4.8.5-39.el7.x86_64"])
        #expect(found.problems == ["No package libnl3-devel available."])
    }

    @Test("A mirror that cannot be reached is no problem where the next one can")
    func nextMirror() throws {
        let text =
            "http://10.0.0.9/repodata/repomd.xml: [Errno 12] Timeout on http://10.0.0.9: (28, 'Connection timed out')\n"
            + "Trying other mirror.\n" + (try Samples.fixture("yum/yum3-install.txt"))
        let found = Yum().transaction(source: "host", answer: text)
        #expect(found.problems == [] && found.installs.count == 7)
    }

    @Test func nothing() {
        #expect(Yum().transaction(source: "host", answer: "") == PackageTransaction(source: "host"))
    }

    private func refusal(_ transaction: PackageTransaction, allowUpgrades: Bool = false) throws -> Failure? {
        let cluster = try Samples.cluster { $0.allowUpgrades = allowUpgrades }
        let context = PlanContext(
            cluster: cluster, host: try Samples.host(in: cluster), platform: EnterpriseLinux(), builds: [:],
            secrets: [],
            packages: .transaction(transaction))
        do throws(Failure) {
            try transaction.refuseUnlessFit(for: ["gcc", "libnl3-devel"], context: context)
            return nil
        } catch {
            return error
        }
    }

    @Test func fit() throws {
        #expect(try refusal(try transaction("yum3-install")) == nil)
        #expect(try refusal(try transaction("yum3-upgrade"), allowUpgrades: true) == nil)
    }

    @Test func refusedWhereYumFindsNoWay() throws {
        for name in ["yum3-no-package", "yum3-one-missing", "yum3-broken", "dnf4-broken"] {
            let failure = try #require(try refusal(try transaction(name), allowUpgrades: true))
            #expect(failure.kind == .preflight && failure.host == "haproxy1")
            #expect(failure.step == "package gcc libnl3-devel")
            #expect(failure.summary == "yum finds no way to install gcc, libnl3-devel")
            #expect(failure.remedy == EnterpriseLinux().packageAdvice.everyWay)
            #expect(failure.cause == (try transaction(name)).problems.joined(separator: "\n"))
        }
        #expect(try refusal(PackageTransaction(source: "host"))?.cause == nil)
    }

    @Test func refusedWhereInstalledPackagesWouldBeReplaced() throws {
        let failure = try #require(try refusal(try transaction("yum3-upgrade")))
        #expect(
            failure.summary
                == "yum would replace installed packages, which cannot be taken back: glibc-2.17-317.el7.x86_64, "
                + "glibc-common-2.17-317.el7.x86_64, old-devel-1.0-1.el7.x86_64, nss-softokn-old-3.44.0-5.el7.x86_64")
        #expect(failure.remedy.contains("allow_upgrades: true"))
        var replaced = PackageTransaction(source: "host")
        replaced.installs = ["new-1-1.x86_64"]
        replaced.removals = ["old-1-1.x86_64"]
        #expect(try refusal(replaced)?.summary.contains("old-1-1.x86_64") == true, "a replacement alone is refused too")
    }
}
