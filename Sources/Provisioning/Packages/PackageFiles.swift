import Digests
import Errors
import Foundation

/// Files of packages in a folder of the controller, of whatever kind.
enum PackageFiles {
    /// Sorted.
    static func names(in folder: String, ending: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(ending) }.sorted()
    }

    /// Sixteen hexadecimal digits that follow from what is in the folder, so that a changed folder gets a new index.
    static func digest(of names: [String], in folder: String) -> Substring {
        let listing = names.map { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            let modified = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return "\(name) \(attributes?[.size] as? Int ?? 0) \(Int(modified))"
        }
        return SHA256.hex(Array((folder + "\n" + listing.joined(separator: "\n")).utf8)).prefix(16)
    }

    /// A folder of the cache.
    static func makeFolder(_ path: String, step: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .input, step: step, summary: "cannot write to \(path): \(error)",
                remedy: "Make it writable, or name another folder in HAPROV_CACHE.")
        }
    }
}
