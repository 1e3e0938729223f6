import Errors
import Foundation
import HostShell
import Processes

/// The one wire of a lab: a switch, the controller and every host, each in a network namespace of its own. Nothing of it
/// is ever in the machine's own namespace.
struct LabWire {
    var paths: LabPaths
    var plan: LabPlan

    /// Makes the switch and the controller's place at it.
    func create() async throws(Failure) {
        let controller = Shell.quote(paths.controllerNamespace)
        var lines = [
            "ip netns add \(wire)", "ip -n \(wire) link set lo up",
            "ip -n \(wire) link add bridge type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
            "ip -n \(wire) link set bridge up",
            "ip netns add \(controller)", "ip -n \(controller) link set lo up",
            "ip -n \(wire) link add controller type veth peer name eth0 address 52:54:00:00:00:01 netns \(controller)",
            "ip -n \(wire) link set controller master bridge up",
            "ip -n \(controller) address add \(plan.controller)/\(plan.prefixLength) brd + dev eth0",
            "ip -n \(controller) link set eth0 up",
        ]
        lines += plan.controllerNeighbours.map { "ip -n \(controller) route add \($0)/32 dev eth0" }
        try await run(lines, step: "network")
    }

    /// Lays a host's cable to the switch; the host itself gives its NIC an address.
    func attach(_ host: LabHost, isCut: Bool) async throws(Failure) {
        let namespace = Shell.quote(paths.namespace(of: host))
        let number = UInt16(plan.hosts.firstIndex { $0.name == host.name } ?? 0) + 1
        // A host that comes back has the same NIC, so that nobody's ARP table is wrong.
        let digits = String(Int(number) + 0x10000, radix: 16).dropFirst()
        let mac = "52:54:00:01:\(digits.prefix(2)):\(digits.suffix(2))"
        try await run(
            [
                "ip netns add \(namespace)", "ip -n \(namespace) link set lo up",
                "ip -n \(wire) link add \(host.port) type veth peer name \(Shell.quote(host.interface)) address \(mac)"
                    + " netns \(namespace)",
                "ip -n \(wire) link set \(host.port) master bridge \(isCut ? "down" : "up")",
            ], step: "network", host: host.name)
    }

    /// Takes a host's NIC away, with everything that its namespace held.
    func detach(_ host: LabHost) async throws(Failure) {
        let namespace = paths.namespace(of: host)
        var lines: [String] = []
        if isNamespace(paths.switchNamespace) {
            lines.append("ip -n \(wire) link delete \(host.port) 2>/dev/null || true")
        }
        if Files.exists("\(LabPaths.namespaces)/\(namespace)") {
            lines.append("ip netns delete \(Shell.quote(namespace))")
        }
        if !lines.isEmpty { try await run(lines, step: "network", host: host.name) }
    }

    /// Takes the link of a host's cable away, or gives it back.
    func setLink(of host: LabHost, up: Bool) async throws(Failure) {
        try await run(["ip -n \(wire) link set \(host.port) \(up ? "up" : "down")"], step: "cable", host: host.name)
    }

    /// Whether switch and controller stand.
    var stands: Bool { isNamespace(paths.switchNamespace) && isNamespace(paths.controllerNamespace) }

    /// Whether a host's cable is in place.
    func isAttached(_ host: LabHost) async -> Bool {
        guard isNamespace(paths.namespace(of: host)) else { return false }
        let result = try? await Command(["ip", "-n", paths.switchNamespace, "link", "show", host.port]).run()
        return result?.status == 0
    }

    /// Removes every namespace of the lab, whatever lab it was.
    static func removeAll(_ paths: LabPaths) async throws(Failure) {
        for name in namespaces(of: paths) {
            try await Command(["ip", "netns", "delete", name]).succeed(
                step: "network namespace \(name)", remedy: "Run this again.")
        }
        removeMountPoint()
    }

    /// The names of the lab's namespaces that there are.
    static func namespaces(of paths: LabPaths) -> [String] {
        Files.names(in: LabPaths.namespaces).filter {
            $0.hasPrefix("haprov.\(paths.name).") || $0.hasPrefix("haprov.\(paths.name)+")
        }
    }

    /// ip-netns(8) mounts /run/netns upon itself and leaves that behind. With a namespace in it, this does nothing.
    private static func removeMountPoint() {
        guard Files.exists(LabPaths.namespaces), Files.names(in: LabPaths.namespaces).isEmpty else { return }
        umount2(LabPaths.namespaces, 0)
        rmdir(LabPaths.namespaces)
    }

    private var wire: String { Shell.quote(paths.switchNamespace) }

    /// Whether a name stands for a namespace, and is not what a crash left of one.
    private func isNamespace(_ name: String) -> Bool {
        var named = stat()
        var own = stat()
        return stat("\(LabPaths.namespaces)/\(name)", &named) == 0 && stat("/proc/self/ns/net", &own) == 0
            && named.st_dev == own.st_dev
    }

    private func run(_ lines: [String], step: String, host: String? = nil) async throws(Failure) {
        try await Command(["sh", "-ec", lines.joined(separator: "\n")]).succeed(
            step: step, host: host, remedy: "Run `haprov lab up --name \(paths.name)` again: it repairs the lab.")
    }
}
