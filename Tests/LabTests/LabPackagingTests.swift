import Testing

@testable import Lab

@Suite struct LabPackagingTests {
    private static let names = PackageNames(
        text: """
            # comment
            - : apt dpkg
            gcc: gcc-12 gcc
            glibc-devel: libc6-dev
            openssl-libs: libssl3
            openssl-devel: libssl-dev
            +own yum 4.14.0-1.lab /usr/bin/yum
            +leave /proc
            +provide yum yum-utils = 1
            +split libc6-dev /usr/include glibc-headers
            +require gcc glibc-devel
            +script gcc pre getent group x >/dev/null || :
            """)

    @Test func stanzasOfInstalledPackagesAreRead() throws {
        let packages = DebianPackage.parse(
            status: """
                Package: a
                Status: install ok installed
                Version: 1:2.0-3
                Depends: b (= 1.0) | c, d:any (>= 2)
                Pre-Depends: e
                Description: text
                 more: text

                Package: gone
                Status: deinstall ok config-files
                Version: 1

                """)
        try #require(packages.map(\.name) == ["a"])
        #expect(packages[0].version == "1:2.0-3")
        try #require(packages[0].dependencies.map { $0.map(\.name) } == [["e"], ["b", "c"], ["d"]])
        #expect(packages[0].dependencies[1][0].exactVersion == "1.0")
        #expect(packages[0].dependencies[2][0].exactVersion == nil)
    }

    @Test(arguments: [
        ("1:2.40-2", "2.40", "2.lab"), ("3.0.22-1~deb12u2", "3.0.22", "1~deb12u2.lab"), ("12", "12", "1.lab"),
        ("1.2-3-4", "1.2.3", "4.lab"),
    ])
    func versionsAreTranslated(_ debian: String, _ version: String, _ release: String) {
        let translated = RPMPackage.version(debian: debian)
        #expect(translated.version == version)
        #expect(translated.release == release)
    }

    private func package(_ name: String, _ version: String = "1-1", _ depends: String = "") -> DebianPackage {
        DebianPackage(name: name, version: version, dependencies: DebianPackage.parse(relations: depends))
    }

    @Test func packagesAreGroupedUnderTheNamesOfCentOS() throws {
        let packages = [
            package("gcc", "4:12-3", "gcc-12 (= 12.2-1), apt"), package("gcc-12", "12.2-1", "zlib1g, nobody | gcc"),
            package("libc6-dev", "2.36-9"), package("libssl-dev", "3-1", "libssl3 (= 3-1)"),
        ]
        let known = packages + [package("zlib1g"), package("libssl3", "3-1"), package("apt")]
        let grouping = PackageGrouping(names: Self.names, packages: known)
        let files = [
            "gcc": [RPMPackage.File(path: "/usr/bin/gcc", isDirectory: false)],
            "gcc-12": [
                RPMPackage.File(path: "/usr/bin/gcc-12", isDirectory: false),
                RPMPackage.File(path: "/proc", isDirectory: true),
                RPMPackage.File(path: "/usr/bin/yum", isDirectory: false),
            ],
            "libc6-dev": [
                RPMPackage.File(path: "/usr/include/stdio.h", isDirectory: false),
                RPMPackage.File(path: "/usr/lib/crt1.o", isDirectory: false),
            ],
        ]
        let rpms = grouping.rpms(of: packages, files: files)
        try #require(rpms.map(\.name) == ["gcc", "glibc-devel", "glibc-headers", "openssl-devel"])
        let gcc = try #require(rpms.first)
        // The first Debian package of the list gives the version; what was dropped is required by nobody.
        #expect(gcc.version == "12.2")
        #expect(gcc.requires == ["glibc-devel", "zlib1g"])
        #expect(gcc.files.map(\.path) == ["/usr/bin/gcc", "/usr/bin/gcc-12"])
        #expect(gcc.scripts == [RPMPackage.Script(moment: "pre", text: "getent group x >/dev/null || :")])
        #expect(rpms[1].files.map(\.path) == ["/usr/lib/crt1.o"])
        #expect(rpms[2].files.map(\.path) == ["/usr/include/stdio.h"])
        #expect(rpms[3].requires == ["openssl-libs = 3-1.lab"])
        #expect(grouping.ownRPMs().map(\.release) == ["1.lab"])
    }

