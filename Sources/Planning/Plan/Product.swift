import Digests
import Inventory

/// A product that is compiled: the inventory's choice joined with what the manifest knows of it.
package struct Product: Sendable, Equatable {
    package var name: String
    package var version: String
    package var prefix: String
    /// The tarball's file name on the controller.
    package var tarball: String
    package var buildPackages: [String]
    /// What its builds follow from, beside the platform: the tarball's digest and every flag.
    package var basis: String
    /// The builds that the controller has already.
    package var cached: Set<BuildID> = []
    /// What their trees take, in bytes, as far as it is known.
    package var sizes: [BuildID: Int] = [:]
    /// Bytes; 0 where the tarball is not there.
    package var tarballSize = 0
    /// Why it cannot be compiled against OpenSSL, by that one's major version; by nil where it is not known.
    package var unfit: [Int?: String] = [:]
    /// `NAME=VALUE` for make, as the inventory has them.
    package var makeOptions: [String] = []
    /// Of which packages, as the manifest names them, only that version or a later one will do.
    package var leastVersions: [String: Version] = [:]

    package init(
        name: String, version: String, prefix: String, tarball: String, buildPackages: [String], basis: String,
        cached: Set<BuildID> = [], unfit: [Int?: String] = [:]
    ) {
        self.name = name
        self.version = version
        self.prefix = prefix
        self.tarball = tarball
        self.buildPackages = buildPackages
        self.basis = basis
        self.cached = cached
        self.unfit = unfit
    }

    /// What the tree of a build takes, in bytes. Of one that is to be compiled yet: trees take up to four times what their
    /// tarballs do.
    package func size(of build: BuildID) -> Int { sizes[build] ?? 6 * tarballSize }

    /// What compiling takes for a while, in bytes: sources, objects with what debuggers want, the tree and its archive.
    package var sizeOfCompiling: Int { 30 * tarballSize }

    /// The identity of its build for a platform.
    package func identity(for system: System) -> BuildID {
        BuildID(String(SHA256.hex(Array((basis + "\n" + system.buildPlatform).utf8)).prefix(16)))
    }
}
