import Foundation
import HostShell
import PlanningSamples
import Processes
import Testing

@testable import Planning

/// What a system says of itself in /etc, and what haprov makes of it.
struct KnownSystem: Sendable, CustomTestStringConvertible {
    /// Its file in Fixtures/systems: os-release(5), then other files, each after a line with its name.
    var file: String
    /// Its package manager's programs.
    var programs = "yum dnf rpm"
    /// What it is called; nil where it is refused.
    var name: String?
    var manager = "dnf"
    var fullVersion: String
    /// What is needed where HAProxy and keepalived are compiled.
    var packages = "pcre-devel libnl3-devel libnfnetlink-devel"
    /// A part of what is advised where a package is not found.
    var advice = "repair the host's own repositories (`packages: host`); "

    var testDescription: String { "\(file), \(programs)" }

    static let all = [
        KnownSystem(
            file: "centos7", programs: "yum rpm", name: "Enterprise Linux 7", manager: "yum", fullVersion: "7.9.2009",
            advice: "or `packages: vault`"),
        KnownSystem(file: "centos7", name: "Enterprise Linux 7", manager: "yum", fullVersion: "7.9.2009"),
        KnownSystem(
            file: "rhel8", name: "Enterprise Linux 8", fullVersion: "8.10",
            advice: "--enable codeready-builder-for-rhel-8-x86_64-rpms`"),
        KnownSystem(
            file: "centos8", name: "Enterprise Linux 8", fullVersion: "8.5.2111", advice: "--set-enabled powertools`"),
        KnownSystem(
            file: "rocky9", name: "Enterprise Linux 9", fullVersion: "9.4", packages: "pcre-devel libnl3-devel",
            advice: "--set-enabled crb`"),
        KnownSystem(
            file: "rocky9", programs: "dnf rpm", name: "Enterprise Linux 9", fullVersion: "9.4",
            packages: "pcre-devel libnl3-devel", advice: "--set-enabled crb`"),
        KnownSystem(
            file: "oracle9", name: "Enterprise Linux 9", fullVersion: "9.4", packages: "pcre-devel libnl3-devel",
            advice: "--set-enabled ol9_codeready_builder`"),
        KnownSystem(
            file: "stream10", name: "Enterprise Linux 10", fullVersion: "10", packages: "pcre2-devel libnl3-devel",
            advice: "--set-enabled crb`"),
        KnownSystem(
            file: "alma10", name: "Enterprise Linux 10", fullVersion: "10.0", packages: "pcre2-devel libnl3-devel",
            advice: "--set-enabled crb`"),
        KnownSystem(file: "openeuler20", name: "openEuler 20.03", fullVersion: "20.03"),
        KnownSystem(file: "openeuler24", name: "openEuler 24.03", fullVersion: "24.03"),
        KnownSystem(
            file: "anolis8", name: "Enterprise Linux 8", fullVersion: "8.6", advice: "--set-enabled PowerTools`"),
        KnownSystem(file: "kylin10", name: "kylin V10", fullVersion: "V10"),
        KnownSystem(file: "uos20", name: "uos 20", fullVersion: "20"),
        // The edition with Debian's packages does not say that it is Debian's kin.
        KnownSystem(file: "uos20", programs: "apt-get dpkg", fullVersion: "20"),
        KnownSystem(file: "amazon2", programs: "yum rpm", name: "amzn 2", manager: "yum", fullVersion: "2"),
        KnownSystem(
            file: "basalt10", name: "Enterprise Linux 10", fullVersion: "10", packages: "pcre2-devel libnl3-devel",
            advice: "--set-enabled crb`"),
        KnownSystem(
            file: "debian12", programs: "apt-get dpkg", name: "Debian 12", manager: "apt", fullVersion: "12",
            packages: "libpcre3-dev libnl-3-dev libnl-genl-3-dev libnl-route-3-dev libnfnetlink-dev",
            advice: "/etc/apt/sources.list"),
        KnownSystem(file: "sles15", programs: "rpm", fullVersion: "15"),
    ]
}

