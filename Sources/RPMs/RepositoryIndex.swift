/// The index of a folder of RPMs, as yum and dnf read it: what createrepo_c makes, without changelogs and databases.
package struct RepositoryIndex {
    /// The files of `repodata` that `repomd.xml` lists, uncompressed.
    package private(set) var primary: String
    package private(set) var fileLists: String

    /// An RPM, and what its headers do not say.
    package struct Entry {
        package var package: RPMPackage
        /// In the folder.
        package var fileName: String
        /// In bytes.
        package var size: Int
        /// In seconds since 1970.
        package var modified: Int
        /// SHA-256 in hexadecimal digits.
        package var digest: String

        package init(_ package: RPMPackage, fileName: String, size: Int, modified: Int, digest: String) {
            self.package = package
            self.fileName = fileName
            self.size = size
            self.modified = modified
            self.digest = digest
        }
    }

    package init(_ entries: [Entry]) {
        let head = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        let names = "http://linux.duke.edu/metadata"
        primary =
            "\(head)<metadata xmlns=\"\(names)/common\" xmlns:rpm=\"\(names)/rpm\" packages=\"\(entries.count)\">\n"
            + entries.map(Self.primary).joined() + "</metadata>\n"
        fileLists =
            "\(head)<filelists xmlns=\"\(names)/filelists\" packages=\"\(entries.count)\">\n"
            + entries.map(Self.fileLists).joined() + "</filelists>\n"
    }

    /// A file of the index, for ``catalogue(_:revision:)``.
    package struct Part {
        /// `primary` or `filelists`.
        package var type: String
        package var fileName: String
        /// In bytes and SHA-256, as it is and uncompressed.
        package var size: Int
        package var digest: String
        package var openSize: Int
        package var openDigest: String

        package init(
            _ type: String, fileName: String, size: Int, digest: String, openSize: Int, openDigest: String
        ) {
            self.type = type
            self.fileName = fileName
            self.size = size
            self.digest = digest
            self.openSize = openSize
            self.openDigest = openDigest
        }
    }

    /// The text of `repomd.xml`.
    ///
    /// - Parameter revision: in seconds since 1970.
    package static func catalogue(_ parts: [Part], revision: Int) -> String {
        let names = "http://linux.duke.edu/metadata"
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#, "<repomd xmlns=\"\(names)/repo\" xmlns:rpm=\"\(names)/rpm\">",
            "  <revision>\(revision)</revision>",
        ]
        for part in parts {
            lines += [
                "  <data type=\"\(part.type)\">", "    <checksum type=\"sha256\">\(part.digest)</checksum>",
                "    <open-checksum type=\"sha256\">\(part.openDigest)</open-checksum>",
                "    <location href=\"repodata/\(part.fileName)\"/>", "    <timestamp>\(revision)</timestamp>",
                "    <size>\(part.size)</size>", "    <open-size>\(part.openSize)</open-size>", "  </data>",
            ]
        }
        return lines.joined(separator: "\n") + "\n</repomd>\n"
    }
}

extension RepositoryIndex {
    private static func primary(_ entry: Entry) -> String {
        let package = entry.package
        func element(_ name: String, of key: String) -> String {
            "<\(name)>\(escaped(package.texts[key] ?? ""))</\(name)>"
        }
        var lines = [
            "<package type=\"rpm\">", "  <name>\(escaped(package.name))</name>",
            "  <arch>\(escaped(package.architecture))</arch>", "  \(version(package))",
            "  <checksum type=\"sha256\" pkgid=\"YES\">\(entry.digest)</checksum>",
        ]
        lines += ["summary", "description", "packager", "url"].map { "  " + element($0, of: $0) }
        lines += [
            "  <time file=\"\(entry.modified)\" build=\"\(package.buildTime)\"/>",
            "  <size package=\"\(entry.size)\" installed=\"\(package.sizes.installed)\" "
                + "archive=\"\(package.sizes.archive)\"/>",
            "  <location href=\"\(escaped(entry.fileName))\"/>", "  <format>",
        ]
        lines += ["license", "vendor", "group", "buildhost", "sourcerpm"].map { "    " + element("rpm:" + $0, of: $0) }
        let range = package.headerRange
        lines.append("    <rpm:header-range start=\"\(range.lowerBound)\" end=\"\(range.upperBound)\"/>")
        for kind in relationKinds {
            let relations = relations(package, kind)
            guard !relations.isEmpty else { continue }
            lines.append("    <rpm:\(kind)>")
            lines += relations.map { "      " + self.entry($0) }
            lines.append("    </rpm:\(kind)>")
        }
        lines += package.files.filter { isPrimary($0.path) }.map { "    " + file($0) }
        return lines.joined(separator: "\n") + "\n  </format>\n</package>\n"
    }

    private static func fileLists(_ entry: Entry) -> String {
        let package = entry.package
        let head =
            "<package pkgid=\"\(entry.digest)\" name=\"\(escaped(package.name))\" "
            + "arch=\"\(escaped(package.architecture))\">\n  \(version(package))\n"
        return head + package.files.map { "  \(file($0))\n" }.joined() + "</package>\n"
    }

    private static let relationKinds = [
        "provides", "requires", "conflicts", "obsoletes", "suggests", "enhances", "recommends", "supplements",
    ]

    /// Each once; what a package requires of rpm itself, or finds among its own files, is nothing to look for.
    private static func relations(_ package: RPMPackage, _ kind: String) -> [RPMPackage.Relation] {
        var seen: Set<RPMPackage.Relation> = []
        let own = Set(package.files.map(\.path).filter(isPrimary))
        return (package.relations[kind] ?? []).filter { relation in
            if kind == "requires", relation.name.hasPrefix("rpmlib(") || own.contains(relation.name) { return false }
            return seen.insert(relation).inserted
        }
    }

    /// Which files other packages may require by their paths without the lists of files being read.
    private static func isPrimary(_ path: String) -> Bool {
        path.hasPrefix("/etc/") || path.contains("bin/") || path == "/usr/lib/sendmail"
    }

    private static func version(_ package: RPMPackage) -> String {
        "<version \(attributes(package.version))/>"
    }

    private static func attributes(_ version: RPMPackage.Version) -> String {
        let release = version.release.map { " rel=\"\(escaped($0))\"" } ?? ""
        return "epoch=\"\(escaped(version.epoch))\" ver=\"\(escaped(version.version))\"\(release)"
    }

    private static func entry(_ relation: RPMPackage.Relation) -> String {
        let version = relation.comparison.map { " flags=\"\($0)\" \(attributes(.init(relation.version)))" } ?? ""
        return "<rpm:entry name=\"\(escaped(relation.name))\"\(version)\(relation.isEarly ? " pre=\"1\"" : "")/>"
    }

    private static func file(_ file: RPMPackage.File) -> String {
        let type = file.kind == .file ? "" : " type=\"\(file.kind.rawValue)\""
        return "<file\(type)>\(escaped(file.path))</file>"
    }

    /// XML 1.0 has no way to say most control characters.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t", "\r": escaped.unicodeScalars.append(scalar)
            default: escaped.unicodeScalars.append(scalar.value < 32 ? " " : scalar)
            }
        }
        return escaped
    }
}
