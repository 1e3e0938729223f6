import Errors
import Foundation
import Texts

/// The kernel's limit on inotify(7) instances: all hosts of all labs share root's, and Debian's standard is 128.
enum Watchers {
    /// - Throws: a preflight failure where so many hosts more would not all come up.
    static func check(hosts: Int) throws(Failure) {
        let setting = "/proc/sys/fs/inotify/max_user_instances"
        guard let limit = (try? Files.read(setting)).flatMap({ Int($0.trimmingBlanks()) }) else { return }
        try check(limit: limit, used: used(), hosts: hosts)
    }

    static func check(limit: Int, used: Int, hosts: Int) throws(Failure) {
        let needed = hosts * HostMachine.watchers
        guard limit - used < needed else { return }
        throw Failure(
            .preflight, step: "lab",
            summary: "the kernel allows root \(limit) inotify instances, \(used) are taken, and the lab's hosts need "
                + "\(needed) more",
            remedy: "Run: sysctl -w fs.inotify.max_user_instances=1024")
    }

    /// Counts those of root's processes. One that several processes share is counted for each.
    private static func used() -> Int {
        var count = 0
        var target = [CChar](repeating: 0, count: 64)
        for process in Files.names(in: "/proc") where process.first?.isNumber == true {
            var status = stat()
            guard stat("/proc/\(process)", &status) == 0, status.st_uid == 0 else { continue }
            for descriptor in Files.names(in: "/proc/\(process)/fd") {
                let length = readlink("/proc/\(process)/fd/\(descriptor)", &target, target.count - 1)
                guard length > 0 else { continue }
                let text = String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if text == "anon_inode:inotify" { count += 1 }
            }
        }
        return count
    }
}
