import Digests
import Errors
import Foundation
import Inventory
import SSH

/// The folder of tarballs on the controller, by default `assets/` beside the inventory.
package struct AssetStore: Sendable {
    /// Where the tarballs and `checksums.yml` are.
    package var folder: String
    /// What is known of tarballs.
    package var manifest: AssetManifest

    /// From its parts; the folder need not exist yet.
    package init(folder: String, manifest: AssetManifest) {
        self.folder = folder
        self.manifest = manifest
    }

    /// A tarball whose checksum was found right.
    package struct Tarball: Sendable, Equatable {
        /// Where it is.
        package var path: String
        /// In hexadecimal digits.
        package var sha256: String
        /// In bytes.
        package var size: Int
    }

    /// What a cluster needs, and whatever else is in the folder, by product and version.
    package func list(for cluster: Cluster?) throws(Failure) -> [Asset] {
        var all: [Asset] = []
        for product in cluster?.compiledProducts ?? [] {
            all.append(try asset(product.name, product.version, isNeeded: true))
        }
        for fileName in fileNames() {
            guard let name = TarballName(fileName, manifest: manifest),
                !all.contains(where: { $0.product == name.product && $0.version == name.version })
            else { continue }
            all.append(try asset(name.product, name.version, isNeeded: false))
        }
        return all
    }

    /// How things stand with one tarball.
    package func asset(_ product: String, _ version: String, isNeeded: Bool = true) throws(Failure) -> Asset {
        let recorded = try ChecksumFile(folder: folder).checksums
        let fileName = fileName(product, version)
        var asset = Asset(
            product: product, version: version, fileName: fileName, url: manifest.url(product, version),
            isNeeded: isNeeded, state: .missing)
        let path = folder + "/" + fileName
        guard FileManager.default.fileExists(atPath: path) else { return asset }
        let found: String
        do {
            found = try SHA256.hex(ofFile: path)
        } catch {
            asset.state = .unreadable(error.summary)
            return asset
        }
        if let known = manifest.checksum(product, version) {
            // A tarball that was packed again has another checksum, and may have been recorded as such: the manifest's
            // word is for the publisher's bytes and comes first.
            asset.state =
                known == found
                ? .present(sha256: found, by: .manifest) : .wrong(expected: known, found: found, by: .manifest)
        } else if let known = recorded[fileName] {
            asset.state =
                known == found
                ? .present(sha256: found, by: .recorded) : .wrong(expected: known, found: found, by: .recorded)
        } else {
            asset.state = .unrecorded(sha256: found)
        }
        return asset
    }

    /// The tarball of a version, its checksum verified.
    package func tarball(_ product: String, _ version: String) throws(Failure) -> Tarball {
        let asset = try asset(product, version)
        let path = folder + "/" + asset.fileName
        guard case .present(let sha256, _) = asset.state else {
            let problem = problem(of: asset) ?? (message: "\(path) cannot be used", remedy: "Add it again.")
            throw Failure(.input, step: "\(product).version", summary: problem.message, remedy: problem.remedy)
        }
        return Tarball(path: path, sha256: sha256, size: LocalFile.size(path))
    }

    /// The checksum that a version's tarball should have, as far as anybody knows; the file itself is not read.
    package func checksum(_ product: String, _ version: String) -> String? {
        if let known = manifest.checksum(product, version) { return known }
        return (try? ChecksumFile(folder: folder))?.checksums[fileName(product, version)]
    }

    /// The name of a version's tarball: one in the folder, recorded ones and those of haprov's own naming first, or else the
    /// one that it would be kept as.
    package func fileName(_ product: String, _ version: String) -> String {
        let recorded = (try? ChecksumFile(folder: folder))?.checksums ?? [:]
        let kept = TarballName.endings.map { keptName(product, version, ending: $0) }
        let present = fileNames().filter { fileName in
            let name = TarballName(fileName, manifest: manifest)
            return name?.product == product && name?.version == version
        }
        return present.first { recorded[$0] != nil } ?? present.first(where: kept.contains) ?? present.first ?? kept[0]
    }

    func keptName(_ product: String, _ version: String, ending: String) -> String {
        let pattern = manifest.products[product]?.names.first ?? "\(product)-{version}"
        return Placeholders.fill(pattern, version: version) + ending
    }

    private func fileNames() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}
