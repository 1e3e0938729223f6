import Errors
import Foundation
import Processes
import Testing

@testable import Planning
@testable import Provisioning

/// Real RPMs in a folder, whose index is compared with that of createrepo_c and read by dnf.
@Suite("A folder of RPMs", .enabled(if: Command.find(["rpmbuild"]) != nil, "rpmbuild is missing")) struct RPMFolderTests
{
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private var rpms: String { scratch.path + "/rpms" }

    private func shell(_ text: String) async throws -> String {
        let output = try await Command(["sh", "-ec", "cd '\(scratch.path)'\n\(text)"]).output(step: "test")
        return String(decoding: output, as: UTF8.self)
    }

    private func pack() async throws {
        try scratch.write(
            """
            Name: alpha
            Epoch: 2
            Version: 1.2
            Release: 3.el7
            Summary: A <test> & more
            License: MIT
            Group: System/Base
            URL: https://example.org/?a=1&b=2
            Vendor: Some One
            Packager: Me <me@example.org>
            Requires: beta >= 1:2.0-4, /bin/sh, /usr/bin/env, /usr/bin/alpha, (beta if gamma)
            Requires(pre): gamma
            Provides: own = 7, delta(x86-64)
            Obsoletes: old < 3
            Conflicts: never = 1
            Recommends: nice
            Suggests: nicer > 2
            Supplements: other <= 3
            %description
            Text with é and <tags>.
            Second line.
            %install
            mkdir -p %{buildroot}/usr/bin %{buildroot}/etc/alpha.d %{buildroot}/usr/share/alpha %{buildroot}/var/log
            echo '#!/bin/sh' >%{buildroot}/usr/bin/alpha
            echo x >%{buildroot}/etc/alpha.d/a.conf
            echo y >%{buildroot}/usr/share/alpha/"data file"
            touch %{buildroot}/var/log/alpha.log
            mkdir -p %{buildroot}/var/lib/alpha %{buildroot}/etc/alpha.cache
            %post
            true
            %files
            /usr/bin/alpha
            /etc/alpha.d
            "/usr/share/alpha/data file"
            %dir /usr/share/alpha
            %ghost /var/log/alpha.log
            %ghost %dir /var/lib/alpha
            %ghost %dir /etc/alpha.cache
            """, to: "alpha.spec")
        for (name, version) in [("beta", "2.0"), ("gamma", "1")] {
            try scratch.write(
                """
                Name: \(name)
                Epoch: 1
                Version: \(version)
                Release: 4
                Summary: nothing
                License: none
                Provides: /bin/sh, /usr/bin/env
                %description
                %files
                """, to: "\(name).spec")
        }
        // As long names as there are packages with; payloads as they were, and as they are.
        _ = try await shell(
            """
            for p in alpha:w9.gzdio beta:w9.xzdio gamma:w3.zstdio; do
                rpmbuild -bb --quiet --target x86_64 --define "_topdir $PWD" --define "_rpmdir $PWD/rpms" \
                    --define "_binary_payload ${p#*:}" --define '_build_name_fmt %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm' \
                    "${p%:*}.spec" 2>&1
            done
            """)
    }

    @Test("Its index is the one that createrepo_c makes") func index() async throws {
        try await pack()
        let folder = try RPMFolder(path: rpms, cache: scratch.path + "/cache")
        #expect(
            try await shell("ls rpms") == "alpha-1.2-3.el7.x86_64.rpm\nbeta-2.0-4.x86_64.rpm\ngamma-1-4.x86_64.rpm\n")
        try Data(try folder.indexArchive()).write(to: URL(fileURLWithPath: scratch.path + "/index.tar"))
        _ = try await shell(
            """
            mkdir ours theirs; cp -p rpms/* ours; cp -p rpms/* theirs; tar -xf index.tar -C ours
            createrepo_c --quiet --no-database --simple-md-filenames theirs
            """)
        for name in ["primary", "filelists"] {
            func lines(_ folder: String) async throws -> Set<Substring> {
                Set(try await shell("zcat \(folder)/repodata/\(name).xml.gz").split(separator: "\n"))
            }
            let (ours, theirs) = (try await lines("ours"), try await lines("theirs"))
            #expect(ours.subtracting(theirs) == [])
            #expect(theirs.subtracting(ours) == [])
        }
        // The second time it is at hand.
        #expect(try RPMFolder(path: rpms, cache: scratch.path + "/cache").index == folder.index)
    }

    @Test("dnf installs from what is sent", .enabled(if: Command.find(["dnf"]) != nil, "dnf is missing"))
    func resolution() async throws {
        try await pack()
        let folder = try RPMFolder(path: rpms, cache: scratch.path + "/cache")
        var transaction = PackageTransaction(source: "")
        transaction.installs = ["alpha-2:1.2-3.el7.x86_64", "beta-1:2.0-4.x86_64", "gamma-1:1-4.x86_64"]
        try folder.archive(of: transaction, to: scratch.path + "/cache/rpms/sent.tar")
        let told = try await shell(
            """
            mkdir sent root; tar -xf cache/rpms/sent.tar -C sent
            dnf --quiet --installroot "$PWD/root" --releasever 7 --setopt reposdir=/nowhere --setopt cachedir="$PWD/dnf" \
                --repofrompath "sent,file://$PWD/sent" --nogpgcheck --setopt tsflags=noscripts,justdb -y install alpha 2>&1
            rpm --root "$PWD/root" -qa --qf '%{NAME} %{EPOCH}:%{VERSION}-%{RELEASE}\\n' | sort
            """)
        #expect(told.hasSuffix("alpha 2:1.2-3.el7\nbeta 1:2.0-4\ngamma 1:1-4\n"), "\(told)")
    }

    @Test("What is no RPM is named") func faults() async throws {
        try await pack()
        let file = rpms + "/beta-2.0-4.x86_64.rpm"
        let whole = try #require(FileManager.default.contents(atPath: file))
        for (content, reason) in [
            (whole.prefix(3000), "it ends in the middle"), (Data("<html>404</html>".utf8), "it is damaged, or no RPM"),
            (Data(), "it ends in the middle"), (whole.prefix(96) + Data(count: 500), "it is damaged, or no RPM"),
        ] {
            try content.write(to: URL(fileURLWithPath: file))
            let failure = #expect(throws: Failure.self) {
                try RPMFolder(path: rpms, cache: scratch.path + "/cache")
            }
            #expect(failure?.summary == "\(file) cannot be used: \(reason)")
        }
    }

    @Test("A folder that is a repository is taken as it is") func ownIndex() async throws {
        try await pack()
        _ = try await shell("createrepo_c --quiet rpms; mkdir rpms/repodata/.olddata; echo x >rpms/repodata/.olddata/y")
        let folder = try RPMFolder(path: rpms, cache: scratch.path + "/cache")
        #expect(folder.index == rpms)
        try Data(try folder.indexArchive()).write(to: URL(fileURLWithPath: scratch.path + "/index.tar"))
        #expect(try await shell("mkdir sent; tar -xf index.tar -C sent; diff -r rpms/repodata sent/repodata") == "")
        #expect(try await shell("ls; ls cache 2>&1 || :").contains("cannot access 'cache'"))
    }
}
