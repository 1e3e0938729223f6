import Glibc

/// An address of IPv4 or IPv6 with a port, as the kernel takes it.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private let length: Int

    /// - Parameter address: in dotted decimal, or of IPv6 without brackets; nil where it is neither.
    init?(_ address: String, port: Int) {
        let port = in_port_t(port).bigEndian
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if inet_pton(AF_INET, address, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port
            length = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &storage) { to in withUnsafeBytes(of: four) { to.copyMemory(from: $0) } }
        } else if inet_pton(AF_INET6, address, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port
            length = MemoryLayout<sockaddr_in6>.size
            withUnsafeMutableBytes(of: &storage) { to in withUnsafeBytes(of: six) { to.copyMemory(from: $0) } }
        } else {
            return nil
        }
    }

    /// For `socket`.
    var family: Int32 { Int32(storage.ss_family) }

    /// As `connect` of the C library.
    mutating func connect(_ descriptor: Int32) -> Int32 {
        let length = socklen_t(length)
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, length) }
        }
    }
}
