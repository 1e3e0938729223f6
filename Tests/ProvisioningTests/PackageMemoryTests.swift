import Foundation
import Testing

@testable import Provisioning

/// A yum that leaves behind what yum 3.4.3 of CentOS 7 and dnf 4 leave behind.
@Suite("Asking yum leaves nothing")
struct PackageMemoryTests {
    /// - Returns: the shell that puts it in the place of the host's.
    private func yum(_ host: ScratchHost, isYum3: Bool) throws -> String {
        let kept =
            isYum3
            ? "cache/yum/x86_64/7/haprov-rpms/repomd.xml lib/yum/repos/x86_64/7/haprov-rpms/cookie"
            : "cache/dnf/haprov-rpms-0123/repodata/x cache/dnf/haprov-rpms.solv lib/dnf/repos/haprov-rpms-0123/y"
        let save = "case \"$*\" in *autosavets=0*) ;; *) echo saved >\(host.root)/tmp/yum_save_tx.1.yumtx ;; esac"
        let refuse = "case \"$*\" in *autosavets*) echo 'unknown option autosavets'; exit 1 ;; esac"
        try host.write(
            """
            #!/bin/sh
            # \(isYum3 ? "yummain.user_main(sys.argv[1:])" : "dnf.cli.main")
            echo "$*" >\(host.root)/asked
            \(isYum3 ? save : refuse)
            cd \(host.root)/var || exit
            for f in \(kept); do mkdir -p "${f%/*}"; : >"$f"; done
            exit 1
            """, "bin/yum", mode: 0o755)
        try FileManager.default.createDirectory(atPath: host.root + "/var", withIntermediateDirectories: true)
        let folders = ["cache/yum", "lib/yum/repos", "cache/dnf", "lib/dnf/repos"].map { "\(host.root)/var/\($0)" }
        return "PATH=\(host.root)/bin:$PATH\npackage_memory='\(folders.joined(separator: " "))'\n"
    }

    @Test(arguments: ScratchHost.shells, [true, false])
    func resolve(shell: String, isYum3: Bool) async throws {
        let host = try ScratchHost(shell)
        let overrides = try yum(host, isYum3: isYum3)
        // Another's repository, and what stands beside haprov's.
        try host.write("theirs", "var/cache/yum/x86_64/7/base/repomd.xml")
        try host.write("theirs", "var/cache/dnf/base.solv")
        for folder in ["tmp", "var/lib/yum/repos", "var/lib/dnf/repos"] {
            try FileManager.default.createDirectory(atPath: "\(host.root)/\(folder)", withIntermediateDirectories: true)
        }
        let before = try host.snapshot()
        for source in ["host", "/nowhere/rpms"] {
            _ = try await host.shell("package_resolve \(source) gcc make", overrides: overrides)
            let asked = host.text(host.root + "/asked") ?? ""
            #expect(asked.hasSuffix("--assumeno install gcc make\n"), "\(asked)")
            try FileManager.default.removeItem(atPath: host.root + "/asked")
        }
        #expect(try host.snapshot() == before)
    }

    @Test("A failing yum fails, whatever is cleared up after it", arguments: ScratchHost.shells)
    func status(shell: String) async throws {
        let host = try ScratchHost(shell)
        let result = try await host.shell(
            "package_yum /nowhere/rpms -y install x", overrides: try yum(host, isYum3: true))
        #expect(result.exitStatus == 1)
    }
}
