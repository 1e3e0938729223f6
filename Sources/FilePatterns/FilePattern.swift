import CLinux

/// glob(7) with braces. The C library's own looks users up, which a static program cannot.
package enum FilePattern {
    /// The files that a pattern names, in the order of its braces, then of the names.
    package static func files(_ pattern: String) -> [String] { alternatives(pattern).flatMap(matches) }

    /// Braces written out: `a{b,c}d` is `abd` and `acd`.
    private static func alternatives(_ pattern: String) -> [String] {
        guard let open = pattern.firstIndex(of: "{") else { return [pattern] }
        var depth = 0
        var parts: [String] = []
        var start = pattern.index(after: open)
        for index in pattern[open...].indices {
            switch pattern[index] {
            case "{": depth += 1
            case "," where depth == 1:
                parts.append(String(pattern[start..<index]))
                start = pattern.index(after: index)
            case "}":
                depth -= 1
                guard depth == 0 else { continue }
                parts.append(String(pattern[start..<index]))
                let before = pattern[..<open], after = pattern[pattern.index(after: index)...]
                return parts.flatMap { alternatives(before + $0 + after) }
            default: break
            }
        }
        return [pattern]
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = [pattern.hasPrefix("/") ? "/" : ""]
        for component in pattern.split(separator: "/").map(String.init) {
            let isPattern = component.contains { "*?[\\".contains($0) }
            found = found.flatMap { directory in
                isPattern
                    ? names(in: directory.isEmpty ? "." : directory, like: component).map { join(directory, $0) }
                    : [join(directory, component)]
            }
        }
        return found.filter { access($0, F_OK) == 0 }
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty || directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    private static func names(in directory: String, like pattern: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { octets in
                String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
            }
            if fnmatch(pattern, name, FNM_PERIOD) == 0 { names.append(name) }
        }
        return names.sorted()
    }
}
