import Digests
import Errors
import Foundation
import Inventory
import Processes
import SSH
import Testing

@testable import Provisioning

/// A folder that is removed with its content at the end of a test.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("haprov-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Packs a tarball with one file below each of these folders.
    func pack(_ name: String, folders: [String], content: String = "x", flag: String = "-z") async throws -> String {
        let work = "\(name).work"
        for folder in folders { try write(content, to: "\(work)/\(folder)/Makefile") }
        let file = "\(path)/\(name)"
        try await Command(["tar", "-C", "\(path)/\(work)", flag, "-cf", file] + folders).output(step: "test")
        return file
    }
}

@Suite("The folder of tarballs")
struct AssetsStoreTests {
    private let scratch: ScratchFolder
    private let store: AssetStore

    init() throws {
        scratch = try ScratchFolder()
        store = AssetStore(folder: scratch.path + "/assets", manifest: try Self.manifest(sha256: ""))
    }

    /// A manifest that knows how both are built, and no checksums but those given.
    private static func manifest(sha256: String) throws -> AssetManifest {
        let text = """
            haproxy:
              url: https://example.org/haproxy-{version}.tar.gz
              names: ["haproxy-{version}", "haproxy_{version}.orig"]
              folder: haproxy-{version}
              sha256: { \(sha256) }
              build: [{ make: [] }]
            keepalived:
              url: https://example.org/keepalived-{version}.tar.gz
              names: ["keepalived-{version}"]
              folder: keepalived-{version}
              build: [{ make: [], from: "1.3" }]
            """
        let reading = AssetManifestReader.read(text, file: "m.yml")
        #expect(reading.diagnostics == [])
        return try #require(reading.manifest)
    }

    private func failure(_ body: () throws(Failure) -> Void) throws -> Failure {
        do {
            try body()
        } catch {
            return error
        }
        throw ExpectedFailure()
    }

    private struct ExpectedFailure: Error {}

    @Test(arguments: [
        ("haproxy-1.8.25.tar.gz", "haproxy 1.8.25 .tar.gz"), ("haproxy_2.6.12.orig.tar.gz", "haproxy 2.6.12 .tar.gz"),
        ("keepalived-2.2.7.tar.xz", "keepalived 2.2.7 .tar.xz"), ("haproxy-2.0-dev3.tgz", "haproxy 2.0-dev3 .tgz"),
        ("haproxy-1.8.25.zip", nil), ("haproxy-.tar.gz", nil), ("haproxy-v1.8.tar.gz", nil), ("nginx-1.0.tar.gz", nil),
        ("haproxy_2.6.12.debian.tar.xz", nil), ("haproxy-1.8.25.tar.gz.asc", nil),
    ])
    func names(_ fileName: String, _ expected: String?) {
        let name = TarballName(fileName, manifest: store.manifest)
        #expect(name.map { "\($0.product) \($0.version) \($0.ending)" } == expected)
    }

    @Test func addRecordsAndCopies() async throws {
        let file = try await scratch.pack("haproxy_2.6.12.orig.tar.gz", folders: ["haproxy-2.6.12"])
        let asset = try store.add(file)
        #expect(asset.fileName == "haproxy-2.6.12.tar.gz")
        guard case .present(let sha256, .recorded) = asset.state else {
            Issue.record("\(asset)")
            return
        }
        let line = "haproxy-2.6.12.tar.gz: \(sha256)\n"
        let recorded = try String(contentsOfFile: store.folder + "/checksums.yml", encoding: .utf8)
        #expect(recorded.hasSuffix(line))
        let sum = try await Command(["sha256sum", file]).output(step: "test")
        #expect(String(decoding: sum, as: UTF8.self).hasPrefix(sha256))
        let tarball = try store.tarball("haproxy", "2.6.12")
        #expect(tarball.path == store.folder + "/haproxy-2.6.12.tar.gz")
        #expect(tarball.sha256 == sha256)
        #expect(tarball.size == LocalFile.size(file) && tarball.size > 0)
        #expect(store.checksum("haproxy", "2.6.12") == sha256)
        // Once more changes nothing.
        #expect(try store.add(file) == asset)
        let names = try FileManager.default.contentsOfDirectory(atPath: store.folder).sorted()
        #expect(names == ["checksums.yml", "haproxy-2.6.12.tar.gz"])
    }

    @Test(arguments: [
        ("-J", "keepalived-1.4.5.tar.xz"), ("-z", "keepalived-1.4.5.tgz"), ("-j", "keepalived-1.4.5.tar.bz2"),
    ])
    func otherCompressions(_ flag: String, _ name: String) async throws {
        let file = try await scratch.pack(name, folders: ["keepalived-1.4.5"], flag: flag)
        #expect(try store.add(file).fileName == name)
        #expect(try store.tarball("keepalived", "1.4.5").path.hasSuffix(name))
    }

