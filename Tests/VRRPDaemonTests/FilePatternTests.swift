import FilePatterns
import Foundation
import Testing

@Suite struct FilePatternTests {
    @Test(arguments: [
        ("a.conf", ["a.conf"]), ("*.conf", ["a.conf", "b.conf"]), ("?.conf", ["a.conf", "b.conf"]),
        ("{b,a}.conf", ["b.conf", "a.conf"]), ("[b-z].*", ["b.conf"]), ("*/*.conf", ["d/c.conf"]),
        ("{d/c,{a,x}}.conf", ["d/c.conf", "a.conf"]), ("nothing*", []), ("x.conf", []), (".*.conf", [".hidden.conf"]),
    ])
    func filesAreFoundInOrder(pattern: String, names: [String]) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.createDirectory(
            at: directory.appendingPathComponent("d"), withIntermediateDirectories: true)
        for name in ["b.conf", "a.conf", ".hidden.conf", "d/c.conf"] {
            try Data().write(to: directory.appendingPathComponent(name))
        }
        #expect(FilePattern.files(directory.path + "/" + pattern) == names.map { directory.path + "/" + $0 })
    }
}
