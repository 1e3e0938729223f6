import FoundationEssentials

/// Files on the controller.
enum LocalFile {
    /// Bytes; 0 where there is no such file.
    static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    /// Nothing there is fine.
    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
