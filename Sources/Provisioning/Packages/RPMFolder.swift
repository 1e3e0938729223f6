import Digests
import Errors
import FoundationEssentials
import Planning
import Processes
import SSH

/// A folder of RPMs on the controller, as a repository.
///
/// Its index comes from createrepo_c (or createrepo), unless the folder is a repository already; it is kept beside the
/// cache, so the folder itself is never written to.
struct RPMFolder: Sendable {
    /// The folder of the RPMs.
    var path: String
    /// The folder that holds `repodata`.
    var index: String

    init(path: String, cache: String) async throws(Failure) {
        let manager = FileManager.default
        let step = "packages: { rpms: \(path) }"
        let names = ((try? manager.contentsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(".rpm") }.sorted()
        guard !names.isEmpty else {
            throw Failure(
                .input, step: step, summary: "there are no RPMs in \(path)",
                remedy:
                    "Put the RPMs that docs/packages.md lists into that folder, or correct its name in the inventory.")
        }
        self.path = path
        if manager.fileExists(atPath: path + "/repodata/repomd.xml") {
            index = path
            return
        }
        // Named after what is in the folder, so that a changed folder gets a new index.
        let listing = names.map { name in
            let size = (try? manager.attributesOfItem(atPath: path + "/" + name)[.size] as? Int) ?? 0
            return "\(name) \(size)"
        }
        index = cache + "/rpms/" + SHA256.hex(Array((path + "\n" + listing.joined(separator: "\n")).utf8)).prefix(16)
        if manager.fileExists(atPath: index + "/repodata/repomd.xml") { return }
        do {
            try manager.createDirectory(atPath: index, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .input, step: step, summary: "cannot write to \(index): \(error)", remedy: "Make it writable.")
        }
        guard let program = Command.find(["createrepo_c", "createrepo"]) else {
            throw Failure(
                .input, step: step, summary: "\(path) has no repodata, and this machine has no createrepo_c to make it",
                remedy: "Install it (`apt-get install createrepo-c`, or `yum install createrepo`).")
        }
        try await Command([program, "--quiet", "--outputdir", index, path]).output(step: step)
    }

    /// The index as a tar, with which yum can resolve but not install.
    func indexArchive() async throws(Failure) -> [UInt8] {
        try await Command(["tar", "-cf", "-", "-C", index, "repodata"]).output(step: "packages: rpms")
    }

    /// The index and the RPMs of a transaction; all of the folder where a file is not named after its package.
    func archive(of transaction: PackageTransaction, to file: String) async throws(Failure) {
        let present = Set(((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []))
        let wanted = transaction.installs.map { Self.fileName($0) }
        let parent = URL(filePath: file).deletingLastPathComponent().path
        do {
            // A folder that is a repository already has needed no place in the cache so far.
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .input, step: "packages: rpms", summary: "cannot write to \(parent): \(error)",
                remedy: "Make it writable, or name another folder in HAPROV_CACHE.")
        }
        let files = wanted.allSatisfy(present.contains) ? wanted : present.filter { $0.hasSuffix(".rpm") }.sorted()
        try await Command(
            ["tar", "-cf", file, "-C", index, "repodata", "-C", path] + files
        ).output(step: "packages: rpms")
    }

    /// `gcc-1:4.8.5-39.el7.x86_64` is in `gcc-4.8.5-39.el7.x86_64.rpm`.
    static func fileName(_ package: String) -> String {
        guard let colon = package.firstIndex(of: ":"),
            let dash = package[..<colon].lastIndex(of: "-")
        else { return package + ".rpm" }
        return package[...dash] + package[package.index(after: colon)...] + ".rpm"
    }
}
