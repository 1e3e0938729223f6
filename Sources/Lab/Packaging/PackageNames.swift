/// Which RPM each Debian package becomes; read from `rpm-names.txt`, whose first lines explain it, and the system's own list.
struct PackageNames: Equatable {
    /// An RPM made of files that no Debian package owns.
    struct Own: Equatable {
        var name: String
        var version: String
        var release: String
        var files: [String]
    }

    /// A part of a Debian package that is an RPM of its own.
    struct Split: Equatable {
        var prefix: String
        var name: String
    }

    private(set) var names: [String: String] = [:]
    /// The Debian package that gives each RPM its version.
    private(set) var leaders: [String: String] = [:]
    private(set) var dropped: Set<String> = []
    /// Paths that no RPM has, with everything below them.
    private(set) var left: [String] = []
    private(set) var own: [Own] = []
    private(set) var splits: [String: Split] = [:]
    private(set) var requires: [String: [String]] = [:]
    private(set) var provides: [String: [String]] = [:]
    private(set) var scripts: [String: [RPMPackage.Script]] = [:]

    init(text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case nil: continue
            case "+own": addOwn(words)
            case "+leave": left += words.dropFirst()
            case "+split" where words.count == 4: splits[words[1]] = Split(prefix: words[2], name: words[3])
            case "+require" where words.count >= 3:
                requires[words[1], default: []].append(words[2...].joined(separator: " "))
            case "+provide" where words.count >= 3:
                provides[words[1], default: []].append(words[2...].joined(separator: " "))
            case "+script" where words.count > 3:
                scripts[words[1], default: []].append(
                    RPMPackage.Script(moment: words[2], text: words[3...].joined(separator: " ")))
            case "-": dropped.formUnion(words.dropFirst(2))
            case let first?:
                let name = String(first.dropLast())
                for debian in words.dropFirst() { names[debian] = name }
                leaders[name] = words.dropFirst().first
            }
        }
    }

    private mutating func addOwn(_ words: [String]) {
        guard words.count > 3, let dash = words[2].firstIndex(of: "-") else { return }
        own.append(
            Own(
                name: words[1], version: String(words[2][..<dash]),
                release: String(words[2][words[2].index(after: dash)...]), files: Array(words[3...])))
    }

    /// The RPM of a Debian package; nil where there is none.
    func rpm(for debian: String) -> String? { dropped.contains(debian) ? nil : names[debian] ?? debian }

    /// The RPM that a file of a Debian package goes into.
    func rpm(for debian: String, file: String) -> String? {
        if left.contains(where: { file == $0 || file.hasPrefix($0 + "/") }) { return nil }
        if let split = splits[debian], file == split.prefix || file.hasPrefix(split.prefix + "/") { return split.name }
        return rpm(for: debian)
    }
}
