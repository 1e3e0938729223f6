import Foundation

/// A folder that goes when nobody holds it any more.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "haprov-ssh-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file that only its owner can read, and gives its path.
    @discardableResult
    func file(_ name: String, _ content: Data) -> String {
        _ = FileManager.default.createFile(
            atPath: path(name), contents: content, attributes: [.posixPermissions: 0o600])
        return path(name)
    }

    @discardableResult
    func file(_ name: String, _ content: String) -> String { file(name, Data(content.utf8)) }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
}
