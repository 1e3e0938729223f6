import Errors
import FoundationEssentials
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

    package func contains(_ id: BuildID) -> Bool { FileManager.default.fileExists(atPath: path(id)) }

    /// Moves a finished file in: there is never a half one under the final name.
    func add(_ file: String, as id: BuildID) throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: folder + "/builds", withIntermediateDirectories: true)
            if contains(id) { try FileManager.default.removeItem(atPath: path(id)) }
            try FileManager.default.moveItem(atPath: file, toPath: path(id))
        } catch {
            throw Failure(
                .input, step: "keep the compiled tree", summary: "cannot write to \(folder): \(error)",
                remedy: "Make it writable, or name another folder in HAPROV_CACHE.")
        }
    }
}
