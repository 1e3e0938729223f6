import Errors
import Foundation
import Planning

/// A folder of RPMs on the controller, as a repository.
///
/// Its index is made here, unless the folder is a repository already; it is kept beside the cache, so the folder itself is
/// never written to.
struct RPMFolder: Sendable {
    /// The folder of the RPMs.
    var path: String
    /// The folder that holds `repodata`.
    var index: String

    init(path: String, cache: String) throws(Failure) {
        let manager = FileManager.default
        let step = "packages: { rpms: \(path) }"
        let names = PackageFiles.names(in: path, ending: ".rpm")
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
        index = cache + "/rpms/" + PackageFiles.digest(of: names, in: path)
        if manager.fileExists(atPath: index + "/repodata/repomd.xml") { return }
        try Self.makeIndex(of: names, in: path, below: index, step: step)
    }

    /// The index as a tar, with which yum can resolve but not install.
    func indexArchive() throws(Failure) -> [UInt8] { try TarFile(files: indexFiles(), step: "packages: rpms").bytes() }

    /// The index and the RPMs of a transaction; all of the folder where a file is not named after its package.
    func archive(of transaction: PackageTransaction, to file: String) throws(Failure) {
        let present = Set(((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []))
        let wanted = transaction.installs.map { Self.fileName($0) }
        // A folder that is a repository already has needed no place in the cache so far.
        try PackageFiles.makeFolder(URL(filePath: file).deletingLastPathComponent().path, step: "packages: rpms")
        let files = wanted.allSatisfy(present.contains) ? wanted : present.filter { $0.hasSuffix(".rpm") }.sorted()
        try TarFile(files: indexFiles() + files.map { ($0, "\(path)/\($0)") }, step: "packages: rpms").write(to: file)
    }

    private func indexFiles() -> [(name: String, path: String)] {
        let folder = index + "/repodata"
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        var isFolder: ObjCBool = false
        return names.sorted().filter { name in
            FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
        }.map { ("repodata/\($0)", "\(folder)/\($0)") }
    }

    /// `gcc-1:4.8.5-39.el7.x86_64` is in `gcc-4.8.5-39.el7.x86_64.rpm`.
    static func fileName(_ package: String) -> String {
        guard let colon = package.firstIndex(of: ":"),
            let dash = package[..<colon].lastIndex(of: "-")
        else { return package + ".rpm" }
        return package[...dash] + package[package.index(after: colon)...] + ".rpm"
    }
}
