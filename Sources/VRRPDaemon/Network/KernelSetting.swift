import CLinux

/// A number below /proc/sys.
enum KernelSetting {
    /// Nil where there is none.
    static func read(_ path: String) -> Int? {
        let descriptor = linux_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 32)
        let count = CLinux.read(descriptor, &text, text.count)
        return count > 0 ? Int(String(decoding: text.prefix(count).filter { $0 > 32 }, as: UTF8.self)) : nil
    }
}
