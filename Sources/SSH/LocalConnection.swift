import CLinux
import Glibc

/// The machine that haprov runs on, where it is one of the hosts: the same scripts in the same environment as over SSH, by a
/// shell in a session of its own.
///
/// One script runs at a time; others wait.
package actor LocalConnection: HostConnection {
    /// The host as the inventory has it; its user is whoever runs haprov.
    private let endpoint: SSHEndpoint
    private nonisolated let thread: SessionThread
    private nonisolated let waker: Waker
    private let access: RootAccess
    private var way: RootWay?
    private var isOpen = true

    /// A thread of its own, since it waits for programs.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - name: the host's, for humans.
    ///   - address: numeric; one of this machine's.
    ///   - root: how a user becomes root, where haprov is not run by root.
    /// - Throws: `.notThisMachine` where the address is another machine's.
    package init(name: String, address: String, root: RootAccess) throws(SSHError) {
        endpoint = SSHEndpoint(name: name, address: address, user: Self.user, knownHosts: "")
        guard Self.addresses().contains(address) else { throw .notThisMachine(address) }
        access = root
        way = geteuid() == 0 ? nil : RootWay(root)
        waker = try Waker()
        thread = SessionThread()
        guard thread.start() else { throw .noDescriptors(EAGAIN) }
    }

    deinit { thread.finish() }

    package func run(
        _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void = { _ in }
    ) async throws(SSHError) -> RemoteResult {
        try await Cancellation.watching(waker) { await execute(script, deadline, $0, output) }
    }

    package func close() async { isOpen = false }

    private func execute(
        _ script: RemoteScript, _ deadline: Deadline, _ cancellation: Cancellation,
        _ output: @escaping @Sendable (OutputChunk) -> Void
    ) async -> Result<RemoteResult, SSHError> {
        let watch = Watch(
            .command, idle: deadline.idle, total: deadline.total, waker: waker, cancellation: cancellation)
        do throws(SSHError) {
            guard isOpen else { throw .closed() }
            try watch.check()
            return .success(
                try script.run(way: &way, access: access, user: endpoint.user) { (command, input) throws(SSHError) in
                    try LocalRun(
                        command, access: access, endpoint: endpoint, input: input, progress: script.progress,
                        watch: watch, output: output)
                })
        } catch {
            return .failure(error)
        }
    }

    /// Who runs haprov.
    package static var user: String {
        getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    }

    /// The IPv4 addresses of this machine, as getifaddrs(3) tells them.
    private static func addresses() -> Set<String> {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var addresses: Set<String> = []
        for entry in sequence(first: first, next: { $0?.pointee.ifa_next }) {
            guard let address = entry?.pointee.ifa_addr, Int32(address.pointee.sa_family) == AF_INET else { continue }
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                // In the order of the network: the first octet comes first.
                let octets = withUnsafeBytes(of: $0.pointee.sin_addr.s_addr) { $0.map { "\($0)" } }
                addresses.insert(octets.joined(separator: "."))
            }
        }
        return addresses
    }
}
