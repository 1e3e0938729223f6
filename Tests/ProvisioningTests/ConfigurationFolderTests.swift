import Foundation
import Inventory
import Testing

@testable import Provisioning

@Suite("The operator's own configuration on the controller")
struct ConfigurationFolderTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func read(
        _ source: String = "lb", perHost: String? = nil
    ) -> (own: OwnConfiguration, messages: [String]) {
        let named = OwnConfiguration(
            source: "\(scratch.path)/\(source)", perHost: perHost.map { "\(scratch.path)/\($0)" })
        let (own, faults) = ConfigurationFolder.read(named, hosts: ["one", "two"])
        return (own, faults.map { $0.message.replacing(scratch.path + "/", with: "") })
    }

    @Test func folder() throws {
        for path in ["haproxy.cfg", "certs/a/site.pem", ".gitignore", "maps/.hidden", "haproxy.cfg~"] {
            try scratch.write(path, to: "lb/\(path)")
        }
        try scratch.write("one's", to: "lb/hosts/one/maps/a")
        let (own, messages) = read(perHost: "lb/hosts")
        #expect(messages == [])
        #expect(own.files.keys.sorted() == ["certs/a/site.pem", "haproxy.cfg"])
        #expect(own.hostFiles == ["one": ["maps/a": Array("one's".utf8)]])
    }

    @Test func file() throws {
        try scratch.write("global", to: "my.cfg")
        try scratch.write("global", to: "my.mustache")
        #expect(read("my.cfg").own.files == ["haproxy.cfg": Array("global".utf8)])
        #expect(read("my.mustache").own.files == ["haproxy.cfg.mustache": Array("global".utf8)])
    }

    @Test func faults() throws {
        #expect(read("none").messages.first?.hasPrefix("none, which `haproxy.config` names, is not there") == true)
        try scratch.write("", to: "lb/haprov.cfg")
        try scratch.write("", to: "lb/maps/a\\b")
        try scratch.write("", to: "lb/maps/c")
        try scratch.write("", to: "lb/maps/c.mustache")
        try scratch.write("", to: "hosts/three/x")
        #expect(mkfifo(scratch.path + "/lb/pipe", 0o600) == 0)
        #expect(
            Set(read(perHost: "hosts").messages) == [
                "lb has no haproxy.cfg", "lb has a file haprov.cfg, which is the name of what haprov adds",
                "the name of \"\(scratch.path)/lb/maps/a\\\\b\" has blanks at an end, control characters or backslashes"
                    .replacing(scratch.path + "/", with: ""),
                "lb has maps/c and the template of the same file", "lb/pipe is neither a file nor a folder",
                "hosts/three is for no balancer",
            ])
        #expect(read(perHost: "nowhere").messages.contains("nowhere is no folder"))
    }

    @Test("A private key that others can read is worth a word")
    func keys() throws {
        try scratch.write("", to: "lb/haproxy.cfg")
        try scratch.write("-----BEGIN PRIVATE KEY-----\n", to: "lb/site.pem")
        let path = scratch.path + "/lb/site.pem"
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(read().messages == ["others can read the private key in lb/site.pem"])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(read().messages == [])
    }

    @Test("What is too large is not carried along")
    func size() throws {
        try scratch.write("", to: "lb/haproxy.cfg")
        let path = scratch.path + "/lb/geo.map"
        #expect(FileManager.default.createFile(atPath: path, contents: nil) && truncate(path, 40 << 20) == 0)
        #expect(read().messages == ["lb has more than 32 MiB"])
    }
}
