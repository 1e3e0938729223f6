import Glibc

/// What travels to a script's standard input: the script, then its payload, in pieces that fit a buffer.
final class ScriptInput {
    /// Bytes of payload in all.
    let payloadSize: Int
    private let scriptSize: Int
    private var pending: ArraySlice<RemoteScript.Payload>
    private var file: (descriptor: Int32, left: Int, path: String)?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
    private var start = 0
    private var end = 0
    /// A part of `pending` that did not fit the buffer.
    private var rest: ArraySlice<UInt8>
    private var sent = 0

    /// Looks at every file first, so that a missing one is noticed before the script runs.
    init(script: [UInt8], payload: [RemoteScript.Payload]) throws(SSHError) {
        for case .file(let path, let offset, let size) in payload {
            var status = stat()
            guard stat(LocalFile.expand(path), &status) == 0 else { throw Self.bad(path, SSHError.reason(errno)) }
            guard offset > 0 ? status.st_size >= offset + size : status.st_size == size else {
                throw Self.bad(path, "it has \(status.st_size) bytes where \(offset + size) were expected")
            }
        }
        payloadSize = payload.reduce(0) { $0 + $1.count }
        scriptSize = script.count
        rest = script[...]
        pending = payload[...]
    }

    deinit {
        if let file { Glibc.close(file.descriptor) }
        buffer.deallocate()
    }

    /// Bytes of payload sent so far.
    var payloadSent: Int { max(0, sent - scriptSize) }

    /// What is to be sent next, at the same place until ``advance(_:)``; nil at the end.
    func next() throws(SSHError) -> UnsafeRawBufferPointer? {
        if start == end {
            start = 0
            end = 0
            while end < buffer.count, try fill() {}
        }
        return start == end ? nil : UnsafeRawBufferPointer(rebasing: buffer[start..<end])
    }

    func advance(_ count: Int) {
        start += count
        sent += count
    }

    /// Adds to the buffer; false where nothing is left.
    private func fill() throws(SSHError) -> Bool {
        let space = UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
        if !rest.isEmpty {
            let part = rest.prefix(space.count)
            space.copyBytes(from: part)
            end += part.count
            rest = rest.dropFirst(part.count)
            return true
        }
        if var open = file {
            if open.left == 0 {
                Glibc.close(open.descriptor)
                file = nil
                return true
            }
            let count = read(open.descriptor, space.baseAddress, min(space.count, open.left))
            if count < 0, errno == EINTR { return true }
            guard count > 0 else {
                throw Self.bad(open.path, count < 0 ? SSHError.reason(errno) : "it became shorter while it was sent")
            }
            end += count
            open.left -= count
            file = open
            return true
        }
        guard let part = pending.popFirst() else { return false }
        switch part {
        case .bytes(let bytes): rest = bytes[...]
        case .file(let path, let offset, let size):
            let descriptor = open(LocalFile.expand(path), O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.bad(path, SSHError.reason(errno)) }
            file = (descriptor, size, path)
            guard lseek(descriptor, offset, SEEK_SET) == offset else { throw Self.bad(path, SSHError.reason(errno)) }
        }
        return true
    }

    private static func bad(_ path: String, _ reason: String) -> SSHError {
        SSHError(
            code: .localFile, stage: .command, message: "cannot send the file \(path): \(reason)",
            remedy: "put the file back and leave it alone while haprov runs")
    }
}
