import Errors
import Foundation
import Inventory
import Planning
import Provisioning
import YAMLReading

/// Looks at balancers and makes an inventory of what is found.
struct AdoptWork: Sendable {
    var targets: [AdoptionTarget]
    var login: LoginOptions
    var cluster: String
    var console: Console

    /// Logins go by an inventory of the hosts alone, as every other command's do.
    func adoption() async throws -> Adoption {
        let file = "the command line"
        let reading = InventoryReader.read(inventory, file: file)
        guard var cluster = reading.cluster else { throw InputFaults(inventory: reading.diagnostics) }
        cluster.resolvePaths(from: FileManager.default.currentDirectoryPath)
        let completed = cluster.completeLogins(reading, file: file)
        guard !completed.diagnostics.contains(where: { $0.severity == .error }) else {
            throw InputFaults(inventory: completed.diagnostics)
        }
        let hosts = cluster.applications
        let facts = try await AdoptionLook.facts(
            of: hosts, by: Gate(console: console).connector, events: console.show)
        let balancers = hosts.compactMap { host in
            facts[host.name].map {
                FoundBalancer(
                    argument: host.name, address: host.address, user: host.ssh.user, port: host.ssh.port, facts: $0)
            }
        }
        return try Adoption(
            cluster: self.cluster,
            login: .init(
                user: balancers.first?.user ?? "root", port: balancers.first?.port ?? 22, lines: login.lines),
            balancers: balancers, keepsArguments: login.sshConfig != nil)
    }

    /// With what it cannot say.
    func inventory(of adoption: Adoption) throws -> String {
        let text = adoption.inventory()
        guard let cluster = InventoryReader.read(text, file: "the inventory").cluster else { return text }
        let resources = try PlaybookFolder.shipped().resources(
            of: cluster, passwords: adoption.passwords, packages: [:])
        return adoption.inventory(lost: adoption.lost(to: resources))
    }

    private var inventory: String {
        let hosts = targets.map { target in
            var parts = ["address: \(target.address)", "role: application"]
            let user = target.user ?? login.user
            let ssh =
                [user.map { "user: \(Adoption.scalar($0))" }, target.port.map { "port: \($0)" }].compactMap { $0 }
            if !ssh.isEmpty { parts.append("ssh: { \(ssh.joined(separator: ", ")) }") }
            return "  \(Adoption.scalar(target.name)): { \(parts.joined(separator: ", ")) }"
        }
        let ssh = login.lines.isEmpty ? [] : ["ssh:"] + login.lines.map { "  \($0)" }
        // What else an inventory needs, which nobody connects to or looks at.
        let rest = [
            "cluster: \(Adoption.scalar(cluster))", "engine: vrrpd",
            "vip: { address: 192.0.2.1/24, interface: lo, virtual_router_id: 1 }",
            "haproxy: { from: package, config: haproxy.cfg }", "hosts:",
            "  adopt-1: { address: 192.0.2.2, role: balancer, priority: 2 }",
            "  adopt-2: { address: 192.0.2.3, role: balancer, priority: 1 }",
        ]
        return (ssh + rest + hosts).joined(separator: "\n") + "\n"
    }
}
