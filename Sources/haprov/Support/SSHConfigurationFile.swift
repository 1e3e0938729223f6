import FilePatterns
import Foundation
import Inventory
import SSH
import YAMLReading

/// Reads OpenSSH's client configuration, with what it includes, from the disk.
struct SSHConfigurationFile {
    /// Why a file cannot be used, as a part of a sentence that begins with its name; and what to do.
    struct Problem: Error {
        var reason: String
        var remedy: String
    }

    private(set) var configuration = SSHConfiguration()
    private(set) var faults: [Diagnostic] = []
    /// As OpenSSH's own (READCONF_MAX_DEPTH).
    private static let deepest = 16

    /// - Parameter path: as people write it, with `~`.
    init(_ path: String) throws(Problem) {
        configuration.entries = try entries(of: path, depth: 0)
    }

    private mutating func entries(of path: String, depth: Int) throws(Problem) -> [SSHConfiguration.Entry] {
        let (lines, faults) = SSHConfiguration.lines(of: try Self.text(path), file: path)
        self.faults += faults
        var entries: [SSHConfiguration.Entry] = []
        for line in lines {
            guard line.name == "include" else {
                entries.append(.line(line))
                continue
            }
            guard depth < Self.deepest else {
                fault(line, "files include one another more than \(Self.deepest) deep", "Take one `Include` out.")
                continue
            }
            for file in line.arguments.flatMap(Self.files) {
                do throws(Problem) {
                    entries.append(.included(try self.entries(of: file, depth: depth + 1)))
                } catch {
                    fault(line, "the included file \(file) \(error.reason)", error.remedy)
                }
            }
        }
        return entries
    }

    private mutating func fault(_ line: SSHConfiguration.Line, _ message: String, _ remedy: String) {
        faults.append(line.place.diagnostic(.error, message, remedy))
    }

    /// The files of an `Include`, which is relative to ~/.ssh; none is fine.
    private static func files(_ pattern: String) -> [String] {
        let isWhole = pattern.hasPrefix("/") || pattern.hasPrefix("~")
        let home = LocalFile.home.map { $0 + "/" } ?? ""
        return FilePattern.files(LocalFile.expand(isWhole ? pattern : "~/.ssh/" + pattern)).map {
            home.count > 1 && $0.hasPrefix(home) ? "~/" + $0.dropFirst(home.count) : $0
        }
    }

    /// Nobody else may be able to write it: what it names is run, and believed.
    private static func text(_ path: String) throws(Problem) -> String {
        let file = LocalFile.expand(path)
        var status = stat()
        guard stat(file, &status) == 0 else {
            throw Problem(reason: "cannot be read: \(String(cString: strerror(errno)))", remedy: "Look at its name.")
        }
        guard status.st_mode & S_IFMT == S_IFREG, let data = FileManager.default.contents(atPath: file) else {
            throw Problem(reason: "cannot be read", remedy: "Look whether it is a file, and at its rights.")
        }
        guard status.st_uid == 0 || status.st_uid == getuid() else {
            throw Problem(
                reason: "belongs to another user, and says which programs run",
                remedy: "Run haprov as its owner, or copy it and name the copy.")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw Problem(
                reason: "can be written by others, and says which programs run", remedy: "`chmod go-w \(path)`.")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
