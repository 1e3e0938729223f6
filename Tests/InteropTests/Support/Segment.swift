import Foundation
import Testing
import Glibc
import Synchronization

/// Hosts on a switch of their own, each in a network namespace. All that is started in it ends with it.
final class Segment {
    private static let count = Atomic(0)

    let name: String
    /// For configurations, logs, recordings.
    let folder: String
    private(set) var hosts: [Host] = []

    var wire: String { "\(name)-wire" }

    /// - Parameter count: of hosts: 10.77.0.1 and fd77::1, and so on.
    init(hosts count: Int) throws {
        name = "interop-\(getpid())-\(Self.count.add(1, ordering: .relaxed).newValue)"
        folder = FileManager.default.temporaryDirectory.appending(path: name).path
        // FRR's daemons give up root and have to write their sockets below it.
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        do {
            try Programs.run("ip", "netns", "add", wire)
            try Programs.run("ip", "-n", wire, "link", "add", "switch", "type", "bridge", "mcast_snooping", "0")
            try Programs.run("ip", "-n", wire, "link", "set", "switch", "up")
            for number in 1...count { hosts.append(try Host(number, on: self)) }
        } catch {
            end()
            throw error
        }
    }

    /// Ends everything.
    func end() {
        for host in hosts { host.end() }
        _ = try? Programs.result(of: ["ip", "netns", "del", wire])
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The numbers of the hosts that hold an address.
    func holders(of address: String = Router.vip) throws -> [Int] {
        try hosts.filter { try $0.holds(address) }.map(\.number)
    }

    /// Whether, before long, these hosts and no others hold it.
    func settles(on numbers: [Int], _ address: String = Router.vip) throws -> Bool {
        try eventually { try holders(of: address) == numbers }
    }

    /// Waits until a host has advertised that often, and expects that nobody else has.
    func expectOnly(_ number: Int, toAdvertise count: Int) throws {
        let recording = try Recording(hosts[0], on: self)
        defer { recording.stop() }
        let holder = hosts[number - 1].address
        let isEnough = try eventually {
            usleep(500_000)
            return try recording.advertisements().count { $0.source == holder } >= count
        }
        #expect(isEnough, "\(logs)")
        #expect(try recording.advertisements().allSatisfy { $0.source == holder }, "\(logs)")
    }

    /// Takes a host's port off the switch: nothing passes, but the host's own end of the cable stays up.
    func cutCable(of number: Int) throws {
        try Programs.run("ip", "-n", wire, "link", "set", hosts[number - 1].port, "nomaster")
    }

    /// Puts it back.
    func mendCable(of number: Int) throws {
        try Programs.run("ip", "-n", wire, "link", "set", hosts[number - 1].port, "master", "switch")
    }

    /// What all engines said.
    var logs: String {
        hosts.map { "--- host \($0.number)\n\($0.log)" }.joined()
    }
}

/// Runs a test's body on a new segment and ends that whatever happens; a failure brings the engines' words with it.
func onSegment(of hosts: Int, _ body: (Segment) throws -> Void) throws {
    let segment = try Segment(hosts: hosts)
    defer { segment.end() }
    try body(segment)
}
