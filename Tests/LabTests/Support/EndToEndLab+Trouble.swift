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
}
