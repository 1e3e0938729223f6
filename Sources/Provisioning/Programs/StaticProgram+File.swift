import Digests
import Foundation
import Planning

extension StaticProgram {
    /// The program at this path, where it is one for x86-64 Linux that needs no shared library.
    package init?(path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let head = try? file.read(upToCount: 4096), Self.isStatic(Array(head)), let size = try? file.seekToEnd(),
            let digest = try? SHA256.hex(ofFile: path)
        else { return nil }
        self.init(path: path, size: Int(size), sha256: digest)
    }

    /// The first usable one: where the environment says (`$HAPROV_VRRPD` for haprov-vrrpd), beside the running program, in
    /// `../libexec/haprov`, in the build folder.
    package static func find(_ name: String) -> StaticProgram? {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        let named = ProcessInfo.processInfo.environment[name.uppercased().replacingOccurrences(of: "-", with: "_")]
        let candidates = [
            named ?? "", "\(program)/\(name)", "\(program)/../libexec/haprov/\(name)",
            "\(program)/../../../.build-static/release/\(name)",
        ]
        return candidates.lazy.filter { !$0.isEmpty }.compactMap { StaticProgram(path: $0) }.first
    }

    /// Whether these are the first bytes of an ELF program for x86-64 that asks for no interpreter (ELF-64, PT_INTERP).
    package static func isStatic(_ head: [UInt8]) -> Bool {
        func number(at offset: Int, _ count: Int) -> Int {
            (0..<count).reversed().reduce(0) { $0 << 8 | Int(head[offset + $1]) }
        }
        guard head.count >= 64, head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), number(at: 18, 2) == 62 else {
            return false
        }
        let (offset, size, count) = (number(at: 32, 4), number(at: 54, 2), number(at: 56, 2))
        guard size >= 56, count > 0, offset + size * count <= head.count else { return false }
        return (0..<count).allSatisfy { number(at: offset + $0 * size, 4) != 3 }
    }
}
