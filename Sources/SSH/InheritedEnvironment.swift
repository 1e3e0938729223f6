import Glibc

/// The environment that programs of this machine get which haprov starts.
package enum InheritedEnvironment {
    /// haprov's own without some variables, for posix_spawn(3); whoever gets it frees what it points to.
    package static func without(_ hidden: Set<String>) -> [UnsafeMutablePointer<CChar>?] {
        var found: [UnsafeMutablePointer<CChar>?] = []
        var next = environ
        while let entry = next.pointee {
            if !hidden.contains(String(String(cString: entry).prefix { $0 != "=" })) { found.append(strdup(entry)) }
            next += 1
        }
        return found + [nil]
    }
}
