/// The two spec files of an image, worked out from what `image.sh` wrote down.
struct ImagePackages {
    /// What balancers can install.
    var repository: [RPMPackage]
    /// What balancers have.
    var base: [RPMPackage]

    /// - Parameters:
    ///   - baseStatus: dpkg's status file of a balancer.
    ///   - baseLists: dpkg's file lists, each after a line `= PACKAGE`.
    ///   - baseTree: each file of a balancer: its type's letter as of find(1), a blank, its path.
    ///   - payloadStatus: the control stanzas of the packages to be packed.
    ///   - payloadTree: each of their files: the type's letter, a blank, the package's name, `/`, its path.
    init(
        names: PackageNames, baseStatus: String, baseLists: String, baseTree: String, payloadStatus: String,
        payloadTree: String
    ) {
        let installed = DebianPackage.parse(status: baseStatus)
        let payload = DebianPackage.parse(status: payloadStatus)
        let grouping = PackageGrouping(names: names, packages: installed + payload)
        let tree = Self.tree(baseTree)
        base =
            grouping.rpms(of: installed, files: Self.files(lists: baseLists, present: tree)) + grouping.ownRPMs()
        repository = grouping.rpms(of: payload, files: Self.files(payloadTree: payloadTree, base: tree))
    }

    /// Paths and whether each is a directory.
    private static func tree(_ text: String) -> [String: Bool] {
        var tree: [String: Bool] = [:]
        for line in text.split(separator: "\n") {
            tree[String(line.dropFirst(2))] = line.hasPrefix("d")
        }
        return tree
    }

    private static func files(lists: String, present: [String: Bool]) -> [String: [RPMPackage.File]] {
        var files: [String: [RPMPackage.File]] = [:]
        var package = ""
        for line in lists.split(separator: "\n") {
            if line.hasPrefix("= ") {
                package = String(line.dropFirst(2))
                continue
            }
            let path = canonical(String(line))
            // Manual pages and the like were left out when the package was unpacked.
            guard let isDirectory = present[path] else { continue }
            files[package, default: []].append(RPMPackage.File(path: path, isDirectory: isDirectory))
        }
        return files
    }

    private static func files(payloadTree: String, base: [String: Bool]) -> [String: [RPMPackage.File]] {
        var files: [String: [RPMPackage.File]] = [:]
        for line in payloadTree.split(separator: "\n") {
            let path = line.dropFirst(2)
            guard let slash = path.firstIndex(of: "/") else { continue }
            let file = String(path[slash...])
            // What the base has already stays the base's, or taking a package back would take it away.
            guard base[file] == nil else { continue }
            files[String(path[..<slash]), default: []].append(
                RPMPackage.File(path: file, isDirectory: line.hasPrefix("d")))
        }
        return files
    }

    /// Where a path really is: /bin, /lib and the like are links into /usr.
    static func canonical(_ path: String) -> String {
        for top in ["bin", "sbin", "lib", "lib64", "lib32", "libx32"] where path.hasPrefix("/\(top)/") {
            return "/usr" + path
        }
        return path
    }
}
