import Archives
import Digests
import Errors
import Foundation
import Planning
import SSH
import Texts

/// A folder of .deb files on the controller, as a source of packages.
///
/// Its index is made here, unless the folder has one (`Packages`) already; it is kept beside the cache, so the folder itself is
/// never written to.
struct DebFolder: Sendable {
    /// The folder of the files.
    private let path: String
    /// The file of the index, deb(5) and sources(5).
    private let index: String
    /// The same with the files' names as hosts have them.
    private let sent: String
    private static let step = "packages: debs"

    /// - Throws: an input failure where there are no such files, or one of them is none.
    init(path: String, cache: String) throws(Failure) {
        let names = PackageFiles.names(in: path, ending: ".deb")
        guard !names.isEmpty else {
            throw Failure(
                .input, step: Self.step, summary: "there are no .deb files in \(path)",
                remedy:
                    "Put the packages that docs/packages.md lists into that folder, or correct its name in the inventory."
            )
        }
        self.path = path
        let own = path + "/Packages"
        let hasOwn = FileManager.default.fileExists(atPath: own)
        let folder = cache + "/debs/" + PackageFiles.digest(of: names + (hasOwn ? ["Packages"] : []), in: path)
        index = hasOwn ? own : folder + "/Packages"
        sent = folder + "/Packages.sent"
        if FileManager.default.fileExists(atPath: sent) { return }
        try PackageFiles.makeFolder(folder, step: Self.step)
        if !hasOwn {
            var text = ""
            for name in names { text += try Self.entry(name, in: path) }
            try Self.write(text, to: index)
        }
        let lines = try read().split(separator: "\n", omittingEmptySubsequences: false)
        try Self.write(
            lines.map { $0.hasPrefix("Filename: ") ? Self.plain($0) : String($0) }.joined(separator: "\n"), to: sent)
    }

    private static func write(_ text: String, to file: String) throws(Failure) {
        do { try Data(text.utf8).write(to: URL(filePath: file), options: .atomic) } catch {
            throw Failure(
                .input, step: step, summary: "cannot write to \(file): \(error)",
                remedy: "Make room there, or name another folder in HAPROV_CACHE.")
        }
    }

    /// Files as apt leaves them have epochs in their names, `libpcre3_2%3a8.39-15_amd64.deb`; until 2.1 apt looks for `:` there.
    private static func plain(_ name: some StringProtocol) -> String {
        name.replacingOccurrences(of: "%", with: "_")
    }

    /// What the index says of a file: its own words, and what tells whether it is whole.
    private static func entry(_ name: String, in folder: String) throws(Failure) -> String {
        let file = "\(folder)/\(name)"
        let control: String
        do throws(ArchiveFault) { control = try DebFile.control(of: file) } catch {
            throw Failure(
                .input, step: step, summary: "\(file) cannot be used: \(error.reason)",
                remedy: "Get it again or take it out of the folder; or write an index into the folder, by "
                    + "`dpkg-scanpackages . >Packages`.")
        }
        return control.trimmingBlanks() + "\nFilename: ./\(name)\nSize: \(LocalFile.size(file))\nSHA256: "
            + (try SHA256.hex(ofFile: file)) + "\n\n"
    }

    /// The index as a tar, with which apt can resolve but not install.
    func indexArchive() throws(Failure) -> [UInt8] {
        try TarFile(files: [("Packages", sent)], step: Self.step).bytes()
    }

    /// The index and the files of a transaction.
    func archive(of transaction: PackageTransaction, to file: String) throws(Failure) {
        try PackageFiles.makeFolder(URL(filePath: file).deletingLastPathComponent().path, step: Self.step)
        let wanted = Set(transaction.installs + transaction.upgrades)
        var files = [(name: "Packages", path: sent)]
        for entry in try entries() where wanted.contains(entry.package) {
            files.append((Self.plain(entry.file), "\(path)/\(entry.file)"))
        }
        try TarFile(files: files, step: Self.step).write(to: file)
    }

    private func read() throws(Failure) -> String {
        guard let data = FileManager.default.contents(atPath: index) else {
            throw Failure(
                .input, step: Self.step, summary: "\(index) cannot be read", remedy: "Make it readable for you.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// The index, read: packages as transactions name them, and their files.
    private func entries() throws(Failure) -> [(package: String, file: String)] {
        try read().split(separator: "\n\n").compactMap { paragraph in
            func field(_ name: String) -> String? {
                let line = paragraph.split(separator: "\n").first { $0.hasPrefix(name + ": ") }
                return line.map { $0.dropFirst(name.count + 2).trimmingBlanks() }
            }
            guard let name = field("Package"), let version = field("Version"), let file = field("Filename") else {
                return nil
            }
            return ("\(name)_\(version)", file.hasPrefix("./") ? String(file.dropFirst(2)) : file)
        }
    }
}
