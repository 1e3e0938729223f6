import Foundation

/// Where the tarballs are.
enum AssetFolder {
    /// What `--assets` or `$HAPROV_ASSETS` says; nil where neither does.
    static func named(_ option: String?) -> String? {
        if let option { return option }
        guard let own = ProcessInfo.processInfo.environment["HAPROV_ASSETS"], !own.isEmpty else { return nil }
        return own
    }

    /// That, or else `assets` beside an inventory.
    static func path(_ option: String?, inventoryFolder: String) -> String {
        named(option) ?? inventoryFolder + "/assets"
    }
}
