import Foundation

/// Where haprov keeps what it compiles.
enum CacheFolder {
    /// `$HAPROV_CACHE`, or haprov in `$XDG_CACHE_HOME` or `~/.cache`.
    static var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let own = environment["HAPROV_CACHE"], !own.isEmpty { return own }
        let base = environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        return base + "/haprov"
    }
}
