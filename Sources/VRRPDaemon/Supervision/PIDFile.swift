import CLinux

/// The file that says which process is the daemon, and that no other one is: it stays locked as long as the supervisor or
/// its worker lives.
struct PIDFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    /// - Throws: `EWOULDBLOCK` where another daemon has it.
    init(_ path: String) throws(SystemError) {
        self.path = path
        while true {
            let descriptor = linux_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw SystemError("opening \(path)") }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let error = SystemError("locking \(path)")
                close(descriptor)
                throw error
            }
            // Whoever had it may have removed the file between the two calls.
            var opened = stat(), present = stat()
            if fstat(descriptor, &opened) == 0, stat(path, &present) == 0, opened.st_ino == present.st_ino {
                self.descriptor = descriptor
                break
            }
            close(descriptor)
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        pwrite(descriptor, text, text.count, 0)
    }

    /// Removes it; the lock goes with the process.
    consuming func remove() { unlink(path) }

    deinit { close(descriptor) }
}
