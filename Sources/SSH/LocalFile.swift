import Glibc

/// Files on the controller.
package enum LocalFile {
    struct Failure: Error {
        /// An errno value.
        var number: Int32
        var reason: String { SSHError.reason(number) }
    }

    /// Replaces a leading `~/` by the home directory.
    package static func expand(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = home else { return path }
        return home + path.dropFirst()
    }

    package static var home: String? {
        if let home = getenv("HOME"), home.pointee != 0 { return String(cString: home) }
        guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
        return String(cString: home)
    }

    /// Bytes; 0 where there is no such file.
    package static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Removes a file; nothing there is fine.
    package static func remove(_ path: String) { unlink(path) }

    /// The bytes of a small file.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(number: errno) }
        defer { Glibc.close(descriptor) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return result }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(number: errno)
            }
            result.append(contentsOf: buffer.prefix(count))
        }
    }
}
