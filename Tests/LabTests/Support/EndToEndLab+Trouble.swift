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
        let difference = try snapshots().difference(from: before)
        #expect(difference == [], "\(difference)")
        try hasNoLocks()
    }
}
