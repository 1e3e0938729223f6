import Errors
import Foundation
import Texts

/// A lock on a file, held as long as the value lives or until the process ends, however it ends.
final class FileLock {
    private let descriptor: Int32
    private let path: String

    /// - Parameters:
    ///   - busy: makes the error where somebody else holds it, given who; nil waits instead.
    /// - Throws: a locked failure.
    init(path: String, busy: ((String) -> Failure)?) async throws(Failure) {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw Failure(
                    .change, step: "lock", summary: "cannot open \(path): \(String(cString: strerror(errno)))",
                    remedy: "Run this as root.")
            }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                let holder = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingBlanks() ?? ""
                close(descriptor)
                if let busy { throw busy(holder.isEmpty ? "another process" : "process \(holder)") }
                try? await Task.sleep(for: .milliseconds(100))
                continue
            }
            // Whoever held it may have removed the file: then this is a lock on nothing.
            var mine = stat()
            var named = stat()
            guard fstat(descriptor, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino else {
                close(descriptor)
                continue
            }
            self.descriptor = descriptor
            self.path = path
            ftruncate(descriptor, 0)
            let pid = "\(getpid())\n"
            _ = pwrite(descriptor, pid, pid.utf8.count, 0)
            return
        }
    }

    /// Removes the file while the lock is held.
    func removeFile() { unlink(path) }

    deinit { close(descriptor) }
}
