import Errors
import Inventory
import VRRP

/// Whether hosts are fit for what is asked of them. Pure.
package struct Preflight: Sendable {
    package var cluster: Cluster
    package var facts: [String: Facts]
    package var platforms: Platforms

    package init(cluster: Cluster, facts: [String: Facts], platforms: Platforms = .all) {
        self.cluster = cluster
        self.facts = facts
        self.platforms = platforms
    }

    /// The questions beyond those of the resources.
    ///
    /// - Parameter absent: balancers that nothing is asked of; any of them may hold the VIP.
    package func queries(for host: Host, absent: [Host] = []) -> [ProbeQuery] {
        var queries: [ProbeQuery] = []
        for instance in cluster.instances {
            for address in instance.addresses.map(\.address) {
                var neighbour = ProbeQuery("probe_neighbour", "\(address)", instance.interface(on: host))
                neighbour.arguments += absent.map { "\($0.address)" }
                queries.append(neighbour)
            }
        }
        let numbers = cluster.instances.map { "\($0.virtualRouterID)" }
        queries += [ProbeQuery("probe_repositories"), .processes(about: cluster.vips.map(\.description) + numbers)]
        var listeners = ProbeQuery("probe_listeners")
        listeners.arguments = cluster.haproxy.ports.map { "\($0)" }
        queries += [listeners, ProbeQuery("probe_parts"), ProbeQuery("probe_inodes", "/usr/local", "/etc", "/var/lib")]
        queries.append(ProbeQuery("probe_filters"))
        queries += cluster.interfaces(of: host).map { ProbeQuery("probe_manager", $0) }
        if host.ssh.user != "root", host.ssh.become?.program != .su {
            queries.append(ProbeQuery("probe_sudo_log", host.ssh.user))
        }
        for (address, port, _) in servers + ownServers {
            queries.append(ProbeQuery("probe_reach", address, "\(port)"))
        }
        return queries
    }

    /// Every server that a backend sends clients to.
    private var servers: [(address: String, port: Int, name: String)] {
        var seen = Set<String>()
        return cluster.haproxy.backends.flatMap { backend in
            cluster.servers(of: backend).map { ("\($0.address)", $0.port, $0.name) }
        }.filter { seen.insert("\($0.0):\($0.1)").inserted }
    }

    /// Those of a configuration of the operator's own, as far as they have addresses: some may be meant to rest.
    private var ownServers: [(address: String, port: Int, name: String)] {
        var seen = Set<String>()
        return (cluster.haproxy.own?.reading.servers ?? []).compactMap { server in
            // HAProxy may pass on to itself, and does not run yet.
            guard let port = server.port, let address = IPAddress(server.address), !server.address.hasPrefix("127."),
                server.address != "::1"
            else { return nil }
            return ("\(address)", port, "\(server.backend)/\(server.name)")
        }.filter { seen.insert("\($0.0):\($0.1)").inserted }
    }

    /// Servers of the operator's own configuration that do not answer.
    private func silence(_ facts: Facts) -> [String] {
        ownServers.filter { facts.reachable["\($0.address):\($0.port)"] == false }.map { server in
            "nothing answers on \(server.address):\(server.port), where HAProxy's server \(server.name) is"
        }
    }

    /// Every reason why nothing should be started, host by host.
    package func failures() -> [Failure] {
        cluster.balancers.flatMap { host in
            facts[host.name].map { check(host, $0) } ?? []
        } + rivals()
    }

    /// What stops nothing, but is to be known before anything is changed.
    package func remarks(resources: [String: HostResources]) -> [Remark] {
        var remarks: [Remark] = []
        for host in cluster.balancers {
            guard let facts = facts[host.name] else { continue }
            var texts =
                [kinship(facts.system)].compactMap { $0 } + displacement(facts)
                + [confinement(facts)].compactMap { $0 }
                + runningRemarks(host, facts)
                + networkRemarks(host, facts) + silence(facts)
            if facts.logsInput {
                texts.append(
                    "sudo keeps what its commands read (log_input), passwords and keys among it: as root, add "
                        + "\"Defaults:\(host.ssh.user) !log_input\" to /etc/sudoers.d/haprov")
            }
            texts += (resources[host.name]?.all ?? []).flatMap { $0.remarks(facts: facts) }
            remarks += texts.map { Remark(host: host.name, text: $0) }
        }
        return remarks + listeningRemarks()
    }

    /// A system that is known by nothing but what it says that it is like.
    private func kinship(_ system: System) -> String? {
        guard let platform = platforms.platform(of: system),
            let known = type(of: platform).identifiers, !known.contains(system.id)
        else { return nil }
        return "\(system.title): no system that haprov knows by name; it is treated as its kin, \(platform.name)"
    }

    private func check(_ host: Host, _ facts: Facts) -> [Failure] {
        var failures: [Failure] = []
        func fail(_ step: String, _ summary: String, _ remedy: String) {
            failures.append(Failure(.preflight, host: host.name, step: step, summary: summary, remedy: remedy))
        }
        let system = facts.system
        if platforms.platform(of: system) == nil {
            fail(
                "platform", "haprov does not know this system: \(system.title)",
                "It knows \(platforms.list).")
        }
        if system.initSystem != "systemd" {
            fail("init", "process 1 is \(system.initSystem), not systemd", "haprov registers systemd units only.")
        }
        if system.userID != 0 {
            fail(
                "root", "commands run as user \(system.userID), not root",
                "Log in as root, or let \(host.ssh.user) become root by sudo.")
        }
        if system.architecture != "x86_64" {
            fail("architecture", "the host is \(system.architecture)", "haprov has only been made for x86_64.")
        }
        failures += network(host, facts)
        failures += running(host, facts) + hiddenUnits(host, facts)
        if let lock = facts.lock, !lock.isAbandoned {
            failures.append(
                Failure(
                    .locked, host: host.name, step: "lock", summary: lock.text, remedy: lock.remedy))
        }
        return failures
    }

    private func network(_ host: Host, _ facts: Facts) -> [Failure] {
        var failures: [Failure] = []
        func fail(_ step: String, _ summary: String, _ remedy: String) {
            failures.append(Failure(.preflight, host: host.name, step: step, summary: summary, remedy: remedy))
        }
        for interface in cluster.interfaces(of: host) where facts.nics[interface] == nil {
            let owner = cluster.instances.first { $0.interface(on: host) == interface } ?? cluster.instances[0]
            fail(
                "interface",
                "there is no NIC \(interface); there are \(facts.nics.keys.sorted().joined(separator: ", "))",
                "Correct `\(owner.path(of: "interface"))`, or give this host an `interface` of its own.")
        }
        for instance in cluster.instances where instance.priority(of: host.name) != nil {
            for vip in instance.addresses { check(vip, of: instance, on: instance.interface(on: host), facts, fail) }
        }
        for server in servers where facts.reachable["\(server.address):\(server.port)"] == false {
            fail(
                "application \(server.name)", "nothing answers on \(server.address):\(server.port)",
                "Start the application, open its port, or take \(server.name) out of the inventory.")
        }
        return failures
    }

    /// Whether a NIC may carry a VIP that nobody else has.
    private func check(
        _ vip: InterfaceAddress, of owner: VRRPInstance, on interface: String, _ facts: Facts,
        _ fail: (_ step: String, _ summary: String, _ remedy: String) -> Void
    ) {
        let (family, name) = vip.address.family == .ipv4 ? ("inet", "IPv4") : ("inet6", "IPv6")
        let own = facts.addresses.filter { $0.nic == interface && $0.family == family }
        // VRRP over IPv6 is spoken from the link-local address, which needs none beside it.
        let isReady = own.contains {
            $0.address.map { vip.contains($0) || (vip.address.family == .ipv6 && $0.isLinkLocal) } ?? false
        }
        if facts.nics[interface] != nil, !isReady {
            let needed = vip.address.family == .ipv4 ? "one in the VIP's subnet \(vip)" : "a link-local one for \(vip)"
            fail(
                "interface",
                own.isEmpty
                    ? "\(interface) has no \(name) address; \(needed) is needed"
                    : "\(interface) has \(own.map(\.cidr).joined(separator: ", ")), nothing in the VIP's subnet \(vip)",
                vip.address.family == .ipv4
                    ? "Correct `\(owner.path(of: "address"))` or the NIC."
                    : "Switch IPv6 on for it: `sysctl net.ipv6.conf.\(interface).disable_ipv6=0`.")
        }
        let ours = WireView(cluster: cluster, facts: self.facts).own
        for other in facts.answers where other.address == "\(vip.address)" && !ours.contains(other.hardware) {
            fail(
                "VIP",
                "\(vip.address) is in use already: \(other.hardware), which is none of the balancers, answers for it",
                "Find that machine (\(Self.finding(vip.address, on: interface))) or choose another VIP.")
        }
    }

    private static func finding(_ vip: IPAddress, on interface: String) -> String {
        vip.family == .ipv4 ? "`arping -I \(interface) \(vip)`" : "`ping -6 -I \(interface) \(vip)`, `ip -6 neigh`"
    }
}

/// What a user should know.
package struct Remark: Sendable, Equatable, CustomStringConvertible {
    /// The host, where it is about one.
    package var host: String?
    package var text: String

    /// In one line.
    package var description: String { (host.map { "\($0): " } ?? "") + text }
}
