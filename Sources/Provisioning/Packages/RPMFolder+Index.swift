import Compression
import Digests
import Errors
import Foundation
import RPMs

extension RPMFolder {
    /// Writes `repodata` into a folder; its catalogue last, so that there is never half an index.
    ///
    /// - Throws: an input failure where an RPM is none, or where there is no room.
    static func makeIndex(
        of names: [String], in path: String, below folder: String, step: String
    ) throws(Failure) {
        var entries: [RepositoryIndex.Entry] = []
        var newest = 0
        for name in names {
            let file = "\(path)/\(name)"
            var status = stat()
            guard stat(file, &status) == 0,
                let content = try? Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped)
            else {
                throw Failure(
                    .input, step: step, summary: "\(file) cannot be read: \(String(cString: strerror(errno)))",
                    remedy: "Make it readable for you.")
            }
            let package: RPMPackage
            do throws(RPMFault) { package = try RPMPackage(content) } catch {
                throw Failure(
                    .input, step: step, summary: "\(file) cannot be used: \(error.reason)",
                    remedy: "Get it again, or take it out of the folder.")
            }
            let modified = status.st_mtim.tv_sec
            newest = max(newest, modified)
            entries.append(
                .init(
                    package, fileName: name, size: Int(status.st_size), modified: modified,
                    digest: try SHA256.hex(ofFile: file)))
        }
        let index = RepositoryIndex(entries)
        do {
            try FileManager.default.createDirectory(atPath: folder + "/repodata", withIntermediateDirectories: true)
            func write(_ bytes: [UInt8], _ name: String) throws {
                try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/repodata/\(name)"), options: .atomic)
            }
            let parts = try [("primary", index.primary), ("filelists", index.fileLists)].map { type, text in
                let open = Array(text.utf8)
                let packed = try Gzip.compressed(open)
                try write(packed, type + ".xml.gz")
                return RepositoryIndex.Part(
                    type, fileName: type + ".xml.gz", size: packed.count, digest: SHA256.hex(packed),
                    openSize: open.count, openDigest: SHA256.hex(open))
            }
            try write(Array(RepositoryIndex.catalogue(parts, revision: newest).utf8), "repomd.xml")
        } catch {
            throw Failure(
                .input, step: step, summary: "cannot write to \(folder): \(error)",
                remedy: "Make it writable, or name another folder in HAPROV_CACHE.")
        }
    }
}
