import Errors
import HostShell
import Inventory
import PlanningSamples
import Processes
import Testing
import Texts

@testable import Planning

/// Another system, all of it in this file: what a plan for it says comes from here.
private struct MadeUp: Platform {
    static let key = "madeup"
    static let meaning = Explanation("made up for tests", "测试用")
    let major: String

    init() { major = "" }

    init?(_ system: System) {
        guard system.id == "madeup" else { return nil }
        major = system.version
    }

    var name: String { major.isEmpty ? "Made-up Linux" : "Made-up Linux \(major)" }
    var packageManager: any PackageManager { Parcel() }
    var environmentFolder: String { "/etc/default" }
    var openSSLHeaders: String { "libssl-dev" }
    var packageNames: [String: String] { ["openssl-devel": "libssl-dev", "pcre": "libpcre3"] }
    var packageAdvice: PackageAdvice { PackageAdvice(sameRelease: "Send others", everyWay: "Send some.") }
    func vaultRelease(of system: System) -> String? { nil }
}

/// It answers in one line: `NAME_VERSION NAME_VERSION`.
private struct Parcel: PackageManager {
    var name: String { "parcel" }
    var script: [UInt8] {
        Array(
            """
            parcel_owns() { [ "$1" = /a ]; }
            parcel_packages() { hp_say package "$1" parcel_1; }
            parcel_owners() { :; }
            parcel_repositories() { :; }

            """.utf8)
    }
    var tools: [String] { ["parcel"] }
    var installs: String { "parcel_install" }
    func takes(_ source: PackageSource) -> Bool { source == .host }
    func question(_ names: [String]) -> [String] { ["parcel_resolve"] + names }

    func transaction(source: String, answer: String) -> PackageTransaction {
        var transaction = PackageTransaction(source: source)
        transaction.installs = answer.split(separator: " ").map(String.init)
        return transaction
    }

    func fault(of repositories: [RepositoryFact]) -> String? { nil }

    func version(of package: String) -> String? { package.split(separator: "_").dropFirst().first.map(String.init) }

    func isPackage(_ package: String, named name: String) -> Bool { package.hasPrefix(name + "_") }
}

@Suite("A platform that is one file more")
struct MadeUpPlatformTests {
    private static let platforms = Platforms([EnterpriseLinux.self, MadeUp.self])

    @Test("A host is asked by whichever package manager it has", arguments: ["dash", "bash"])
    func asking(shell: String) async throws {
        let library = ShellLibrary([ShellLibrary.base, Self.platforms.script])
        let script = library.script(
            "hp_have() { false; }\nprobe_packages gcc\npackage_owns /a && hp_say owner /a yes\n"
                + "package_owns /b || hp_say owner /b no")
        let said = try await Command([shell, "-c", script]).output(step: "asking")
        let answers = FactsReader.read(said)
        #expect(answers.packages == ["gcc": "parcel_1"])
        #expect(answers.owners == ["/a": "yes", "/b": "no"])
    }

    /// haproxy3 is made up; the others are what they are everywhere.
    private func planner(answer: String) throws -> Planner {
        let facts = Samples.threeHosts {
            $0["haproxy3"]?.system.id = "madeup"
            $0["haproxy3"]?.system.version = "3"
            $0["haproxy3"]?.tools = ["parcel": true]
        }
        let cluster = try Samples.cluster()
        let folder = try Samples.playbooks()
        let resources = try folder.resources(of: cluster, passwords: [:], packages: ["haproxy": ["pcre", "zlib"]]) {
            Self.platforms.working(facts[$0.name]?.system)
        }
        let products = ["haproxy", "keepalived"].map {
            Product(
                name: $0, version: "1", prefix: "/usr/local/\($0)", tarball: "\($0).tar.gz",
                buildPackages: ["gcc", "openssl-devel"], basis: $0,
                unfit: $0 == "haproxy" ? [3: "does not compile against OpenSSL 3"] : [:])
        }
        let transactions = [
            "haproxy1": Yum().transaction(source: "host", answer: "Installing:\n x x86_64 1-1.el7 base 1 k\n"),
            "haproxy2": Yum().transaction(source: "host", answer: "Installing:\n x x86_64 1-1.el7 base 1 k\n"),
            "haproxy3": Parcel().transaction(source: "host", answer: answer),
        ]
        var planner = Planner(
            cluster: cluster, resources: resources, facts: facts, products: products, transactions: transactions,
            secrets: [])
        planner.platforms = Self.platforms
        return planner
    }

    @Test("Package manager, names of packages and paths of a plan are the platform's, host by host")
    func plan() throws {
        let planner = try planner(answer: "libssl-dev_1.1 gcc_12")
        #expect(
            planner.missingPackages()["haproxy3"] == ["psmisc", "libpcre3", "zlib", "gcc", "libssl-dev"])
        let plan = try planner.plan()
        func texts(_ host: String) -> [String] {
            plan.hosts.first { $0.host == host }?.steps.map(\.summary) ?? []
        }
        let other = texts("haproxy3")
        #expect(other.contains("install gcc, libssl-dev by parcel"))
        #expect(other.contains("install psmisc, libpcre3, zlib by parcel"))
        #expect(other.contains("create /etc/default/keepalived (0644 root:root)"))
        #expect(!other.contains { $0.contains("yum") || $0.contains("sysconfig") || $0.contains("-devel") })
        let usual = texts("haproxy1")
        #expect(usual.contains("install psmisc, pcre, zlib by yum"))
        #expect(usual.contains("create /etc/sysconfig/keepalived (0644 root:root)"))
        #expect(!usual.contains { $0.contains("parcel") || $0.contains("/etc/default") })
        let functions = plan.hosts.flatMap(\.steps).compactMap { $0.change as? InstallPackages }.map(\.function)
        #expect(Set(functions) == ["package_install", "parcel_install"])
    }

    @Test("Its headers of OpenSSL and its words decide")
    func refusals() throws {
        let unfit = try #require(throws: Failure.self) { try planner(answer: "libssl-dev_3.0 gcc_12").plan() }
        #expect(unfit.host == "haproxy3" && unfit.summary.contains("has or gets libssl-dev_3.0"))
        let nothing = try #require(throws: Failure.self) { try planner(answer: "").plan() }
        #expect(nothing.summary.hasPrefix("parcel finds no way to install gcc, libssl-dev"))
        #expect(nothing.remedy == "Send some.")
    }

    @Test("Preflight takes it where it is known, and names it among those that it knows")
    func preflight() throws {
        let facts = try planner(answer: "").facts
        let cluster = try Samples.cluster()
        #expect(Preflight(cluster: cluster, facts: facts, platforms: Self.platforms).failures() == [])
        #expect(Preflight(cluster: cluster, facts: facts).failures().map(\.step) == ["platform"])
        #expect(Self.platforms.list.hasSuffix("; made up for tests"))
        #expect(Self.platforms.platform(of: facts["haproxy3"]?.system ?? System())?.name == "Made-up Linux 3")
    }

    @Test("A playbook asks what a host is")
    func when() throws {
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        let text = "{{#platform.el}}EL, {{/platform.el}}{{platform.name}}, {{platform.major}}"
        func rendered(_ platform: any Platform) -> String {
            TemplateContext(cluster: cluster, host: host, passwords: [:], packages: [:], platform: platform)
                .render(text)
        }
        #expect(try rendered(#require(MadeUp(System(id: "madeup", version: "3")))) == "Made-up Linux 3, 3")
        #expect(
            rendered(try #require(EnterpriseLinux(System(id: "rocky", version: "9.4"))))
                == "EL, Enterprise Linux 9, 9")
    }
}
