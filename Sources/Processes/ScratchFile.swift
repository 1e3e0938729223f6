import Glibc
import SystemPackage

/// Where a program's output goes, so that it can neither block nor be lost, whoever holds it open.
final class ScratchFile: Sendable {
    let descriptor: FileDescriptor

    /// A file without a name.
    ///
    /// - Throws: where /tmp takes none.
    init() throws(Errno) {
        var template = Array("/tmp/haprov-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        unlink(template)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        descriptor = FileDescriptor(rawValue: number)
    }

    /// A file that others read too.
    init(appendingTo path: String) throws(Errno) {
        descriptor = try Self.open(path)
    }

    private static func open(_ path: String) throws(Errno) -> FileDescriptor {
        do {
            return try .open(
                FilePath(path), .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
        } catch { throw error as? Errno ?? .ioError }
    }

    deinit { try? descriptor.close() }

    /// All that was written; nothing where it can only be appended to.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = pread(descriptor.rawValue, &buffer, buffer.count, off_t(bytes.count))
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }
}
