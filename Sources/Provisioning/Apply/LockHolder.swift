import FoundationEssentials
import Glibc
import Texts

/// Which process holds a lock, so that another haprov on the same machine can tell whether it still lives.
///
/// The text holds the machine's identity, its boot, the process and when that began (proc(5), `stat` field 22): a process
/// number alone comes back.
package enum LockHolder {
    /// This process.
    package static let current: String = {
        let machine = read("/etc/machine-id")
        let boot = read("/proc/sys/kernel/random/boot_id")
        return "\(machine):\(boot):\(getpid()):\(beginning(of: getpid()) ?? "")"
    }()

    /// Whether a holder is known to be dead: a process of this machine that no longer runs. False for other machines.
    package static func isGone(_ holder: String) -> Bool { look(at: holder)?.lives == false }

    /// The process of a holder that is known to live: one of this machine that runs. Nil for other machines.
    package static func living(_ holder: String) -> Int32? { look(at: holder).flatMap { $0.lives ? $0.process : nil } }

    /// What this machine knows of a holder; nil where it is of another.
    private static func look(at holder: String) -> (process: Int32, lives: Bool)? {
        let (theirs, mine) = (holder.split(separator: ":"), current.split(separator: ":"))
        guard theirs.count == 4, mine.count == 4, theirs[0] == mine[0], let process = Int32(theirs[2]) else {
            return nil
        }
        return (process, theirs[1] == mine[1] && beginning(of: process) == String(theirs[3]))
    }

    private static func read(_ path: String) -> String {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: data, as: UTF8.self).trimmingBlanks()
    }

    /// When a process began, in clock ticks since the boot; nil where there is none.
    private static func beginning(of process: Int32) -> String? {
        let text = read("/proc/\(process)/stat")
        // The program's name stands in brackets and may hold blanks.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
