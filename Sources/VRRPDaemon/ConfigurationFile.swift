import FilePatterns
import CLinux
import VRRP

/// Reads keepalived.conf and what it includes from the disk.
enum ConfigurationFile {
    /// A configuration of megabytes is none.
    private static let most = 8 << 20

    static func read(_ path: String) throws(SystemError) -> ConfigurationReader.Result {
        ConfigurationReader.read(.init(file: path, text: try text(path))) { pattern, from in
            included(pattern, from: from)
        }
    }

    /// What a pattern names, seen from the directory of the file that has it.
    private static func included(_ pattern: String, from file: String) -> [ConfigurationReader.Source] {
        var pattern = pattern
        if !pattern.hasPrefix("/"), let slash = file.lastIndex(of: "/") { pattern = file[...slash] + pattern }
        return FilePattern.files(pattern).compactMap { path in
            (try? text(path)).map { .init(file: path, text: $0) }
        }
    }

    private static func text(_ path: String) throws(SystemError) -> String {
        let descriptor = linux_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
        guard descriptor >= 0 else { throw SystemError("opening \(path)") }
        defer { close(descriptor) }
        var octets: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = CLinux.read(descriptor, &part, part.count)
            guard count >= 0 else { throw SystemError("reading \(path)") }
            if count == 0 { break }
            octets += part.prefix(count)
            guard octets.count <= most else { throw SystemError("reading \(path)", errno: EFBIG) }
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
