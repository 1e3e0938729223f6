import Digests
import Errors
import Inventory
import Planning
import SSH

/// How the products of a cluster are compiled: the inventory's versions joined with the manifest and the tarballs.
package struct Recipes: Sendable {
    private struct Entry {
        var recipe: BuildRecipe
        /// `NAME=VALUE` for make, as the inventory has them.
        var options: [String]
        /// The tarball's digest in hexadecimal digits: the one recorded, until the file itself has been read.
        var digest: String
        var tarball: String
    }

    private let entries: [Entry]
    private let manifest: AssetManifest
    private let store: AssetStore

    /// - Throws: where the manifest does not know how a version is compiled.
    package init(cluster: Cluster, manifest: AssetManifest, store: AssetStore) throws(Failure) {
        self.manifest = manifest
        self.store = store
        var entries: [Entry] = []
        for compiled in cluster.compiledProducts {
            let (product, version, prefix) = (compiled.name, compiled.version, compiled.prefix)
            guard
                let recipe = manifest.recipe(
                    product, version: version, prefix: prefix, options: compiled.makeOptions)
            else {
                throw Failure(
                    .input, step: "\(product).version",
                    summary: "the manifest has no rule for compiling \(product) \(version)",
                    remedy: "Add one to Assets/manifest.yml, or choose another version.")
            }
            entries.append(
                Entry(
                    recipe: recipe, options: compiled.makeOptions, digest: store.checksum(product, version) ?? "",
                    tarball: store.fileName(product, version)))
        }
        self.entries = entries
    }

    /// What every host needs, by product.
    package var runtimePackages: [String: [String]] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.recipe.product, $0.recipe.runPackages) })
    }

    /// Whether a product is compiled with an option of make, be it the inventory or the manifest that says so; nil where it is
    /// not compiled.
    package func compiles(_ product: String, with option: String) -> Bool? {
        entries.first { $0.recipe.product == product }?.recipe.hasOption(option)
    }

    /// What the host that compiles needs, for all products.
    package var buildPackages: [String] { entries.flatMap(\.recipe.buildPackages) }

    /// What each product is compiled from, and how: SHA-256 in hexadecimal digits.
    package var digests: [String: String] {
        Dictionary(
            uniqueKeysWithValues: entries.map { ($0.recipe.product, SHA256.hex(Array(basis($0).utf8))) })
    }

    private func basis(_ entry: Entry) -> String {
        let recipe = entry.recipe
        let flags = manifest.flags(
            recipe.product, version: recipe.version, prefix: recipe.prefix, options: entry.options)
        return ([entry.digest] + flags).joined(separator: "\n")
    }

    func products(cache: ArtifactCache) -> [Product] {
        let cached = cache.contents
        return entries.map { entry in
            let recipe = entry.recipe
            var unfit: [Int?: String] = [:]
            for openSSL in [nil] + (0...9).map(Optional.some) {
                unfit[openSSL] =
                    manifest.recipe(
                        recipe.product, version: recipe.version, tools: BuildTools(openSSL: openSSL),
                        prefix: recipe.prefix, options: entry.options
                    )?.unfit
            }
            var product = Product(
                name: recipe.product, version: recipe.version, prefix: recipe.prefix, tarball: entry.tarball,
                buildPackages: recipe.buildPackages, basis: basis(entry), cached: cached, unfit: unfit)
            product.makeOptions = entry.options
            product.leastVersions = recipe.leastVersions
            for id in cached { product.sizes[id] = cache.size(id) }
            product.tarballSize = LocalFile.size("\(store.folder)/\(entry.tarball)")
            return product
        }
    }

    /// The tarball's path, its checksum verified.
    func tarball(_ product: String) throws(Failure) -> String {
        guard let entry = entries.first(where: { $0.recipe.product == product }) else { return "" }
        return try store.tarball(product, entry.recipe.version).path
    }

    /// - Throws: where a product's tarball holds other sources than those that its recipe compiles.
    package func refuseFlawed(_ product: String) throws(Failure) {
        guard let entry = entries.first(where: { $0.recipe.product == product }),
            let flaw = store.flaw(of: try store.asset(product, entry.recipe.version))
        else { return }
        throw Failure(.input, step: "\(product).version", summary: flaw.message, remedy: flaw.remedy)
    }

    func recipe(_ product: String, tools: BuildTools) throws(Failure) -> BuildRecipe {
        guard let entry = entries.first(where: { $0.recipe.product == product }),
            let recipe = manifest.recipe(
                product, version: entry.recipe.version, tools: tools, prefix: entry.recipe.prefix,
                options: entry.options)
        else {
            throw Failure(
                .input, step: product, summary: "no rule for compiling it", remedy: "Mend Assets/manifest.yml.")
        }
        return recipe
    }
}
