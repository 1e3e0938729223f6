import Errors
import Inventory

/// Whether programs have room to run.
struct MemoryCheck: PreflightCheck {
    let name = "memory"

    /// MiB that a small HAProxy, its next generation beside it and an engine want.
    private static let least = 128

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] { [ProbeQuery("probe_memory")] }

    func warnings(_ look: HostLook) -> [Advice] {
        guard let available = look.facts.memory?.available, available >> 10 < Self.least else { return [] }
        return [
            Advice(
                "\(available >> 10) MiB of memory are available, of \((look.facts.memory?.total ?? 0) >> 10) MiB",
                remedy:
                    "See by `ps -eo rss,comm --sort=-rss | head` what has it: while HAProxy is reloaded it runs twice.")
        ]
    }

    func found(_ look: HostLook) -> String? {
        guard let memory = look.facts.memory, memory.total > 0 else { return nil }
        return (memory.available.map { "\($0 >> 10) MiB available of " } ?? "") + "\(memory.total >> 10) MiB"
    }
}

/// Whether what is to be written finds its place: room, inodes, and leave to write and to run there.
struct DiskCheck: PreflightCheck {
    let name = "disk"

    /// MiB that runs, their journals and logs want over time.
    private static let least = 256

    func queries(_ preflight: Preflight, for host: Host) -> [ProbeQuery] {
        [ProbeQuery("probe_inodes", "/usr/local", "/etc", "/var/lib")]
    }

    func failures(_ look: HostLook) -> [Failure] { look.preflight.hindrances[look.host.name] ?? [] }

    func warnings(_ look: HostLook) -> [Advice] {
        guard failures(look).isEmpty else { return [] }
        return look.facts.space.filter { $0.value >> 10 < Self.least }.keys.sorted().map { folder in
            Advice(
                "\(folder) has \((look.facts.space[folder] ?? 0) >> 10) MiB free",
                remedy: "Make room there: runs keep on the host what undoes them.")
        }
    }

    func found(_ look: HostLook) -> String? {
        let space = look.facts.space.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.size($0.value)) free" }
        let inodes = look.facts.inodes.values.min().map { "room for \($0) files" }
        return (space + [inodes].compactMap { $0 }).joined(separator: ", ")
    }

    /// - Parameter size: KiB.
    private static func size(_ size: Int) -> String {
        size >> 20 >= 10 ? "\(size >> 20) GiB" : "\(size >> 10) MiB"
    }
}