    @Test func manifestsChecksumDecides() async throws {
        let file = try await scratch.pack("haproxy-1.8.25.tar.gz", folders: ["haproxy-1.8.25"])
        let right = try SHA256.hex(ofFile: file)
        let known = AssetStore(
            folder: store.folder, manifest: try Self.manifest(sha256: "1.8.25: \(right)"))
        #expect(try known.add(file).state == .present(sha256: right, by: .manifest))
        let wrong = String(repeating: "0", count: 64)
        let other = AssetStore(folder: scratch.path + "/b", manifest: try Self.manifest(sha256: "1.8.25: \"\(wrong)\""))
        let failure = try failure { () throws(Failure) in _ = try other.add(file) }
        #expect(failure.kind == .input)
        #expect(
            failure.summary
                == "\(file) has the wrong checksum: the manifest has SHA-256 \(wrong), the file has \(right)")
        #expect(failure.remedy == "Do not use it. Get https://example.org/haproxy-1.8.25.tar.gz again.")
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/b"))
    }

    @Test func addRefusesWhatTheNameDoesNotSay() async throws {
        let wrongFolder = try await scratch.pack("haproxy-1.8.25.tar.gz", folders: ["haproxy-1.8.24"])
        var failure = try failure { () throws(Failure) in _ = try store.add(wrongFolder) }
        #expect(
            failure.summary
                == "\(wrongFolder) should hold one folder, haproxy-1.8.25; it begins with haproxy-1.8.24/")
        let twoFolders = try await scratch.pack("haproxy-1.8.26.tar.gz", folders: ["haproxy-1.8.26", "etc"])
        failure = try self.failure { () throws(Failure) in _ = try store.add(twoFolders) }
        #expect(failure.summary == "\(twoFolders) should hold one folder, haproxy-1.8.26; it also holds etc/")
        try scratch.write("<html>404</html>", to: "haproxy-1.8.27.tar.gz")
        failure = try self.failure { () throws(Failure) in
            _ = try store.add(scratch.path + "/haproxy-1.8.27.tar.gz")
        }
        #expect(failure.summary == "\(scratch.path)/haproxy-1.8.27.tar.gz is not compressed by gzip, xz or bzip2")
        failure = try self.failure { () throws(Failure) in _ = try store.add("/tmp/apache-2.4.tar.gz") }
        #expect(failure.summary == "apache-2.4.tar.gz is not the name of a tarball that haprov knows")
        #expect(
            failure.remedy
                == "Expected haproxy-VERSION.tar.gz, haproxy_VERSION.orig.tar.gz, keepalived-VERSION.tar.gz. Keep the name that "
                + "the publisher gave it.")
        failure = try self.failure { () throws(Failure) in
            _ = try store.add(scratch.path + "/haproxy-9.9.tar.gz")
        }
        #expect(failure.summary == "\(scratch.path)/haproxy-9.9.tar.gz cannot be read: No such file or directory")
        #expect(!FileManager.default.fileExists(atPath: store.folder))
    }

    @Test("Sources without `configure` are found here, not by the host that compiles")
    func withoutConfigure() async throws {
        let manifest = try AssetManifest.committed()
        let store = AssetStore(folder: scratch.path + "/own", manifest: manifest)
        let file = try await scratch.pack("keepalived-2.3.4.tar.gz", folders: ["keepalived-2.3.4"])
        let failure = try failure { () throws(Failure) in _ = try store.add(file) }
        #expect(failure.summary.hasPrefix("\(file) holds no `configure`"), "\(failure)")
        #expect(failure.remedy.contains("https://www.keepalived.org/software/keepalived-2.3.4.tar.gz"))

        // One that was taken in before anybody looked.
        try FileManager.default.createDirectory(atPath: store.folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: file, toPath: store.folder + "/keepalived-2.3.4.tar.gz")
        try scratch.write(
            "keepalived-2.3.4.tar.gz: \(try SHA256.hex(ofFile: file))\n", to: "own/checksums.yml")
        let asset = try store.asset("keepalived", "2.3.4")
        #expect(store.problem(of: asset) == nil)
        #expect(store.flaw(of: asset)?.message.contains("holds no `configure`") == true)

        // HAProxy has none, and needs none.
        let haproxy = try await scratch.pack("haproxy-2.6.13.tar.gz", folders: ["haproxy-2.6.13"])
        #expect(store.flaw(of: try store.add(haproxy)) == nil)
    }

    @Test func addRefusesTruncatedArchives() async throws {
        let file = try await scratch.pack(
            "haproxy-1.8.25.tar.gz", folders: ["haproxy-1.8.25"],
            content: (0..<20_000).map { "\($0 &* 2_654_435_761 % 65_537)" }.joined())
        let whole = try #require(FileManager.default.contents(atPath: file))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: file))
        let failure = try failure { () throws(Failure) in _ = try store.add(file) }
        #expect(failure.summary == "\(file) is not a whole tar archive: it ends in the middle")
    }

    @Test func addRefusesAnotherFileOfTheSameVersion() async throws {
        let one = try await scratch.pack("haproxy-1.8.25.tar.gz", folders: ["haproxy-1.8.25"])
        let first = try SHA256.hex(ofFile: one)
        _ = try store.add(one)
        let other = try await scratch.pack("haproxy-1.8.25.tar.gz", folders: ["haproxy-1.8.25"], content: "other")
        let second = try SHA256.hex(ofFile: other)
        let failure = try failure { () throws(Failure) in _ = try store.add(other) }
        #expect(
            failure.summary == "haproxy-1.8.25.tar.gz was added before with SHA-256 \(first); this file has \(second)")
        #expect(try store.tarball("haproxy", "1.8.25").sha256 == first)
    }

    @Test func diagnosticsStandAtTheVersions() async throws {
        let text = """
            cluster: web
            vip: { address: 10.0.0.100/24, interface: ens33, virtual_router_id: 51 }
            haproxy:
              version: 1.8.25
              frontends: { web: { bind: "*:80", backend: app } }
              backends: { app: { servers: application, port: 10900 } }
            keepalived: { version: 1.4.5 }
            hosts:
              one: { address: 10.0.0.1, role: balancer, priority: 101 }
              two: { address: 10.0.0.2, role: balancer, priority: 100 }
              app1: { address: 10.0.0.4, role: application }
              app2: { address: 10.0.0.5, role: application }
            """
        let reading = InventoryReader.read(text, file: "i.yml")
        let cluster = try #require(reading.cluster)
        func found() -> [String] {
            store.diagnostics(for: cluster, reading: reading, file: "i.yml").map(\.description)
        }
        let folder = store.folder
        let missing = """
            i.yml:7:24: error: the tarball of keepalived 1.4.5 is missing: \(folder)/keepalived-1.4.5.tar.gz
                Get https://example.org/keepalived-1.4.5.tar.gz on a machine with a network, then run `haprov assets add \
            keepalived-1.4.5.tar.gz`.
            """
        #expect(found().count == 2)
        #expect(found().last == missing)

        let file = try await scratch.pack("haproxy-1.8.25.tar.gz", folders: ["haproxy-1.8.25"])
        let sha256 = try SHA256.hex(ofFile: file)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: file, toPath: folder + "/haproxy-1.8.25.tar.gz")
        #expect(
            found() == [
                """
                i.yml:4:12: error: nobody vouches for \(folder)/haproxy-1.8.25.tar.gz: its checksum is not known
                    Compare its SHA-256, \(sha256), with the publisher's, then run `haprov assets add \
                \(folder)/haproxy-1.8.25.tar.gz`.
                """, missing,
            ])

        _ = try store.add(folder + "/haproxy-1.8.25.tar.gz")
        #expect(found() == [missing])

        let handle = try #require(FileHandle(forWritingAtPath: folder + "/haproxy-1.8.25.tar.gz"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data([0]))
        try handle.close()
        let altered = try SHA256.hex(ofFile: folder + "/haproxy-1.8.25.tar.gz")
        #expect(
            found() == [
                """
                i.yml:4:12: error: \(folder)/haproxy-1.8.25.tar.gz has the wrong checksum: it was recorded with SHA-256 \
                \(sha256), the file has \(altered)
                    Do not use it. Remove it, get https://example.org/haproxy-1.8.25.tar.gz again and run `haprov assets add \
                haproxy-1.8.25.tar.gz`.
                """, missing,
            ])
        let failure = try failure { () throws(Failure) in _ = try store.tarball("haproxy", "1.8.25") }
        #expect(failure.step == "haproxy.version")
        #expect(failure.summary.contains("has the wrong checksum"))

        let list = try store.list(for: cluster)
        #expect(list.map(\.product) == ["haproxy", "keepalived"])
        #expect(list.map(\.isNeeded) == [true, true])
        #expect(list[1].state == .missing)
        #expect(try store.list(for: nil).map(\.version) == ["1.8.25"])
    }

    @Test func damagedRecords() throws {
        try scratch.write("haproxy-1.8.25.tar.gz: 12\n", to: "assets/checksums.yml")
        #expect(throws: Failure.self) { try store.asset("haproxy", "1.8.25") }
        do {
            _ = try store.asset("haproxy", "1.8.25")
        } catch {
            #expect(
                error.summary
                    == "\(store.folder)/checksums.yml:1:24: the checksum of haproxy-1.8.25.tar.gz is not 64 hexadecimal digits "
                    + "in lower case")
        }
    }

    @Test func operatorsManifestAmongTheTarballs() throws {
        try scratch.write(
            "haproxy: { sha256: { 9.9.9: \"\(String(repeating: "1", count: 64))\" } }", to: "manifest.yml")
        let manifest = try AssetManifest.committed(assets: scratch.path)
        #expect(manifest.checksum("haproxy", "9.9.9") == String(repeating: "1", count: 64))
        try FileManager.default.removeItem(atPath: scratch.path + "/manifest.yml")
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/manifest.yml", withIntermediateDirectories: true)
        #expect(throws: Failure.self) { try AssetManifest.committed(assets: scratch.path) }
    }

    /// FIPS 180-4's own examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func digests(_ text: String, _ expected: String) throws {
        try scratch.write(text, to: "file")
        #expect(try SHA256.hex(ofFile: scratch.path + "/file") == expected)
    }
}
