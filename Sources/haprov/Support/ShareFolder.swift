import Errors
import Foundation
import Provisioning

/// Where haprov's own playbooks and manifest are, and where it keeps what it compiles.
enum ShareFolder {
    /// `../share/haprov` of an installed haprov, or the source tree that it was built in.
    private static func find(_ name: String) throws(Failure) -> String {
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appendingPathComponent("share/haprov/\(name)").path
        if FileManager.default.fileExists(atPath: installed) { return installed }
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let path = folder.appendingPathComponent(name).path
            if FileManager.default.fileExists(atPath: path),
                FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path)
            {
                return path
            }
        }
        throw Failure(
            .input, step: "start", summary: "haprov's own \(name) cannot be found (looked for \(installed))",
            remedy: "Install haprov with `make install`, which puts it there.")
    }

    static func playbooks() throws(Failure) -> String { try find("Playbooks") }

    static func manifest() throws(Failure) -> String { try find("Assets") + "/manifest.yml" }

    /// `$HAPROV_CACHE`, or haprov in `$XDG_CACHE_HOME` or `~/.cache`.
    static var cache: String {
        let environment = ProcessInfo.processInfo.environment
        if let own = environment["HAPROV_CACHE"], !own.isEmpty { return own }
        let base = environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        return base + "/haprov"
    }
}
