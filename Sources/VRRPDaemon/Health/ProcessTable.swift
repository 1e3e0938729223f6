import CLinux

/// A process as /proc shows it: proc_pid_stat(5).
struct ProcessEntry: Hashable {
    var id: pid_t
    var parent: pid_t
    /// At most 15 octets of the program's name.
    var name: String
    /// A zombie is dead: nothing but its exit status is left.
    var isDead: Bool
    /// In clock ticks since the boot. With the number it tells a process from another one that got its number later.
    var startTime: UInt64
}

/// The machine's processes, or those of this container.
enum ProcessTable {
    /// Every process with one of these names.
    static func entries(named names: Set<String>) -> [ProcessEntry] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var entries: [ProcessEntry] = []
        while let item = readdir(folder) {
            let first = item.pointee.d_name.0
            guard (49...57).contains(first) else { continue }
            let id = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
            }
            if let entry = entry(id), names.contains(entry.name) { entries.append(entry) }
        }
        return entries
    }

    /// One process; nil where there is none.
    static func entry(_ id: pid_t) -> ProcessEntry? {
        guard let text = read("/proc/\(id)/stat"), let open = text.firstIndex(of: UInt8(ascii: "(")),
            let close = text.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        // The name may hold anything, so the rest is counted from its last parenthesis.
        let fields = text[(close + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let state = fields[0].first, let parent = number(fields[1]),
            let start = number(fields[19])
        else { return nil }
        return ProcessEntry(
            id: id, parent: pid_t(truncatingIfNeeded: parent),
            name: String(decoding: text[(open + 1)..<close], as: UTF8.self),
            isDead: state == UInt8(ascii: "Z") || state == UInt8(ascii: "X"), startTime: start)
    }

    /// The arguments that it was started with.
    static func arguments(_ id: pid_t) -> [String] {
        (read("/proc/\(id)/cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the process that a PID file names is alive.
    static func isAlive(listedIn path: String) -> Bool {
        guard let text = read(path) else { return false }
        let digits = text.prefix { (48...57).contains($0) }
        guard let id = pid_t(String(decoding: digits, as: UTF8.self)), let entry = entry(id) else { return false }
        return !entry.isDead
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        UInt64(String(decoding: digits, as: UTF8.self))
    }

    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = linux_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
            count = max(0, CLinux.read(descriptor, buffer.baseAddress, buffer.count))
        }
    }
}
