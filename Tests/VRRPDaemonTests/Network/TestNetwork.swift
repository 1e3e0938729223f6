import Foundation
import Testing

/// A bridge and hosts on it, each in a network namespace of its own: `10.9.0.N/24` and `2001:db8:9::N/64` on `eth0`.
/// Whatever it starts ends with it, and what a killed test run left behind is cleared away by the next one.
final class TestNetwork {
    /// Numbers networks within this process.
    private static let counter = Counter()

    let directory: URL
    let hosts: [TestHost]
    private let name: String

    /// Runs a test on a network that is there only for it.
    static func with(hosts: Int, _ body: (TestNetwork) async throws -> Void) async throws {
        let network = try TestNetwork(hosts: hosts)
        do { try await body(network) } catch {
            network.report()
            network.close()
            throw error
        }
        network.close()
    }

    private init(hosts count: Int) throws {
        Self.clearLeftovers()
        name = "vt\(getpid())-\(Self.counter.next())"
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        hosts = (1...count).map { [name, directory] in TestHost(network: name, number: $0, directory: directory) }
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try ip("netns", "add", bridge)
            try ip("-n", bridge, "link", "add", "br0", "type", "bridge", "forward_delay", "0")
            try ip("-n", bridge, "link", "set", "br0", "up")
            for host in hosts {
                try ip("netns", "add", host.namespace)
                try ip("-n", host.namespace, "link", "set", "lo", "up")
                try ip(
                    "-n", bridge, "link", "add", "v\(host.number)", "type", "veth", "peer", "name", "eth0", "netns",
                    host.namespace)
                try ip("-n", bridge, "link", "set", "v\(host.number)", "master", "br0", "up")
                try ip("-n", host.namespace, "addr", "add", "10.9.0.\(host.number)/24", "dev", "eth0")
                try ip("-n", host.namespace, "addr", "add", "2001:db8:9::\(host.number)/64", "dev", "eth0", "nodad")
                try ip("-n", host.namespace, "link", "set", "eth0", "addrgenmode", "none")
                try ip("-n", host.namespace, "link", "set", "eth0", "up")
                // Without the wait for duplicates of an address that the kernel makes by itself.
                try ip(
                    "-n", host.namespace, "addr", "add", "fe80::\(host.number)/64", "dev", "eth0", "nodad", "scope",
                    "link")
            }
        } catch {
            close()
            throw error
        }
    }

    private var bridge: String { name + "-b" }

    /// Pulls a host's cable out, or puts it back.
    func setCable(of host: TestHost, isIn: Bool) throws {
        try ip("-n", bridge, "link", "set", "v\(host.number)", isIn ? "up" : "down")
    }

    private func close() {
        for host in hosts { host.close() }
        for namespace in hosts.map(\.namespace) + [bridge] { _ = try? ip("netns", "del", namespace) }
        try? FileManager.default.removeItem(at: directory)
    }

    /// What a reader of a failed test wants to see.
    private func report() {
        for host in hosts { print("--- \(host.namespace)\n\(host.log)") }
    }

    /// Of test runs whose process is gone.
    private static func clearLeftovers() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
        for name in names {
            guard let match = name.wholeMatch(of: /vt([0-9]+)-[0-9]+-[0-9b]+/), let pid = pid_t(match.1),
                kill(pid, 0) != 0
            else { continue }
            _ = try? ip("netns", "del", name)
        }
    }

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var value = 0
        func next() -> Int {
            lock.withLock {
                value += 1
                return value
            }
        }
    }
}

/// Runs ip(8).
@discardableResult
func ip(_ arguments: String...) throws -> String { try ip(arguments) }

/// Runs ip(8).
@discardableResult
func ip(_ arguments: [String]) throws -> String {
    let process = Process(), output = Pipe(), errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/sbin/ip")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw TestFailure("ip \(arguments.joined(separator: " ")): \(complaint)")
    }
    return text
}

struct TestFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// Waits until something is so; a failure where it is not within a generous time.
func eventually(
    within limit: Duration = .seconds(20), _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
        if try condition() { return }
        guard ContinuousClock.now < deadline else {
            Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
            throw TestFailure("not within \(limit): \(what)")
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
