import Foundation
import Glibc
import Testing

/// A program that speaks VRRP.
enum Engine: String, Sendable {
    case vrrpd
    case keepalived

    /// Ours against keepalived, each in each part.
    static let pairs: [(Engine, Engine)] = [(.vrrpd, .keepalived), (.keepalived, .vrrpd)]
}

/// One host of a ``Segment``.
final class Host {
    let number: Int
    let namespace: String
    /// Its own addresses.
    let address: String
    let address6: String
    private let folder: String
    private let segment: String
    private var processes: [pid_t] = []
    private var configuration: String { "\(folder)/keepalived.conf" }
    private var logFile: String { "\(folder)/log" }

    init(_ number: Int, on segment: Segment) throws {
        self.number = number
        self.segment = segment.name
        namespace = "\(segment.name)-\(number)"
        address = "10.77.0.\(number)"
        address6 = "fd77::\(number)"
        folder = "\(segment.folder)/\(number)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Programs.run("ip", "netns", "add", namespace)
        try Programs.run("ip", "-n", namespace, "link", "set", "lo", "up")
        try Programs.run(
            "ip", "-n", segment.wire, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace)
        try Programs.run("ip", "netns", "exec", namespace, "sysctl", "-q", "net.ipv6.conf.eth0.accept_dad=0")
        try Programs.run("ip", "-n", segment.wire, "link", "set", port, "master", "switch", "up")
        try Programs.run("ip", "-n", namespace, "address", "add", "\(address)/24", "dev", "eth0")
        try Programs.run("ip", "-n", namespace, "address", "add", "\(address6)/64", "dev", "eth0", "nodad")
        try Programs.run("ip", "-n", namespace, "link", "set", "eth0", "up")
    }

    /// The switch's side of its cable.
    var port: String { "port\(number)" }

    /// Starts an engine with this router.
    func start(_ engine: Engine, _ router: Router) throws {
        try router.text.write(toFile: configuration, atomically: true, encoding: .utf8)
        // Of a killed one, whose remains may not be reaped yet, a file would say that it still runs.
        for file in ["pid", "vrrp.pid"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(file)") }
        switch engine {
        case .keepalived:
            try run([
                "keepalived", "-P", "-n", "-l", "-D", "-f", configuration, "-p", "\(folder)/pid", "-r",
                "\(folder)/vrrp.pid",
            ])
        case .vrrpd:
            try run([
                Self.vrrpd, "run", "-f", configuration, "--pid", "\(folder)/pid", "--socket", "\(folder)/socket",
            ])
        }
    }

    /// Starts FRR's zebra and vrrpd, which want the addresses on a macvlan with the virtual router's MAC.
    func startFRR(_ router: Router) throws {
        let isVersion6 = router.address == Router.vip6
        try router.frrText.write(toFile: configuration, atomically: true, encoding: .utf8)
        let mac = "00:00:5e:00:0\(isVersion6 ? 2 : 1):" + String(router.virtualRouterID, radix: 16)
        try Programs.run(
            "ip", "-n", namespace, "link", "add", "vrrp0", "link", "eth0", "address", mac, "type", "macvlan", "mode",
            "bridge")
        for address in router.addresses where !address.hasPrefix("fe80") {
            try Programs.run("ip", "-n", namespace, "address", "add", address, "dev", "vrrp0", "nodad")
        }
        try Programs.run("ip", "-n", namespace, "link", "set", "vrrp0", "up")
        try Programs.run("chown", "frr:frr", folder)
        for program in ["zebra", "vrrpd"] {
            try run([
                "/usr/lib/frr/\(program)", "-f", configuration, "-z", "\(folder)/zserv", "-i",
                "\(folder)/\(program).pid",
                "--vty_socket", folder, "-A", "127.0.0.1", "-P", "0",
            ])
            let isThere = eventually { FileManager.default.fileExists(atPath: "\(folder)/\(program).vty") }
            try #require(isThere, "\(program) does not start: \(log)")
        }
    }

    private func run(_ words: [String]) throws {
        processes.append(try Programs.start(["ip", "netns", "exec", namespace] + words, log: logFile))
    }

    /// Ends the engine by SIGTERM and waits for its end.
    func stop() throws {
        for process in processes.reversed() {
            kill(process, SIGTERM)
            let isGone = eventually {
                var status: Int32 = 0
                return waitpid(process, &status, WNOHANG) == process
            }
            try #require(isGone, "host \(number): the engine does not end at SIGTERM: \(log)")
            processes.removeAll { $0 == process }
        }
    }

    /// Kills the engine, all its processes at once: none moves between the end of the first and its own. Ours resigns in good
    /// order where its parent is seen to die.
    func killEngine() {
        let members = processes.flatMap(Programs.family)
        for signal in [SIGSTOP, SIGKILL] {
            for member in members { kill(member, signal) }
        }
        for process in processes { Programs.wait(for: process) }
        processes = []
    }

    /// Whether an address is on its NIC; FRR's master says it in words of its own.
    func holds(_ address: String) throws -> Bool {
        if FileManager.default.fileExists(atPath: "\(folder)/vrrpd.vty") {
            let status = try Programs.result(
                of: ["ip", "netns", "exec", namespace, "vtysh", "--vty_socket", folder, "-c", "show vrrp json"])
            return status.output.contains("\"status\":\"Master\"")
        }
        return try Programs.run("ip", "-n", namespace, "-o", "address", "show", "dev", "eth0", "to", address)
            .contains(address)
    }

    /// What its engine has said so far.
    var log: String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }

    /// Kills what runs and takes the namespace away.
    func end() {
        killEngine()
        _ = try? Programs.result(of: ["ip", "netns", "del", namespace])
    }

    /// The program as it is shipped, which `make` names, or the one that is built beside the tests.
    private static let vrrpd =
        ProcessInfo.processInfo.environment["HAPROV_VRRPD"]
        ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "haprov-vrrpd").path
}
