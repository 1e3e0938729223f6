/// A package, as the headers of its file describe it.
package struct RPMPackage: Sendable {
    /// `EPOCH:VERSION-RELEASE`.
    struct Version: Sendable, Equatable {
        var epoch = "0"
        var version = ""
        var release: String?
    }

    /// What it provides, requires and so on.
    struct Relation: Sendable, Hashable {
        var name: String
        /// `EQ`, `LT`, `LE`, `GT`, `GE`; nil for any version.
        var comparison: String?
        var version: String
        /// Whether it has to be there before scripts run.
        var isEarly: Bool
    }

    struct File: Sendable {
        enum Kind: String, Sendable { case file, folder = "dir", ghost }
        var path: String
        var kind: Kind
    }

    var name: String
    var architecture: String
    var version: Version
    /// Texts for people, and numbers, by the names that the index has for them.
    var texts: [String: String]
    /// In bytes, when installed and as an archive.
    var sizes: (installed: Int, archive: Int)
    /// In seconds since 1970.
    var buildTime: Int
    /// Where the main header stands in the file.
    var headerRange: Range<Int>
    /// By the names that the index has for them, such as `requires`.
    var relations: [String: [Relation]]
    var files: [File]

    /// Reads the headers, and nothing of what follows them.
    package init(_ file: some RandomAccessCollection<UInt8>) throws(RPMFault) {
        let lead = 96
        guard try RPMBytes(file).bytes(0, 4).elementsEqual([0xED, 0xAB, 0xEE, 0xDB]) else { throw RPMFault.damaged }
        let signature = try RPMHeader(file, at: lead)
        // The first header is filled up to eight bytes.
        let header = try RPMHeader(file, at: (signature.range.upperBound + 7) / 8 * 8)
        headerRange = header.range
        name = header.string(1000)
        guard !name.isEmpty else { throw RPMFault.damaged }
        // Sources have no package of sources.
        architecture = header.string(1044).isEmpty ? "src" : header.string(1022)
        version = Version(
            epoch: "\(header.number(1003) ?? 0)", version: header.string(1001), release: header.string(1002))
        texts = Self.texts.mapValues(header.string)
        sizes = (header.number(5009) ?? header.number(1009) ?? 0, header.number(271) ?? header.number(1046) ?? 0)
        // rpm 4 has it in the first header.
        if sizes.archive == 0 { sizes.archive = signature.number(271) ?? signature.number(1007) ?? 0 }
        buildTime = header.number(1006) ?? 0
        relations = Self.relations.mapValues { tags in
            let (names, flags, versions) = (header.strings(tags.0), header.numbers(tags.1), header.strings(tags.2))
            return names.indices.map { index in
                Relation(
                    names[index], flags: index < flags.count ? flags[index] : 0,
                    version: index < versions.count ? versions[index] : "")
            }
        }
        files = Self.files(header)
    }

    private static let texts = [
        "summary": 1004, "description": 1005, "packager": 1015, "url": 1020, "license": 1014, "vendor": 1011,
        "group": 1016, "buildhost": 1007, "sourcerpm": 1044,
    ]

    /// Tags of names, flags and versions.
    private static let relations = [
        "provides": (1047, 1112, 1113), "requires": (1049, 1048, 1050), "conflicts": (1054, 1053, 1055),
        "obsoletes": (1090, 1114, 1115), "recommends": (5046, 5048, 5047), "suggests": (5049, 5051, 5050),
        "supplements": (5052, 5054, 5053), "enhances": (5055, 5057, 5056),
    ]

    private static func files(_ header: RPMHeader) -> [File] {
        let (names, folders, indexes) = (header.strings(1117), header.strings(1118), header.numbers(1116))
        var paths = header.strings(1027)
        if paths.isEmpty, indexes.count == names.count {
            paths = zip(names, indexes).map { name, index in (index < folders.count ? folders[index] : "") + name }
        }
        let (modes, flags) = (header.numbers(1030), header.numbers(1037))
        return paths.enumerated().map { index, path in
            let isFolder = index < modes.count && modes[index] & 0o170000 == 0o040000
            let isGhost = index < flags.count && flags[index] & 64 != 0
            return File(path: path, kind: isFolder ? .folder : isGhost ? .ghost : .file)
        }
    }
}

extension RPMPackage.Version {
    /// From `EPOCH:VERSION-RELEASE`, of which only the version must be there.
    init(_ text: String) {
        var rest = text[...]
        if let colon = rest.firstIndex(of: ":") {
            epoch = String(rest[..<colon])
            rest = rest[rest.index(after: colon)...]
        }
        if let dash = rest.lastIndex(of: "-") {
            release = String(rest[rest.index(after: dash)...])
            rest = rest[..<dash]
        }
        version = String(rest)
    }
}

extension RPMPackage.Relation {
    /// - Parameter flags: RPMSENSE_LESS 2, GREATER 4, EQUAL 8; PREREQ 64, SCRIPT_PRE 512, SCRIPT_POST 1024.
    fileprivate init(_ name: String, flags: Int, version: String) {
        let comparison = [8: "EQ", 2: "LT", 10: "LE", 4: "GT", 12: "GE"][flags & 14]
        self.init(
            name: name, comparison: version.isEmpty ? nil : comparison, version: version, isEarly: flags & 1600 != 0)
    }
}
