import Digests
import Foundation
import Planning
import SSH

extension StaticProgram {
    /// The program at this path, where it is one for x86-64 Linux that needs no shared library.
    ///
    /// - Parameter range: where it stands in the file, which otherwise is it.
    package init?(path: String, in range: Range<Int>? = nil) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let end = try? file.seekToEnd() else { return nil }
        let range = range ?? 0..<Int(end)
        guard (try? file.seek(toOffset: UInt64(range.lowerBound))) != nil,
            let head = try? file.read(upToCount: min(4096, range.count)), ELFHeader(Array(head))?.isStatic == true,
            let digest = try? SHA256.hex(ofFile: path, in: range)
        else { return nil }
        self.init(path: path, offset: range.lowerBound, size: range.count, sha256: digest)
    }

    /// The first usable one: where the environment says (`$HAPROV_VRRPD` for haprov-vrrpd), in the running program itself,
    /// beside it, in the folder of release builds.
    package static func find(_ name: String) -> StaticProgram? {
        let environment = ProcessInfo.processInfo.environment
        let named = environment[name.uppercased().replacingOccurrences(of: "-", with: "_")] ?? ""
        if !named.isEmpty, let program = StaticProgram(path: named) { return program }
        if let program = BuiltIn.here?.program(name) { return program }
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        return ["\(folder)/\(name)", "\(folder)/../release/\(name)"].lazy.compactMap { StaticProgram(path: $0) }.first
    }

    /// What travels to a host.
    package var payload: RemoteScript.Payload { .file(path: path, offset: offset, size: size) }
}