    @Test func whatTheBaseHasIsPackedByNobodyElse() {
        let packages = ImagePackages(
            names: Self.names, baseStatus: "Package: bash\nStatus: install ok installed\nVersion: 5-1\n",
            baseLists: "= bash\n/.\n/bin\n/bin/bash\n/usr/share/doc/bash\n",
            baseTree: "d /\nd /usr/bin\nf /usr/bin/bash\n",
            payloadStatus: "Package: libssl-dev\nVersion: 3-1\n",
            payloadTree: "d libssl-dev/usr\nd libssl-dev/usr/bin\nf libssl-dev/usr/bin/bash\nd libssl-dev/usr/include\n"
        )
        #expect(packages.base.first?.files == [RPMPackage.File(path: "/usr/bin/bash", isDirectory: false)])
        #expect(packages.repository.first?.name == "openssl-devel")
        #expect(
            packages.repository.first?.files == [
                RPMPackage.File(path: "/usr", isDirectory: true),
                RPMPackage.File(path: "/usr/include", isDirectory: true),
            ])
    }

    @Test func aSpecNamesEveryFileLiterally() {
        let package = RPMPackage(
            name: "odd", version: "1", release: "2", requires: ["b = 1"], provides: ["c"],
            files: [
                RPMPackage.File(path: "/usr/bin/[", isDirectory: false),
                RPMPackage.File(path: "/usr/a%b \\x2d", isDirectory: true),
                RPMPackage.File(path: "/etc/odd", isDirectory: false),
            ], scripts: [RPMPackage.Script(moment: "pre", text: "true")])
        let text = SpecFile.text(name: "s", packages: [package], owners: .root)
        #expect(
            text.hasSuffix(
                """

                %package -n odd
                Version: 1
                Release: 2
                Summary: odd
                AutoReqProv: no
                Requires: b = 1
                Provides: c
                %description -n odd
                odd, as the lab packs it.

                %install
                :

                %clean
                :

                %pre -n odd
                true

                %files -n odd
                %defattr(-,root,root,-)
                "/usr/bin/[[]"
                %dir "/usr/a%%b ?x2d"
                %config(noreplace) "/etc/odd"

                """))
        // What hosts have from the start is not packed to be installed.
        #expect(!SpecFile.text(name: "s", packages: [package], owners: .kept).contains("%config"))
    }

    /// Vectors from the authors of the hash.
    @Test(arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
    func theDigestIsFNV(_ text: String, _ expected: String) {
        #expect(Digest.fnv1a(text) == expected)
    }

    @Test func theRecipeNamesWhatTheBuildsNeed() throws {
        let names = ImageRecipe(system: .centos7).names
        #expect(names.rpm(for: "libssl-dev") == "openssl-devel")
        #expect(names.rpm(for: "psmisc") == "psmisc")
        #expect(names.rpm(for: "apt") == nil)
        #expect(names.rpm(for: "libc6-dev", file: "/usr/include/stdio.h") == "glibc-headers")
        #expect(names.rpm(for: "pkg-config") == "pkgconfig")
        let el9 = ImageRecipe(system: .el9).names
        #expect(el9.rpm(for: "pkg-config") == "pkgconf-pkg-config" && el9.rpm(for: "libssl-dev") == "openssl-devel")
        #expect(el9.scripts["haproxy"]?.map(\.moment) == ["pre", "preun", "postun", "post"])
        #expect(el9.own.map(\.name) == ["rocky-release", "network-scripts"])
    }

    @Test func everySystemHasAnImageOfItsOwn() throws {
        let digests = try LabFlavour.allCases.map { try ImageRecipe(system: $0.system).digest() }
        #expect(digests.allSatisfy { $0.count == 16 })
        // Standard and dead-repositories share theirs.
        #expect(Set(digests).count == LabFlavour.allCases.count - 1)
    }
}
