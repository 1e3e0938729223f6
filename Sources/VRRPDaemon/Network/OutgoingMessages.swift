import CLinux
import VRRP

/// Messages gathered to be sent at once by sendmmsg(2).
struct OutgoingMessages {
    private struct Entry {
        var name: Range<Int>
        var control: Range<Int>
        var payload: Range<Int>
    }

    /// All octets behind one another, each part at a multiple of 8.
    private var octets: [UInt8] = []
    private var entries: [Entry] = []
    private var headers: [linux_message] = []
    private var vectors: [iovec] = []

    var isEmpty: Bool { entries.isEmpty }

    /// Adds a message.
    ///
    /// - Parameters:
    ///   - name: a `sockaddr` of some kind.
    ///   - control: control messages, or nothing.
    mutating func append(_ payload: [UInt8], to name: [UInt8], control: [UInt8] = []) {
        entries.append(Entry(name: add(name), control: add(control), payload: add(payload)))
    }

    private mutating func add(_ part: [UInt8]) -> Range<Int> {
        let start = octets.count
        octets.append(contentsOf: part)
        let range = start..<octets.count
        while octets.count % 8 != 0 { octets.append(0) }
        return range
    }

    /// Sends all and begins anew. One that is refused does not keep the others back.
    ///
    /// - Parameter refused: told the number of the message, as it was appended, and `errno`.
    mutating func send(by descriptor: Int32, refused: (Int, Int32) -> Void) {
        guard !entries.isEmpty else { return }
        headers.removeAll(keepingCapacity: true)
        vectors.removeAll(keepingCapacity: true)
        octets.withUnsafeMutableBytes { octets in
            for entry in entries {
                vectors.append(
                    iovec(
                        iov_base: octets.baseAddress.map { $0 + entry.payload.lowerBound }, iov_len: entry.payload.count
                    ))
            }
            vectors.withUnsafeMutableBufferPointer { vectors in
                for (index, entry) in entries.enumerated() {
                    var message = linux_message()
                    message.header.msg_name = octets.baseAddress.map { $0 + entry.name.lowerBound }
                    message.header.msg_namelen = socklen_t(entry.name.count)
                    if !entry.control.isEmpty {
                        message.header.msg_control = octets.baseAddress.map { $0 + entry.control.lowerBound }
                        message.header.msg_controllen = entry.control.count
                    }
                    message.header.msg_iov = vectors.baseAddress.map { $0 + index }
                    message.header.msg_iovlen = 1
                    headers.append(message)
                }
                headers.withUnsafeMutableBufferPointer { headers in
                    var done = 0
                    while done < headers.count {
                        let sent = linux_send_messages(
                            descriptor, headers.baseAddress.map { $0 + done }, UInt32(headers.count - done))
                        if sent > 0 {
                            done += Int(sent)
                        } else if linux_errno() != EINTR {
                            refused(done, linux_errno())
                            done += 1
                        }
                    }
                }
            }
        }
        octets.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }
}
