import Errors
import Foundation
import Inventory

extension AssetManifest {
    /// Reads a manifest file, and the operator's own `manifest.yml` among the tarballs where there is one.
    ///
    /// - Parameters:
    ///   - path: `Assets/manifest.yml`, as haprov came with it.
    ///   - assets: the folder of tarballs.
    /// - Throws: for the first file that is missing or faulty, with its first fault.
    package static func load(_ path: String, assets: String? = nil) throws(Failure) -> AssetManifest {
        let manifest = try read(path, isAddition: false)
        guard let own = assets.map({ $0 + "/manifest.yml" }), FileManager.default.fileExists(atPath: own) else {
            return manifest
        }
        return manifest.adding(try read(own, isAddition: true))
    }

    private static func read(_ path: String, isAddition: Bool) throws(Failure) -> AssetManifest {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .input, step: "read the manifest", summary: "\(path) cannot be read",
                remedy: "Install haprov again, or make the file readable for you.")
        }
        let reading = AssetManifestReader.read(
            String(decoding: data, as: UTF8.self), file: path, isAddition: isAddition)
        if let manifest = reading.manifest { return manifest }
        let all = reading.diagnostics.filter { $0.severity == .error }
        let first = all.first
        throw Failure(
            .input, step: "read the manifest",
            summary: first.map { "\($0.file):\($0.line):\($0.column): \($0.message)" } ?? "\(path) is faulty",
            remedy: first?.remedy ?? "Correct it.", cause: all.dropFirst().map(\.description).joined(separator: "\n"))
    }
}
