/// An RPM spec file with one subpackage for each of many packages, whose files all stand in one build root.
enum SpecFile {
    /// - Parameter owners: `root` gives every file to root; `kept` leaves owners as they are on disk.
    static func text(name: String, packages: [RPMPackage], owners: Owners) -> String {
        var lines = [
            "Name: \(name)", "Version: 1", "Release: 1", "Summary: Packages of the lab", "License: as packaged",
            "AutoReqProv: no", "%description", "Packages of the lab.",
        ]
        for package in packages {
            lines += [
                "", "%package -n \(package.name)", "Version: \(package.version)", "Release: \(package.release)",
                "Summary: \(package.name)", "AutoReqProv: no",
            ]
            lines += package.requires.map { "Requires: \($0)" }
            lines += package.provides.map { "Provides: \($0)" }
            lines += ["%description -n \(package.name)", "\(package.name), as the lab packs it."]
        }
        // The build root is filled already, and must outlive the build.
        lines += ["", "%install", ":", "", "%clean", ":"]
        for package in packages {
            for script in package.scripts { lines += ["", "%\(script.moment) -n \(package.name)", script.text] }
            lines += ["", "%files -n \(package.name)", owners.attributes]
            lines += package.files.map { owners.mark($0) + quoted($0.path) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Whom the files belong to.
    enum Owners {
        case root, kept

        var attributes: String {
            switch self {
            case .root: "%defattr(-,root,root,-)"
            case .kept: "%defattr(-,-,-,-)"
            }
        }

        /// What stands before a file: what is to be installed has configuration, which outlives what was changed in it.
        func mark(_ file: RPMPackage.File) -> String {
            if file.isDirectory { return "%dir " }
            return self == .root && file.path.hasPrefix("/etc/") ? "%config(noreplace) " : ""
        }
    }

    /// File names in a spec are patterns and macros: what would mean something else is written as a pattern.
    private static func quoted(_ path: String) -> String {
        let literal = path.map { character in
            switch character {
            case "[": "[[]"
            case "]", "{", "}", "*", "\\", "\"": "?"
            case "%": "%%"
            default: String(character)
            }
        }
        return "\"" + literal.joined() + "\""
    }
}
