/// Where compiled programs may be put: folders of their own, since rollback removes them whole.
enum InstallPrefix {
    /// Why a path cannot be a prefix, or nil where it can.
    static func problem(_ path: String) -> String? {
        guard path.hasPrefix("/") else { return "is not an absolute path" }
        guard path.wholeMatch(of: /[A-Za-z0-9._\/+-]+/) != nil, path.utf8.count <= 128 else {
            return "has characters other than letters, digits and `._+-/`, or more than 128 of them"
        }
        if path == "/" { return "is the root folder" }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
            return "is not in its shortest form, without `//`, `.`, `..` and a closing `/`"
        }
        if parts.count == 1 { return "is a folder of the system" }
        if let top = parts.first, ["proc", "sys", "dev", "run", "tmp", "boot"].contains(top) {
            return "lies in /\(top), which does not keep installed programs"
        }
        if parts.count == 2, ["usr", "var"].contains(parts[0]) { return "is a folder of the system" }
        if parts.count == 3, parts[0] == "usr", parts[1] == "local", systemFolders.contains(String(parts[2])) {
            return "is a folder of the system"
        }
        return nil
    }

    private static let systemFolders: Set = [
        "bin", "sbin", "lib", "lib64", "libexec", "etc", "share", "include", "src", "games", "man",
    ]
}
