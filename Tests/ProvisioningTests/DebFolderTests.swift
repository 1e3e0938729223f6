import Archives
import Errors
import Foundation
import Processes
import Testing

@testable import Provisioning

/// Real .deb files, compressed in every way that dpkg knows.
@Suite("A folder of .deb files", .enabled(if: Command.find(["dpkg-deb"]) != nil, "dpkg-deb is missing"))
struct DebFolderTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func shell(_ text: String) async throws -> String {
        let output = try await Command(["sh", "-ec", "cd '\(scratch.path)'\n\(text)"]).output(step: "test")
        return String(decoding: output, as: UTF8.self)
    }

    private func pack(_ name: String, compression: String) async throws {
        try scratch.write(
            "Package: \(name)\nVersion: 2:1.0~rc1-3\nArchitecture: all\nMaintainer: Me <me@example.org>\nDepends: other (>= 1)\n"
                + "Description: short\n long\n .\n longer é\n", to: "\(name)/DEBIAN/control")
        try scratch.write("x", to: "\(name)/usr/share/\(name)")
        _ = try await shell(
            "mkdir -p debs; dpkg-deb --root-owner-group --uniform-compression -Z\(compression) -b \(name) debs/\(name).deb"
        )
    }

    @Test("What a package says of itself", arguments: ["xz", "gzip", "none"])
    func control(compression: String) async throws {
        try await pack("alpha", compression: compression)
        let file = scratch.path + "/debs/alpha.deb"
        let own = try await shell("cat alpha/DEBIAN/control")
        #expect(try DebFile.control(of: file) == own)
    }

    @Test("One that haprov cannot read is named with what to do")
    func unreadable() async throws {
        try await pack("beta", compression: "zstd")
        let debs = scratch.path + "/debs"
        let failure = try #require(throws: Failure.self) {
            try DebFolder(path: debs, cache: scratch.path + "/cache")
        }
        #expect(
            failure.summary == "\(debs)/beta.deb cannot be used: it is compressed by zstd, which haprov cannot read")
        #expect(failure.remedy.contains("dpkg-scanpackages"))
        // With an index in the folder it is of no consequence.
        try scratch.write("Package: beta\nVersion: 2:1.0~rc1-3\nFilename: ./beta_2%3a1.deb\n", to: "debs/Packages")
        let index = try DebFolder(path: debs, cache: scratch.path + "/cache").indexArchive()
        #expect(String(decoding: index, as: UTF8.self).contains("Version: 2:1.0~rc1-3\nFilename: ./beta_2_3a1.deb\n"))
    }

    @Test(
        "What is no package",
        arguments: [
            ("", "it is no Debian package"), ("!<arch>\n", "it ends in the middle"), ("PK", "it is no Debian package"),
            (
                "!<arch>\ndebian-binary   1700000000  0     0     100644  9999999999`\n", "it is damaged"
            ),
        ])
    func damaged(text: String, reason: String) throws {
        try scratch.write(text, to: "x.deb")
        let fault = try #require(throws: ArchiveFault.self) { try DebFile.control(of: scratch.path + "/x.deb") }
        #expect(fault.reason == reason)
    }

    @Test("A changed folder gets a new index; an empty one is refused")
    func changes() async throws {
        let debs = scratch.path + "/debs"
        let cache = scratch.path + "/cache"
        #expect(throws: Failure.self) { try DebFolder(path: debs, cache: cache) }
        try await pack("alpha", compression: "xz")
        let one = try DebFolder(path: debs, cache: cache).indexArchive()
        #expect(try DebFolder(path: debs, cache: cache).indexArchive() == one)
        try await pack("gamma", compression: "gzip")
        let two = try DebFolder(path: debs, cache: cache).indexArchive()
        #expect(String(decoding: two, as: UTF8.self).contains("Filename: ./gamma.deb\nSize: "))
        #expect(!String(decoding: one, as: UTF8.self).contains("gamma"))
        #expect(try await shell("ls debs") == "alpha.deb\ngamma.deb\n", "the folder itself is left alone")
    }
}
