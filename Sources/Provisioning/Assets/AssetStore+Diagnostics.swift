import Archives
import Errors
import Inventory
import YAMLReading

extension AssetStore {
    /// What is wrong with the tarballs and recipes that a cluster needs, shown at the versions in its inventory.
    package func diagnostics(for cluster: Cluster, reading: InventoryReader.Reading, file: String) -> [Diagnostic] {
        cluster.compiledProducts.compactMap { product in
            guard let problem = problem(with: product.name, product.version) else { return nil }
            return reading.diagnostic(
                .error, at: "\(product.name).version", file: file, message: problem.message, remedy: problem.remedy)
        }
    }

    private func problem(with product: String, _ version: String) -> (message: String, remedy: String)? {
        if manifest.recipe(product, version: version, prefix: "/") == nil {
            return (
                "the manifest of tarballs does not say how \(product) \(version) is compiled",
                "Choose another version, or describe it in \(folder)/manifest.yml."
            )
        }
        do throws(Failure) {
            return problem(of: try asset(product, version))
        } catch {
            return (error.summary, error.remedy)
        }
    }

    /// What is wrong with a tarball, and what to do; nil where nothing is.
    package func problem(of asset: Asset) -> (message: String, remedy: String)? {
        let path = "\(folder)/\(asset.fileName)"
        let source = asset.url.isEmpty ? "its publisher" : asset.url
        switch asset.state {
        case .present: return nil
        case .missing:
            return (
                "the tarball of \(asset.product) \(asset.version) is missing: \(path)",
                "Get \(source) on a machine with a network, then run `haprov assets add \(asset.fileName)`."
            )
        case .unrecorded(let sha256):
            return (
                "nobody vouches for \(path): its checksum is not known",
                "Compare its SHA-256, \(sha256), with the publisher's, then run `haprov assets add \(path)`."
            )
        case .wrong(let expected, let found, let witness):
            let word = witness == .manifest ? "the manifest has" : "it was recorded with"
            return (
                "\(path) has the wrong checksum: \(word) SHA-256 \(expected), the file has \(found)",
                "Do not use it. Remove it, get \(source) again and run `haprov assets add \(asset.fileName)`."
            )
        case .unreadable(let why): return (why, "Make \(path) readable for you.")
        }
    }

    /// What is wrong inside a tarball whose checksum is right; nil where nothing is.
    package func flaw(of asset: Asset) -> (message: String, remedy: String)? {
        guard case .present = asset.state, needsConfigure(asset.product, asset.version) else { return nil }
        let path = "\(folder)/\(asset.fileName)"
        do throws(ArchiveFault) {
            guard let compression = TarballListing.compression(of: path) else {
                throw ArchiveFault("it is not compressed by gzip, xz or bzip2")
            }
            let entries = try TarballListing(path: path, compression: compression).names
            return flaw(path, asset.product, asset.version, entries: entries)
        } catch {
            let source = asset.url.isEmpty ? "its publisher's" : asset.url
            return ("\(path) cannot be looked into: \(error.reason)", "Get \(source) and add it again.")
        }
    }

    /// What an archive of a repository lacks: `configure` is made for releases alone.
    func flaw(
        _ path: String, _ product: String, _ version: String, entries: [String]
    ) -> (message: String, remedy: String)? {
        let folder = Placeholders.fill(manifest.products[product]?.folder ?? "", version: version)
        guard needsConfigure(product, version), !entries.contains("\(folder)/configure") else { return nil }
        return (
            "\(path) holds no `configure`, which is how \(product) \(version) is compiled: it is an archive of the "
                + "repository, such as a tag's, and no release",
            "Get \(manifest.url(product, version)), the release, and run `haprov assets add` with it."
        )
    }

    private func needsConfigure(_ product: String, _ version: String) -> Bool {
        manifest.recipe(product, version: version, prefix: "/")?.configure != nil
    }
}
