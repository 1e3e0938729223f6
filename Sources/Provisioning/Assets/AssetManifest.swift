import Inventory
import Planning

/// The tarballs that haprov knows and how they are compiled: `Assets/manifest.yml`, as an operator can read and extend it.
package struct AssetManifest: Sendable, Equatable {
    /// Products by name: `haproxy`, `keepalived`.
    package var products: [String: Product]

    /// One product of the manifest.
    package struct Product: Sendable, Equatable {
        /// As in the inventory.
        package var name: String
        /// Where the publisher offers a tarball, with `{version}` and `{branch}`.
        package var url: String
        /// What a tarball may be called, with `{version}` and without its ending; the first is what it is kept as.
        package var names: [String]
        /// The one folder at a tarball's top, with `{version}`.
        package var folder: String
        /// SHA-256 in hexadecimal digits, by version.
        package var checksums: [String: String]
        /// In the order of the file.
        package var rules: [BuildRule]

        /// Whether any rule says how this version is made.
        package func builds(_ version: Version) -> Bool {
            rules.contains { $0.make != nil && $0.fits(version, tools: BuildTools()) }
        }
    }

    /// Adds another manifest: its checksums and products replace those of the same name, its rules follow, and its checks
    /// take the place of those of the same program and arguments.
    package func adding(_ other: AssetManifest) -> AssetManifest {
        var sum = self
        for (name, addition) in other.products {
            guard var product = sum.products[name] else {
                sum.products[name] = addition
                continue
            }
            if !addition.url.isEmpty { product.url = addition.url }
            product.names += addition.names.filter { !product.names.contains($0) }
            if !addition.folder.isEmpty { product.folder = addition.folder }
            product.checksums.merge(addition.checksums) { _, new in new }
            product.rules += addition.rules.map { rule in
                var rule = rule
                rule.isAddition = true
                return rule
            }
            sum.products[name] = product
        }
        return sum
    }

    /// Where the publisher offers a version.
    package func url(_ product: String, _ version: String) -> String {
        Placeholders.fill(products[product]?.url ?? "", version: version)
    }

    /// The checksum that the manifest knows for a version.
    package func checksum(_ product: String, _ version: String) -> String? { products[product]?.checksums[version] }

    /// How a version is compiled with a compiler for a prefix. Pure.
    ///
    /// - Parameters:
    ///   - tools: what the host that compiles has; rules for certain ones are left out where it is not known.
    ///   - prefix: where it is installed, absolute.
    ///   - options: `NAME=VALUE` for make, as the inventory has them; they follow those of the rules.
    /// - Returns: nil where the manifest has no rule for this product and version.
    package func recipe(
        _ product: String, version: String, tools: BuildTools = BuildTools(), prefix: String, options: [String] = []
    ) -> BuildRecipe? {
        guard let entry = products[product], let number = Version(version), entry.builds(number) else { return nil }
        var recipe = BuildRecipe(
            product: product, version: version, prefix: prefix,
            folder: Placeholders.fill(entry.folder, version: version))
        for rule in entry.rules where rule.fits(number, tools: tools, options: options) { recipe.add(rule) }
        recipe.makeArguments += options
        return recipe
    }

    /// Every way in which a version may be compiled, whichever tools the host that compiles has: what its builds follow from.
    func flags(_ product: String, version: String, prefix: String, options: [String] = []) -> [String] {
        let rules = products[product]?.rules ?? []
        /// One of each range that rules tell apart, and an unknown one.
        func versions(_ from: KeyPath<BuildRule, Int?>, _ below: KeyPath<BuildRule, Int?>) -> [Int?] {
            [nil, 0] + Set(rules.flatMap { [$0[keyPath: from], $0[keyPath: below]].compactMap { $0 } }).sorted()
        }
        // The first three are what an identity was made of before: what has no other keeps its builds.
        var tools = [nil, 4, 99].map { BuildTools(gcc: $0) }
        for gcc in versions(\.gccFrom, \.gccBelow) {
            for openSSL in versions(\.openSSLFrom, \.openSSLBelow) {
                tools += versions(\.pcreFrom, \.pcreBelow).map { BuildTools(gcc: gcc, openSSL: openSSL, pcre: $0) }
            }
        }
        let flags = tools.map {
            recipe(product, version: version, tools: $0, prefix: prefix, options: options)?.identity ?? ""
        }
        var seen = Set(flags.prefix(3))
        return flags.prefix(3) + flags.dropFirst(3).filter { seen.insert($0).inserted }
    }
}
