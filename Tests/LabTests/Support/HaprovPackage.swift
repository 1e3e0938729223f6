import Foundation
import Testing

extension EndToEndLab {
    /// Installs the package of haprov that `make packages` has made on a host, runs it, and removes it again: nothing is left.
    func comesAndGoes(packageOfHaprov kind: String, install: String, remove: String) throws {
        let folder = URL(fileURLWithPath: try #require(Self.distribution)).deletingLastPathComponent().path
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(kind) })
        let before = try snapshots(["haproxy1"])
        try send("\(folder)/\(name)", to: "/root/\(name)", on: "haproxy1")
        let told = try ask(
            "haproxy1",
            """
            set -e
            \(install) /root/\(name) >/dev/null
            rm /root/\(name)
            haprov --version
            haprov init /root/i.yml >/dev/null
            haprov check /root/i.yml 2>&1 | grep -c 'is missing'
            rm /root/i.yml /root/haprov.schema.json
            haprov man | head -n 1 | cut -c 1-12
            ls /usr/share/bash-completion/completions/haprov
            \(remove) >/dev/null
            """)
        let wanted = ["0.1.0", "2", ".TH HAPROV 1", "/usr/share/bash-completion/completions/haprov"]
        #expect(told.split(separator: "\n").map(String.init) == wanted, "\(told)")
        try expectUnchanged(since: before)
    }
}
