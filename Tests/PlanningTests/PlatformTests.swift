import Errors
import PlanningSamples
import Testing

@testable import Planning

@Suite("Which platform a host is of")
struct PlatformTests {
    @Test(arguments: [
        ("centos", "7", "", "Enterprise Linux 7"), ("rocky", "9.4", "rhel centos fedora", "Enterprise Linux 9"),
        ("rhel", "8.10", "fedora", "Enterprise Linux 8"), ("fedora", "40", "", "fedora 40"),
        ("openEuler", "22.03", "", "openEuler 22.03"), ("ours", "7.9", "rhel fedora", "Enterprise Linux 7"),
    ])
    func enterpriseLinux(id: String, version: String, like: String, name: String) {
        let platform = Platforms.all.platform(of: System(id: id, version: version, like: like))
        #expect(platform?.name == name)
    }

    @Test(arguments: [
        ("debian", "12", "", "Debian 12", "libssl3"), ("debian", "11", "", "Debian 11", "libssl1.1"),
        ("debian", "", "", "Debian", "libssl3"), ("ubuntu", "24.04", "debian", "Ubuntu 24.04", "libssl3"),
        ("ubuntu", "20.04", "debian", "Ubuntu 20.04", "libssl1.1"), ("ours", "3", "ubuntu debian", "ours 3", "libssl3"),
    ])
    func debian(id: String, version: String, like: String, name: String, openSSL: String) throws {
        let platform = try #require(Platforms.all.platform(of: System(id: id, version: version, like: like)))
        #expect(platform.name == name && platform.packageManager.name == "apt")
        #expect(
            platform.packages(["gcc", "libnl3", "openssl-libs"])
                == ["gcc", "libc6-dev", "libnl-3-200", "libnl-genl-3-200", "libnl-route-3-200", openSSL])
    }

    /// As `/etc/os-release` has them.
    private static let releases: [(text: String, name: String, openSSL: String, pcre: String)] = [
        (
            """
            PRETTY_NAME="Ubuntu 20.04.6 LTS"
            NAME="Ubuntu"
            VERSION="20.04.6 LTS (Focal Fossa)"
            ID=ubuntu
            ID_LIKE=debian
            VERSION_ID="20.04"
            """, "Ubuntu 20.04", "libssl1.1", "libpcre3"
        ),
        (
            """
            PRETTY_NAME="Ubuntu 22.04.5 LTS"
            NAME="Ubuntu"
            VERSION_ID="22.04"
            VERSION="22.04.5 LTS (Jammy Jellyfish)"
            VERSION_CODENAME=jammy
            ID=ubuntu
            ID_LIKE=debian
            UBUNTU_CODENAME=jammy
            """, "Ubuntu 22.04", "libssl3", "libpcre3"
        ),
        (
            """
            PRETTY_NAME="Ubuntu 24.04.2 LTS"
            NAME="Ubuntu"
            VERSION_ID="24.04"
            VERSION_CODENAME=noble
            ID=ubuntu
            ID_LIKE=debian
            """, "Ubuntu 24.04", "libssl3", "libpcre3"
        ),
        (
            """
            PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"
            NAME="Debian GNU/Linux"
            VERSION_ID="11"
            VERSION="11 (bullseye)"
            ID=debian
            """, "Debian 11", "libssl1.1", "libpcre3"
        ),
        (
            """
            PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
            NAME="Debian GNU/Linux"
            VERSION_ID="13"
            VERSION="13 (trixie)"
            DEBIAN_VERSION_FULL=13.3
            ID=debian
            """, "Debian 13", "libssl3", "libpcre2-8-0"
        ),
        (
            """
            NAME="Linux Mint"
            VERSION="21.3 (Virginia)"
            ID=linuxmint
            ID_LIKE="ubuntu debian"
            VERSION_ID="21.3"
            """, "linuxmint 21.3", "libssl3", "libpcre3"
        ),
    ]

    @Test("Ubuntu, Debian and their kin by what they say of themselves", arguments: releases.indices)
    func toldByRelease(index: Int) throws {
        let (text, name, openSSL, pcre) = Self.releases[index]
        func value(_ key: String) -> String {
            let line = text.split(separator: "\n").first { $0.hasPrefix(key + "=") }
            return line.map { String($0.dropFirst(key.count + 1)).replacing("\"", with: "") } ?? ""
        }
        let system = System(id: value("ID"), version: value("VERSION_ID"), like: value("ID_LIKE"))
        let platform = try #require(Platforms.all.platform(of: system))
        #expect(platform.name == name && type(of: platform).key == "debian" && platform.packageManager.name == "apt")
        #expect(platform.packages(["openssl-libs", "pcre"]) == [openSSL, pcre])
    }

    @Test(
        "PCRE by what a release still has",
        arguments: [
            ("debian", "12", "libpcre3-dev"), ("debian", "13", "libpcre2-dev"), ("ubuntu", "24.04", "libpcre3-dev"),
        ])
    func pcre(id: String, version: String, name: String) {
        #expect(Debian(System(id: id, version: version))?.packages(["pcre-devel"]) == [name])
    }

    @Test(arguments: [
        ("sles", "suse"), ("alpine", ""), ("", ""), ("xcentos", "xrhel"), ("nobara", "fedora"),
    ])
    func unknown(id: String, like: String) {
        #expect(Platforms.all.platform(of: System(id: id, version: "12", like: like)) == nil)
    }

    @Test("Preflight refuses it with what it found and what there is")
    func refused() throws {
        let facts = Samples.threeHosts {
            $0["haproxy2"]?.system.id = "sles"
            $0["haproxy2"]?.system.like = "suse"
            $0["haproxy2"]?.system.release = "SLES 15"
            $0["haproxy3"]?.system = System(architecture: "x86_64", initSystem: "systemd")
        }
        let failures = Preflight(cluster: try Samples.cluster(), facts: facts).failures()
        let remedy =
            "It knows Enterprise Linux 7 to 10 (CentOS, RHEL, Rocky, Alma, Oracle) or its kin (openEuler, Anolis, Kylin, "
            + "UnionTech); Debian, Ubuntu or their kin."
        #expect(
            failures == [
                Failure(
                    .preflight, host: "haproxy2", step: "platform",
                    summary: "haprov does not know this system: SLES 15 (ID=sles, ID_LIKE=suse)",
                    remedy: remedy),
                Failure(
                    .preflight, host: "haproxy3", step: "platform",
                    summary: "haprov does not know this system: it says nothing of itself (/etc/os-release)",
                    remedy: remedy),
            ])
    }

    @Test("The vault has CentOS's releases that say their minor part")
    func vault() {
        let el = EnterpriseLinux()
        #expect(EnterpriseLinux(System(id: "centos", version: "8"))?.vaultRelease(of: System(id: "centos")) == nil)
        #expect(el.vaultRelease(of: Samples.facts().system) == "7.7.1908")
        #expect(el.vaultRelease(of: System(id: "centos", version: "9", release: "CentOS Stream release 9")) == nil)
        #expect(el.vaultRelease(of: System(id: "rocky", release: "Rocky Linux release 8.9.1 (x)")) == nil)
    }

    @Test("Repositories that cannot be reached are named, and why a mirror list is gone")
    func repositories() {
        #expect(Yum().fault(of: []) == "no repository is enabled.")
        var base = RepositoryFact(id: "base", url: "http://mirrorlist.centos.org/?x", isReachable: true)
        #expect(Yum().fault(of: [base]) == nil)
        base.isReachable = false
        #expect(
            Yum().fault(of: [base, RepositoryFact(id: "own", url: "http://own/", isReachable: true)])
                == "these repositories cannot be reached: base (http://mirrorlist.centos.org/?x). "
                + "mirrorlist.centos.org has had no address since July 2024.")
    }

    @Test("A host is asked again only where what was asked does not hold what is wanted")
    func questions() throws {
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        func questions(_ paths: [String], packages: [String]) throws -> Questions {
            var questions = Questions()
            questions.add(
                try paths.map {
                    try Samples.resource("file", ["path": $0, "content": "x"], cluster: cluster, host: host)
                })
            questions.add(packages: packages)
            return questions
        }
        let asked = try questions(["/a", "/b"], packages: ["p", "q"])
        #expect(asked.cover(try questions(["/b", "/a"], packages: ["q"])))
        #expect(asked.cover(Questions()))
        #expect(try !asked.cover(questions(["/a", "/c"], packages: ["q"])))
        #expect(try !asked.cover(questions(["/a"], packages: ["r"])))
    }
}
