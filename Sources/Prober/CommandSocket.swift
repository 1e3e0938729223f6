import Glibc

/// A program's socket of commands, such as HAProxy's `stats socket`: one line goes there, and what comes back until the program
/// hangs up is the answer.
package struct CommandSocket {
    package let path: String

    /// - Parameter path: of a Unix socket.
    package init(_ path: String) { self.path = path }

    /// - Parameters:
    ///   - command: one line, without its end.
    ///   - seconds: without a word of the program's, after which it is given up.
    /// - Throws: where nobody listens there, or it falls silent.
    package func ask(_ command: String, seconds: Int = 30) throws(CommandSocketError) -> [UInt8] {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw fault("opening a socket") }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw CommandSocketError(message: "\(path): a socket's path is shorter")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else { throw fault(path) }
        try send(Array((command + "\n").utf8), to: descriptor)
        return try answer(from: descriptor)
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32) throws(CommandSocketError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw fault("writing to \(path)") }
            rest = rest.dropFirst(count)
        }
    }

    private func answer(from descriptor: Int32) throws(CommandSocketError) -> [UInt8] {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw fault("reading from \(path)") }
            if count == 0 { return answer }
            answer += buffer[..<count]
        }
    }

    private func fault(_ what: String) -> CommandSocketError {
        CommandSocketError(message: "\(what): \(String(cString: strerror(errno)))")
    }
}

/// Why there was no answer.
package struct CommandSocketError: Error {
    /// What was being done, and what the system says.
    package var message: String
}
