import Foundation

/// The checkout that the tests were built from.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Files by their paths below the root, sorted; what is hidden, such as builds, is left out.
    static func files(in folder: String = "", ending: String) -> [String] {
        let start = folder.isEmpty ? root : root.appending(path: folder)
        let found = FileManager.default.enumerator(
            at: start, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
        return (found?.compactMap { ($0 as? URL)?.path } ?? [])
            .filter { $0.hasSuffix(ending) }.map { String($0.dropFirst(root.path.count + 1)) }.sorted()
    }
}
