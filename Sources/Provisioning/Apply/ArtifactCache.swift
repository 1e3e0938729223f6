import Errors
import Foundation
import Planning

/// Compiled trees on the controller, by the identity of their build: nothing is compiled twice.
package struct ArtifactCache: Sendable {
    /// Absolute.
    package var folder: String

    package init(folder: String) { self.folder = folder }

    func path(_ id: BuildID) -> String { "\(folder)/builds/\(id.value).tar.gz" }

    /// All builds that are there.
    package var contents: Set<BuildID> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/builds")) ?? []
        return Set(names.filter { $0.hasSuffix(".tar.gz") }.map { BuildID(String($0.dropLast(".tar.gz".count))) })
    }

    /// What the tree of a build takes, in bytes, as gzip wrote at the end of it: RFC 1952, 2.3.1; nil where it is not there.
    func size(_ id: BuildID) -> Int? {
        guard let file = try? FileHandle(forReadingFrom: URL(filePath: path(id))) else { return nil }
        defer { try? file.close() }
        guard let end = try? file.seekToEnd(), end > 4, (try? file.seek(toOffset: end - 4)) != nil,
            let bytes = try? file.readToEnd(), bytes.count == 4
        else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    package func contains(_ id: BuildID) -> Bool { FileManager.default.fileExists(atPath: path(id)) }

    /// Moves a finished file in: there is never a half one under the final name.
    func add(_ file: String, as id: BuildID) throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: folder + "/builds", withIntermediateDirectories: true)
            // Others may have compiled the same meanwhile: in one step, so that theirs is never missing.
            guard rename(file, path(id)) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        } catch {
            throw Failure(
                .input, step: "keep the compiled tree", summary: "cannot write to \(folder): \(error)",
                remedy: "Make it writable, or name another folder in HAPROV_CACHE.")
        }
    }
}
