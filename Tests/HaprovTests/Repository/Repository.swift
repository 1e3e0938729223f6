import Foundation

/// The checkout that the tests were built from.
enum Repository {
    /// What `Tools/module-picture` prints. Not by `Command`: tests take their arguments from it, which cannot wait.
    static func modulePicture(_ arguments: String...) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = root.appendingPathComponent("Tools/module-picture")
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

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
