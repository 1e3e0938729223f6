import Digests
import Foundation
import Testing

/// For changes that go wrong.
extension EndToEndLab {
    /// A changed copy of haprov's playbooks; fails where a text to be replaced is not in the file.
    ///
    /// - Returns: its folder.
    func playbooks(_ name: String, _ file: String, _ change: (old: String, new: String)) throws -> String {
        let files = FileManager.default
        let original = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../Playbooks").standardized.path
        let copy = "\(folder)/playbooks-\(name)"
        try? files.removeItem(atPath: copy)
        try files.copyItem(atPath: original, toPath: copy)
        let text = try String(contentsOfFile: "\(copy)/\(file)", encoding: .utf8)
        guard text.contains(change.old) else { throw Trouble("\(file) has no `\(change.old)`: \(text)") }
        try Data(text.replacingOccurrences(of: change.old, with: change.new).utf8).write(
            to: URL(fileURLWithPath: "\(copy)/\(file)"))
        return copy
    }

    /// A release of HAProxy that nobody has published: the one that the lab serves, under another version.
    ///
    /// - Parameter line: comes first in a source file of it.
    /// - Returns: an inventory that wants it, and a folder of tarballs that holds it.
    func anotherHAProxy(_ version: String = "2.6.99", _ line: String = "") throws -> (
        inventory: String, assets: String
    ) {
        let assets = "\(folder)/haproxy-\(version)"
        let told = try Program.run([
            "sh", "-c",
            """
            set -e
            rm -rf "$1" && mkdir -p "$1/source" && cp "$2"/*.tar.gz "$1"
            tar -xf "$2/haproxy_2.6.12.orig.tar.gz" -C "$1/source"
            mv "$1/source/haproxy-2.6.12" "$1/source/haproxy-$3"
            echo "$3" >"$1/source/haproxy-$3/VERSION"
            [ -z "$4" ] || sed -i "1i $4" "$1/source/haproxy-$3/src/mux_h2.c"
            tar --sort=name --mtime=2023-03-28 -cf - -C "$1/source" "haproxy-$3" | gzip -n >"$1/haproxy-$3.tar.gz"
            rm -r "$1/source"
            """, "sh", assets, try Self.tarballs(), version, line,
        ])
        guard told.status == 0 else { throw Trouble("\(told)") }
        let digest = try SHA256.hex(ofFile: "\(assets)/haproxy-\(version).tar.gz")
        try Data("haproxy: { sha256: { \(version): \(digest) } }\n".utf8).write(
            to: URL(fileURLWithPath: "\(assets)/manifest.yml"))
        return (try inventory("haproxy-\(version)", ("version: 2.6.12", "version: \(version)")), assets)
    }

    /// No balancer is locked.
    func hasNoLocks() throws {
        for host in Self.balancers {
            #expect(try on(host, "ls -d /var/lib/haprov/lock* 2>/dev/null").output == "", "\(host)")
        }
    }

    /// A package manager is killed at its work on a bare host: the cause is named, the next `apply` completes what was cut off,
    /// and both are taken back.
    ///
    /// - Parameter killing: shell for that host, which says `killed` where it came in the midst of the work.
    func killsPackageManager(inventory: String? = nil, killing: String) throws {
        try bare()
        let before = try snapshots()
        let killer = try Program(
            [Self.program, "lab", "exec", "--name", name, "haproxy3", "--", "sh", "-s"], input: killing + "\n")
        // Others are to find nothing compiled.
        let environment = ["HAPROV_CACHE": "\(cache)-killed"]
        defer { try? FileManager.default.removeItem(atPath: "\(cache)-killed") }
        let killed = try haprov("apply", "--yes", "--no-verify", inventory: inventory, environment: environment)
        disturbed()
        #expect(try killer.finish(within: 60).output == "killed\n")
        #expect(killed.status == 1, "\(killed)")
        #expect(killed.failures.first?.hasPrefix("change | haproxy3 | install ") == true, "\(killed)")
        try hasNoLocks()
        let again = try haprov("apply", "--yes", "--no-verify", inventory: inventory, environment: environment)
        #expect(again.status == 0, "\(again)")
        #expect(try haprov("plan", inventory: inventory, environment: environment).status == 0)
        let back = try haprov("rollback", "--all", "--yes", inventory: inventory)
        #expect(back.status == 0 && back.all("note").allSatisfy { $0["host"] == .null }, "\(back)")
        try expectUnchanged(since: before)
        try hasNoLocks()
    }
}
