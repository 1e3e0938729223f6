import Foundation

/// The static prober on the controller, to be brought to a host.
public struct ProberBinary: Sendable, Equatable {
    /// Where it is.
    public var path: String
    /// Bytes.
    public var size: Int

    /// A program that is known to run on the host.
    init(path: String, size: Int) {
        self.path = path
        self.size = size
    }

    /// The program at this path, where it is one for x86-64 Linux that needs no shared library.
    public init?(path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let head = try? file.read(upToCount: 4096), let size = try? file.seekToEnd(),
            Self.isStatic(Array(head))
        else { return nil }
        self.path = path
        self.size = Int(size)
    }

    /// The first usable one: `$HAPROV_PROBER`, beside the running program, in `../libexec/haprov`, in the build folder.
    public static func find() -> ProberBinary? {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        let candidates = [
            ProcessInfo.processInfo.environment["HAPROV_PROBER"] ?? "", program + "/haprov-prober",
            program + "/../libexec/haprov/haprov-prober",
            program + "/../../../.build-static/release/haprov-prober",
        ]
        return candidates.lazy.filter { !$0.isEmpty }.compactMap { ProberBinary(path: $0) }.first
    }

    /// Whether these are the first bytes of an ELF program for x86-64 that asks for no interpreter (ELF-64, PT_INTERP).
    static func isStatic(_ head: [UInt8]) -> Bool {
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
