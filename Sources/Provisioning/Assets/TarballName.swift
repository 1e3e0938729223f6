import Inventory

/// What a tarball's file name says of it.
struct TarballName: Equatable {
    static let endings = [".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2"]

    var product: String
    var version: String
    /// One of ``endings``.
    var ending: String

    /// Recognises a file name by the manifest's patterns; nil for anything else.
    init?(_ fileName: String, manifest: AssetManifest) {
        guard let ending = Self.endings.first(where: fileName.hasSuffix) else { return nil }
        let stem = fileName.dropLast(ending.count)
        for name in manifest.products.keys.sorted() {
            for pattern in manifest.products[name]?.names ?? [] {
                let parts = pattern.split(separator: "{version}", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, stem.count > parts[0].count + parts[1].count, stem.hasPrefix(parts[0]),
                    stem.hasSuffix(parts[1])
                else { continue }
                let version = String(stem.dropFirst(parts[0].count).dropLast(parts[1].count))
                guard Version(version) != nil else { continue }
                (self.product, self.version, self.ending) = (name, version, ending)
                return
            }
        }
        return nil
    }
}
