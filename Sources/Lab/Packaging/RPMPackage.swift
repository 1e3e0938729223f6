/// An RPM to be packed.
struct RPMPackage: Equatable {
    /// A file, or a directory that goes with the package.
    struct File: Hashable {
        var path: String
        var isDirectory: Bool
    }

    /// What is run as it is installed or removed.
    struct Script: Hashable {
        /// `pre`, `post`, `preun` or `postun`.
        var moment: String
        var text: String
    }

    var name: String
    var version: String
    var release: String
    var requires: [String]
    var provides: [String]
    var files: [File]
    var scripts: [Script] = []

    /// Version and release for RPM of a Debian version: `1:2.40-2` is 2.40 and 2.lab.
    static func version(debian: String) -> (version: String, release: String) {
        let plain = debian.split(separator: ":", maxSplits: 1).last.map(String.init) ?? debian
        guard let dash = plain.lastIndex(of: "-") else { return (plain, "1.lab") }
        let upstream = plain[..<dash].map { $0 == "-" ? "." : $0 }
        return (String(upstream), plain[plain.index(after: dash)...] + ".lab")
    }
}
