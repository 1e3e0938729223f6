import Errors
import Foundation
import Inventory

extension AssetManifest {
    /// Reads the manifest, and the operator's own `manifest.yml` among the tarballs where there is one.
    ///
    /// - Parameters:
    ///   - text: that of `Assets/manifest.yml`, as haprov came with it, and `file`, as faults name it.
    ///   - assets: the folder of tarballs.
    /// - Throws: for the first file that cannot be read or is faulty, with its first fault.
    package static func load(_ text: String, file: String, assets: String? = nil) throws(Failure) -> AssetManifest {
        let manifest = try read(text, file: file, isAddition: false)
        guard let own = assets.map({ $0 + "/manifest.yml" }), FileManager.default.fileExists(atPath: own) else {
            return manifest
        }
        guard let data = FileManager.default.contents(atPath: own) else {
            throw Failure(
                .input, step: "read the manifest", summary: "\(own) cannot be read",
                remedy: "Make the file readable for you.")
        }
        return manifest.adding(try read(String(decoding: data, as: UTF8.self), file: own, isAddition: true))
    }

    private static func read(_ text: String, file path: String, isAddition: Bool) throws(Failure) -> AssetManifest {
        let reading = AssetManifestReader.read(text, file: path, isAddition: isAddition)
        if let manifest = reading.manifest { return manifest }
        let all = reading.diagnostics.filter { $0.severity == .error }
        let first = all.first
        throw Failure(
            .input, step: "read the manifest",
            summary: first.map { "\($0.file):\($0.line):\($0.column): \($0.message)" } ?? "\(path) is faulty",
            remedy: first?.remedy ?? "Correct it.", cause: all.dropFirst().map(\.description).joined(separator: "\n"))
    }
}
