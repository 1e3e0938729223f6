import Texts

/// A Debian package as a control stanza describes it (deb-control(5)).
struct DebianPackage: Equatable {
    /// One way to meet a dependency.
    struct Alternative: Equatable {
        var name: String
        /// The version of a `(= VERSION)` relation.
        var exactVersion: String?
    }

    var name: String
    var version: String
    /// Each inner list is met by any one of its members. `Pre-Depends` come first.
    var dependencies: [[Alternative]]

    /// Reads the stanzas of a status file or of `dpkg-deb -f`; packages that are not installed are left out.
    static func parse(status: String) -> [DebianPackage] {
        var packages: [DebianPackage] = []
        var fields: [String: String] = [:]
        func finish() {
            if let name = fields["Package"], let version = fields["Version"],
                fields["Status"].map({ $0.hasSuffix(" installed") }) ?? true
            {
                let relations = [fields["Pre-Depends"], fields["Depends"]].compactMap { $0 }.joined(separator: ",")
                packages.append(
                    DebianPackage(name: name, version: version, dependencies: parse(relations: relations)))
            }
            fields = [:]
        }
        for line in status.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                finish()
            } else if line.first != " ", let colon = line.firstIndex(of: ":") {
                fields[String(line[..<colon])] = line[line.index(after: colon)...].trimmingBlanks()
            }
        }
        finish()
        return packages
    }

    /// Reads `a (= 1) | b, c:any (>= 2)`.
    static func parse(relations: String) -> [[Alternative]] {
        relations.split(separator: ",").map { clause in
            clause.split(separator: "|").compactMap { alternative in
                let words = alternative.split(separator: " ")
                guard let name = words.first?.split(separator: ":").first.map(String.init) else { return nil }
                let exact = words.count == 3 && words[1] == "(="
                return Alternative(name: name, exactVersion: exact ? String(words[2].dropLast()) : nil)
            }
        }.filter { !$0.isEmpty }
    }
}
