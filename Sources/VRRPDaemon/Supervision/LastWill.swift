import CLinux
import VRRP

/// What is to be done on the worker's behalf when it dies: memory that the worker writes and the supervisor reads.
///
///     word 0         the worker's pulse, counted up each second
///     word 1         generation: its lowest bit tells which of the two copies counts
///     words 2 and 3  inodes of FIFOs that the worker has made, or 0
///     from 4096      two copies: length 8, contents
///
/// A new will is written to the copy that does not count, and counts as soon as the generation is stored: whenever the
/// worker dies, one of the two is whole.
final class LastWill {
    /// Of one copy; 255 routers with an address and a peer each take 35 KB.
    static let capacity = 256 << 10
    private static let headerSize = 4096
    private static let size = headerSize + 2 * (8 + capacity)

    private let memory: UnsafeMutableRawPointer

    /// Shared with whatever is forked from now on.
    init() throws(SystemError) {
        guard let memory = linux_share_memory(Self.size) else {
            throw SystemError("sharing memory with the supervisor")
        }
        self.memory = memory
    }

    deinit { munmap(memory, Self.size) }

    private var words: UnsafeMutablePointer<UInt> { memory.assumingMemoryBound(to: UInt.self) }

    /// How often the worker has said that it lives.
    var pulse: UInt { linux_load(words) }

    /// The worker lives.
    func beat() { linux_store(words, pulse &+ 1) }

    /// What the last worker said of a FIFO: it is the next one's to remove.
    func fifo(_ place: Int) -> UInt { linux_load(words + 2 + place) }

    /// The worker has made a FIFO; 0 where it has none there.
    func note(fifo inode: UInt, _ place: Int) { linux_store(words + 2 + place, inode) }

    private func copy(_ generation: UInt) -> UnsafeMutableRawPointer {
        memory + Self.headerSize + Int(generation & 1) * (8 + Self.capacity)
    }

    /// Replaces the will at one stroke.
    ///
    /// - Returns: whether there was room for it; where not, the old one stays.
    func write(_ contents: Contents) -> Bool {
        let octets = contents.octets
        guard octets.count <= Self.capacity else { return false }
        let next = linux_load(words + 1) &+ 1
        let copy = copy(next)
        copy.storeBytes(of: octets.count, as: Int.self)
        octets.withUnsafeBytes {
            if let base = $0.baseAddress { (copy + 8).copyMemory(from: base, byteCount: $0.count) }
        }
        linux_store(words + 1, next)
        return true
    }

    /// The will that counts, which is empty from now on.
    func take() -> Contents {
        let copy = copy(linux_load(words + 1))
        let length = min(max(copy.load(as: Int.self), 0), Self.capacity)
        let contents = Contents(UnsafeRawBufferPointer(start: copy + 8, count: length))
        _ = write(Contents())
        return contents
    }

    /// Addresses to remove and messages to send, ready for the kernel.
    struct Contents: Hashable {
        struct Message: Hashable {
            var family: AddressFamily
            var name: [UInt8]
            var control: [UInt8]
            var payload: [UInt8]
        }

        /// Requests that remove addresses.
        var removals: [UInt8] = []
        /// Advertisements with priority 0.
        var messages: [Message] = []

        /// Nothing to do.
        init() {}

        /// Reads what ``octets`` wrote; nothing where it is not whole.
        init(_ octets: UnsafeRawBufferPointer) {
            var offset = 0
            func part() -> [UInt8]? {
                guard let length = octets.host(UInt32.self, at: offset), Int(length) <= octets.count - offset - 4 else {
                    return nil
                }
                defer { offset += 4 + Int(length) }
                return Array(octets[(offset + 4)..<(offset + 4 + Int(length))])
            }
            guard let removals = part() else { return }
            self.removals = removals
            while let name = part(), let control = part(), let payload = part() {
                // struct sockaddr_in has 16 octets, struct sockaddr_in6 28.
                messages.append(
                    Message(
                        family: name.count == 16 ? .ipv4 : .ipv6, name: name, control: control, payload: payload))
            }
        }

        var octets: [UInt8] {
            var octets: [UInt8] = []
            func append(_ part: [UInt8]) {
                octets.append(host: UInt32(part.count))
                octets.append(contentsOf: part)
            }
            append(removals)
            for message in messages {
                append(message.name)
                append(message.control)
                append(message.payload)
            }
            return octets
        }
    }
}
