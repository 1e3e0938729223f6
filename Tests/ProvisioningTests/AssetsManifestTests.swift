import Foundation
import Inventory
import Testing

@testable import Provisioning

extension AssetManifest {
    /// The one that haprov comes with.
    static func committed(assets: String? = nil) throws -> AssetManifest {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Assets/manifest.yml")
        return try load(String(contentsOf: file, encoding: .utf8), file: file.path, assets: assets)
    }
}

@Suite("The manifest of tarballs")
struct AssetsManifestTests {
    private func manifest() throws -> AssetManifest { try AssetManifest.committed() }

    private func recipe(_ product: String, _ version: String, gcc: Int?) throws -> BuildRecipe {
        try #require(
            try manifest().recipe(
                product, version: version, tools: BuildTools(gcc: gcc), prefix: "/usr/local/\(product)"))
    }

    @Test func guidesHAProxyWithTheCompilerOfCentOS7() throws {
        let recipe = try recipe("haproxy", "1.8.25", gcc: 4)
        #expect(recipe.configure == nil)
        #expect(
            recipe.make(jobs: 2) == [
                "make", "-j2", "USE_PCRE=1", "USE_OPENSSL=1", "USE_ZLIB=1", "USE_SYSTEMD=1", "TARGET=linux2628",
            ])
        #expect(
            recipe.install(destination: "/stage") == [
                "make", "install", "USE_PCRE=1", "USE_OPENSSL=1", "USE_ZLIB=1", "USE_SYSTEMD=1", "TARGET=linux2628",
                "PREFIX=/usr/local/haproxy", "DESTDIR=/stage",
            ])
        #expect(recipe.environment == [:])
        #expect(recipe.folder == "haproxy-1.8.25")
        #expect(
            recipe.buildPackages == ["gcc", "make", "pcre-devel", "openssl-devel", "zlib-devel", "systemd-devel"])
        #expect(recipe.runPackages == ["openssl-libs", "pcre", "zlib", "systemd-libs"])
    }

    @Test(arguments: [(9, false), (10, true), (12, true)])
    func oldSourcesAndNewCompilers(_ gcc: Int, _ common: Bool) throws {
        let haproxy = try recipe("haproxy", "1.8.25", gcc: gcc)
        #expect(haproxy.makeArguments.contains("DEBUG_CFLAGS=-g -fcommon") == common)
        let keepalived = try recipe("keepalived", "1.4.5", gcc: gcc)
        #expect((keepalived.environment["CFLAGS"] == "-O2 -g -fcommon") == common)
        let newer = try recipe("haproxy", "2.6.12", gcc: gcc)
        #expect(
            newer.makeArguments == ["USE_PCRE=1", "USE_OPENSSL=1", "USE_ZLIB=1", "USE_SYSTEMD=1", "TARGET=linux-glibc"])
        #expect(try recipe("keepalived", "2.2.7", gcc: gcc).environment == [:])
    }

    @Test(arguments: [
        ("1.8", "linux2628"), ("1.9.16", "linux2628"), ("2.0.0", "linux-glibc"), ("3.2.1", "linux-glibc"),
    ])
    func targets(_ version: String, _ target: String) throws {
        let recipe = try recipe("haproxy", version, gcc: nil)
        #expect(recipe.makeArguments.filter { $0.hasPrefix("TARGET") } == ["TARGET=\(target)"])
    }

    /// `--disable-libipset` beside `--disable-iptables` stops the configure of 2.0.20 and later.
    @Test(arguments: [
        ("1.4.5", ["--disable-libiptc", "--disable-libipset"]),
        ("2.0.12", ["--disable-libiptc", "--disable-libipset"]),
        ("2.0.13", ["--disable-iptables", "--disable-nftables"]),
        ("2.2.7", ["--disable-iptables", "--disable-nftables"]),
    ])
    func keepalivedWithoutWhatIsNotNeeded(_ version: String, _ disabled: [String]) throws {
        let configure = try #require(try recipe("keepalived", version, gcc: 4).configure)
        #expect(
            configure.prefix(4) == [
                "./configure", "--prefix=/usr/local/keepalived", "--with-init=systemd",
                "--with-systemdsystemunitdir=/usr/local/keepalived/lib/systemd/system",
            ])
        #expect(configure.filter { $0.hasPrefix("--disable") } == disabled)
    }

    @Test func versionsAndProductsWithoutRules() throws {
        let manifest = try manifest()
        #expect(manifest.recipe("haproxy", version: "1.7.11", tools: BuildTools(gcc: 4), prefix: "/p") == nil)
        #expect(manifest.recipe("keepalived", version: "1.2.24", tools: BuildTools(gcc: 4), prefix: "/p") == nil)
        #expect(manifest.recipe("nginx", version: "1.20.1", tools: BuildTools(gcc: 4), prefix: "/p") == nil)
        #expect(manifest.recipe("haproxy", version: "newest", tools: BuildTools(gcc: 4), prefix: "/p") == nil)
    }

    @Test func addresses() throws {
        let manifest = try manifest()
        #expect(manifest.url("haproxy", "1.8.25") == "https://www.haproxy.org/download/1.8/src/haproxy-1.8.25.tar.gz")
        #expect(manifest.url("keepalived", "1.4.5") == "https://www.keepalived.org/software/keepalived-1.4.5.tar.gz")
    }

    /// The messages of the guide, as configure of 1.4.5 writes them, and a compiler's.
    @Test(arguments: [
        (
            "keepalived", "1.4.5",
            """
            configure: error:
              !!! OpenSSL is not properly installed on your system. !!!
              !!! Can not include OpenSSL headers files.            !!!
            """, ["openssl-devel"]
        ),
        ("keepalived", "1.4.5", "configure: error: libnfnetlink headers missing", ["libnfnetlink-devel"]),
        (
            "keepalived", "1.4.5",
            "*** WARNING - this build will not support IPVS with IPv6. Please install libnl/libnl-3 dev libraries",
            ["libnl3-devel"]
        ),
        (
            "haproxy", "1.8.25",
            "include/types/ssl_sock.h:25:25: fatal error: openssl/ssl.h: No such file or directory",
            ["openssl-devel"]
        ),
        ("haproxy", "2.6.12", "include/haproxy/regex-t.h:36:10: fatal error: pcre.h: No such file", ["pcre-devel"]),
        ("haproxy", "2.6.12", "all is well", []),
    ])
    func missingPackages(_ product: String, _ version: String, _ log: String, _ packages: [String]) throws {
        #expect(try recipe(product, version, gcc: 4).missingPackages(in: log).flatMap(\.packages) == packages)
    }

    /// Output of a real build of 2.6.12.
    @Test func checksOfHAProxy() throws {
        let check = try #require(try recipe("haproxy", "2.6.12", gcc: 12).checks.first)
        #expect(check.program == "sbin/haproxy")
        #expect(check.arguments == ["-vv"])
        let shown = """
            HAProxy version 2.6.12-f588462 2023/03/28 - https://haproxy.org/
              OPTIONS = USE_PCRE=1 USE_OPENSSL=1 USE_ZLIB=1 USE_SYSTEMD=1
            Built with OpenSSL version : OpenSSL 3.0.19 27 Jan 2026
            Built with PCRE version : 8.39 2016-06-14
            Total: 3 (3 usable), will use epoll.
            """
        #expect(check.missing(in: shown) == [])
        #expect(check.missing(in: shown.replacing("epoll", with: "poll")) == ["will use epoll"])
        #expect(check.missing(in: shown.replacing("2.6.12", with: "2.6.11")) == ["version 2.6.12"])
    }

    /// From 3.1 on `-Ws` needs no USE_SYSTEMD, and `-vv` does not speak of it.
    @Test(arguments: [("1.8.25", true), ("3.0.11", true), ("3.1.0", false), ("3.2.0", false), ("3.3.0", false)])
    func systemd(_ version: String, _ isAskedFor: Bool) throws {
        let recipe = try recipe("haproxy", version, gcc: 12)
        #expect(recipe.makeArguments.contains("USE_SYSTEMD=1") == isAskedFor)
        #expect(recipe.checks.flatMap(\.shows).contains("USE_SYSTEMD=1") == isAskedFor)
        #expect(recipe.buildPackages.contains("systemd-devel") == isAskedFor)
        // As 2.6.12 and 3.2.0 say it.
        let shown =
            "Built with \(["3.2.0", "3.3.0"].contains(version) ? "SSL library" : "OpenSSL") version : OpenSSL 3.0.22"
        #expect(recipe.checks.flatMap { $0.missing(in: shown) }.filter { $0.contains("SSL") } == [])
    }

    @Test("PCRE 2 where there is no older one", arguments: [(nil, false), (1, false), (2, true)] as [(Int?, Bool)])
    func pcre(_ pcre: Int?, _ isSecond: Bool) throws {
        let recipe = try #require(
            try manifest().recipe("haproxy", version: "2.6.12", tools: BuildTools(pcre: pcre), prefix: "/p"))
        let arguments = recipe.makeArguments.filter { $0.hasPrefix("USE_PCRE") }
        #expect(arguments == ["USE_PCRE=1"] + (isSecond ? ["USE_PCRE=", "USE_PCRE2=1"] : []))
        #expect(recipe.checks.flatMap(\.shows).contains("Built with PCRE2") == isSecond)
    }

    @Test(
        "OpenSSL 3 and what was written before it",
        arguments: [
            ("1.8.0", false), ("1.8.31", false), ("2.0.0", false), ("2.2.0", false), ("2.2.9", false),
            ("2.2.20", false),
            ("2.2.34", true), ("2.3.14", false), ("2.4.0", false), ("2.4.13", false), ("2.4.19", true),
            ("2.6.12", true),
            ("3.2.0", true),
        ])
    func openSSL3(_ version: String, _ compiles: Bool) throws {
        func reason(_ openSSL: Int?) throws -> String? {
            try manifest().recipe(
                "haproxy", version: version, tools: BuildTools(gcc: 12, openSSL: openSSL), prefix: "/p")?.unfit
        }
        #expect(try (reason(3) == nil) == compiles && (reason(4) == nil) == compiles)
        #expect(try reason(1) == nil && reason(nil) == nil)
        if !compiles { #expect(try reason(3)?.contains("2.6 is the first branch") == true) }
    }

    @Test("An option of make comes last, with the packages and the check of its rule; a build of its own")
    func options() throws {
        func recipe(_ options: [String]) throws -> BuildRecipe {
            try #require(try manifest().recipe("haproxy", version: "2.6.12", prefix: "/p", options: options))
        }
        let plain = try recipe([])
        #expect(!plain.buildPackages.contains("lua-devel") && plain.leastVersions == [:])
        let lua = try recipe(["USE_LUA=1", "EXTRA=a b"])
        #expect(lua.makeArguments == plain.makeArguments + ["USE_LUA=1", "EXTRA=a b"])
        #expect(lua.install(destination: "/stage").contains("EXTRA=a b"))
        #expect(lua.buildPackages == plain.buildPackages + ["lua-devel"])
        #expect(lua.runPackages == plain.runPackages + ["lua"])
        #expect(lua.leastVersions["lua-devel"] == Version("5.3"))
        #expect(lua.checks.last?.missing(in: "Built with PCRE") == ["Built with Lua version"])
        #expect(lua.identity != plain.identity)
        #expect(lua.hasOption("USE_LUA") && !plain.hasOption("USE_LUA") && plain.hasOption("USE_PCRE"))
        let flags = try manifest().flags("haproxy", version: "2.6.12", prefix: "/p")
        #expect(
            try Set(manifest().flags("haproxy", version: "2.6.12", prefix: "/p", options: ["USE_LUA=1"]))
                .isDisjoint(with: flags))
        for off in ["USE_LUA=", "USE_LUA=0", "USE_LUAJIT=1"] {
            #expect(try recipe([off]).buildPackages == plain.buildPackages)
        }
        let wrong = AssetManifestReader.read(
            "haproxy: { build: [{ option: USE_LUA, at_least: { lua-devel: new } }] }", file: "own.yml", isAddition: true
        )
        #expect(
            wrong.diagnostics.map(\.message)
                == ["`haproxy.build[0].at_least.lua-devel` is `new`; expected a version"])
    }

    @Test("A user's check takes the place of haprov's, and a user's word that of `unfit`")
    func replacedChecks() throws {
        let text = """
            haproxy:
              build:
                - { from: "3.0", checks: [{ program: sbin/haproxy, arguments: [-vv], shows: ["{version}"] }] }
                - { from: "3.0", checks: [{ program: sbin/haproxy, arguments: [-vv], shows: [OpenSSL] }] }
                - { below: "2.0", unfit: "" }
            """
        let reading = AssetManifestReader.read(text, file: "own.yml", isAddition: true)
        let sum = try manifest().adding(try #require(reading.manifest, "\(reading.diagnostics)"))
        let new = sum.recipe("haproxy", version: "3.2.0", tools: BuildTools(gcc: 12, openSSL: 3), prefix: "/p")
        #expect(new?.checks.map(\.shows) == [["3.2.0"], ["OpenSSL"]])
        let old = try #require(
            sum.recipe("haproxy", version: "1.8.25", tools: BuildTools(gcc: 12, openSSL: 3), prefix: "/p"))
        #expect(old.unfit == nil && old.checks.count == 3, "those of other versions stay")
        #expect(
            sum.recipe("haproxy", version: "2.0.0", tools: BuildTools(gcc: 12, openSSL: 3), prefix: "/p")?.unfit != nil)
    }

    @Test func identityTellsBuildsApart() throws {
        let one = try recipe("haproxy", "1.8.25", gcc: 4)
        #expect(try recipe("haproxy", "1.8.25", gcc: 8).identity == one.identity)
        #expect(try recipe("haproxy", "1.8.25", gcc: 12).identity != one.identity)
        #expect(try recipe("haproxy", "1.8.26", gcc: 4).identity != one.identity)
        let elsewhere = try manifest().recipe(
            "haproxy", version: "1.8.25", tools: BuildTools(gcc: 4), prefix: "/opt/haproxy")
        #expect(elsewhere?.identity != one.identity)
    }

    @Test func anOperatorsAdditions() throws {
        let text = """
            haproxy:
              sha256: { 2.6.13: \(String(repeating: "a", count: 64)) }
              build:
                - { from: "2.4", make: [USE_LUA=1], build_packages: [lua-devel, gcc] }
                - { make: [USE_PCRE=], below: "1.9" }
            """
        let reading = AssetManifestReader.read(text, file: "own.yml", isAddition: true)
        #expect(reading.diagnostics == [])
        let sum = try manifest().adding(try #require(reading.manifest))
        #expect(sum.checksum("haproxy", "2.6.13") == String(repeating: "a", count: 64))
        #expect(sum.checksum("haproxy", "1.8.25") != nil)
        let recipe = try #require(sum.recipe("haproxy", version: "2.6.13", prefix: "/p"))
        #expect(recipe.makeArguments.suffix(2) == ["TARGET=linux-glibc", "USE_LUA=1"])
        #expect(recipe.buildPackages.suffix(2) == ["systemd-devel", "lua-devel"])
        #expect(sum.recipe("haproxy", version: "1.8.25", prefix: "/p")?.makeArguments.last == "USE_PCRE=")
    }

    @Test(
        "A rule for certain tools is part of what a build follows from",
        arguments: [
            "pcre_from: 2", "pcre_below: 3", "openssl_from: 3", "openssl_below: 2", "gcc_from: 6, gcc_below: 9",
        ])
    func flags(condition: String) throws {
        func flags(_ rule: String) throws -> [String] {
            let addition = AssetManifestReader.read("haproxy: { build: [\(rule)] }", file: "m.yml", isAddition: true)
            #expect(addition.diagnostics == [])
            let sum = try manifest().adding(try #require(addition.manifest))
            return sum.flags("haproxy", version: "2.8.1", prefix: "/p")
        }
        let without = try flags("{ below: '1.0', make: [X=1] }")
        let one = try flags("{ \(condition), make: [X=1] }")
        let two = try flags("{ \(condition), make: [X=2] }")
        #expect(Set([without, one, two]).count == 3)
        #expect(without.contains { $0.contains("USE_PCRE2=1") })
    }

    @Test("What no rule for certain tools is for keeps the builds that it has") func oldFlags() throws {
        let manifest = try manifest()
        let flags = manifest.flags("keepalived", version: "2.2.7", prefix: "/p")
        #expect(
            flags
                == [nil, 4, 99].map {
                    manifest.recipe("keepalived", version: "2.2.7", tools: BuildTools(gcc: $0), prefix: "/p")?.identity
                        ?? ""
                })
    }

    @Test func faultsOfAManifest() {
        let text = """
            haproxy:
              ulr: https://example.org
              names: [haproxy, "../haproxy-{version}"]
              folder: haproxy-{vresion}
              sha256: { latest: abc }
              build:
                - { form: "1.8", make: "TARGET={target}", gcc_from: ten }
                - { below: two, checks: [{ program: /bin/sh }], errors: [{ message: x }] }
            nginx:
            """
        let found = AssetManifestReader.read(text, file: "m.yml").diagnostics.map(\.description)
        #expect(
            found == [
                """
                m.yml:2:3: error: unknown key `ulr` in `haproxy`
                    Did you mean `url`?
                """,
                """
                m.yml:3:11: error: the name `haproxy` has to hold `{version}` and no `/`
                    Write `haproxy-{version}`, without an ending such as .tar.gz.
                """,
                """
                m.yml:3:20: error: the name `../haproxy-{version}` has to hold `{version}` and no `/`
                    Write `haproxy-{version}`, without an ending such as .tar.gz.
                """,
                """
                m.yml:4:11: error: `{vresion}` stands for nothing
                    Known are {version}, {branch} and {prefix}.
                """,
                """
                m.yml:5:13: error: `latest` is no version number
                    Write the version as in the tarball's name.
                """,
                """
                m.yml:5:21: error: the checksum of latest is not 64 hexadecimal digits in lower case
                    Copy it from `sha256sum`.
                """,
                """
                m.yml:7:9: error: unknown key `form` in `haproxy.build[0]`
                    Did you mean `from`?
                """,
                """
                m.yml:7:28: error: `{target}` stands for nothing
                    Known are {version}, {branch} and {prefix}.
                """,
                """
                m.yml:7:57: error: `haproxy.build[0].gcc_from` has to be a whole number from 1 to 999; found `ten`
                    Write gcc's major version, such as `gcc_from: 10`.
                """,
                """
                m.yml:8:16: error: `haproxy.build[1].below` is `two`; expected a version
                    Write `below: "2.0"`.
                """,
                """
                m.yml:8:41: error: `/bin/sh` is no path below the prefix
                    Write it without a leading `/`: `sbin/haproxy`.
                """,
                """
                m.yml:8:62: error: `haproxy.build[1].errors[0]` lacks `packages`
                    Name the packages that mend it.
                """,
                """
                m.yml:9:1: error: `nginx` is empty
                    Remove it, or fill it in.
                """,
            ])
    }
}