@Suite("What systems say that they are, in their own words")
struct SystemTests {
    /// Asks a shell as a host's, with a system's files in the place of this machine's.
    private func facts(_ system: KnownSystem, shell: String) async throws -> Facts {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("system-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var name = "os-release"
        var files: [String: [Substring]] = [:]
        for line in try Samples.fixture("systems/\(system.file).txt").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            if line.hasPrefix("--- ") {
                name = String(line.dropFirst(4))
            } else {
                files[name, default: []].append(line)
            }
        }
        for (name, lines) in files {
            try Data(lines.joined(separator: "\n").utf8).write(to: folder.appendingPathComponent(name))
        }
        let library = ShellLibrary([ShellLibrary.base] + HostLooks.scripts)
        let script = library.script(
            "hp_have() { case ' \(system.programs) ' in *\" $1 \"*) return 0 ;; esac; return 1; }\n"
                + "probe_etc=\(folder.path)\nprobe_host \(Platforms.all.tools.joined(separator: " "))")
        return FactsReader.read(try await Command([shell, "-c", script]).output(step: "asking"))
    }

    @Test("Each is known for what it is", arguments: KnownSystem.all, ["dash", "bash"])
    func known(system: KnownSystem, shell: String) async throws {
        let facts = try await facts(system, shell: shell)
        #expect(facts.system.fullVersion == system.fullVersion)
        let platform = Platforms.all.platform(of: facts.system)
        #expect(platform?.name == system.name)
        guard let platform else { return }
        #expect(platform.packageManager.name == system.manager)
        #expect(platform.packageManager.missing(from: facts.tools) == [])
        let packages = platform.packages(["pcre-devel", "libnl3-devel", "libnfnetlink-devel"])
        #expect(packages.joined(separator: " ") == system.packages)
        #expect(platform.packageAdvice.everyWay.contains(system.advice), "\(platform.packageAdvice.everyWay)")
        let hasVault = platform.vaultRelease(of: facts.system) != nil
        #expect(hasVault == (system.file == "centos7"))
        #expect(hasVault == platform.packageAdvice.everyWay.contains("vault"))
    }

    @Test("One that says nothing at all is asked all the same", arguments: ["dash", "bash"])
    func silent(shell: String) async throws {
        let library = ShellLibrary([ShellLibrary.base] + HostLooks.scripts)
        let script = library.script("hp_have() { false; }\nprobe_etc=/nowhere\nprobe_host yum")
        let facts = FactsReader.read(try await Command([shell, "-c", script]).output(step: "asking"))
        #expect(facts.system.title == "it says nothing of itself (/etc/os-release)")
        #expect(!facts.system.architecture.isEmpty && facts.tools["yum"] == false)
    }

    @Test("Preflight tells of kin that it takes, and of the edition that it does not")
    func words() async throws {
        func system(_ file: String, _ programs: String) async throws -> System {
            try await facts(KnownSystem(file: file, programs: programs, fullVersion: ""), shell: "dash").system
        }
        let kin = try await system("basalt10", "dnf rpm")
        let debianEdition = try await system("uos20", "apt-get dpkg")
        let hosts = Samples.threeHosts {
            $0["haproxy1"]?.system = kin
            $0["haproxy2"]?.system = debianEdition
        }
        let preflight = Preflight(cluster: try Samples.cluster(), facts: hosts)
        #expect(
            preflight.remarks().map(\.description) == [
                "haproxy1: BasaltOS 10 (ID=basalt, ID_LIKE=rhel centos fedora, packages by=dnf rpm): no system that haprov "
                    + "knows by name; it is treated as its kin, Enterprise Linux 10"
            ])
        let refusal = try #require(preflight.failures().first { $0.step == "platform" })
        #expect(
            refusal.summary
                == "haprov does not know this system: UnionTech OS Server 20 (ID=uos, packages by=apt-get dpkg)")
    }

    @Test("Where neither yum nor dnf is there, that is said")
    func missing() {
        #expect(Yum().missing(from: ["yum": true, "rpm": true]) == [])
        #expect(Yum().missing(from: ["dnf": true, "rpm": false]) == ["rpm"])
        #expect(Yum().missing(from: ["apt-get": true]) == ["yum or dnf", "rpm"])
        #expect(Apt().missing(from: ["dpkg": true]) == ["apt-get"])
    }
}
