import VRRP

/// A highly available HAProxy service as one inventory file describes it: validated, with every default filled in.
///
/// Values of this type come only from ``InventoryReader``, so code that holds one need not check it again.
package struct Cluster: Sendable, Equatable {
    /// Names the service in output and on the hosts; letters, digits, `.`, `_` and `-`.
    package var name: String
    /// The program that speaks VRRP.
    package var engine: Engine
    /// The virtual routers, one at least; each moves by itself.
    package var instances: [VRRPInstance]
    /// How a balancer decides that HAProxy is dead.
    package var healthCheck: HealthCheck
    /// Where HAProxy is asked on each balancer itself, with ``HealthCheck/answer``.
    package var healthPort = HealthCheck.usualPort
    /// Where compilers and libraries come from.
    package var packages: PackageSource
    /// Whether a package transaction may upgrade packages that are installed already.
    package var allowUpgrades: Bool
    /// The host that compiles, by name; where nil, the balancer with the lowest priority does.
    package var buildHost: String?
    /// What is compiled and what it serves.
    package var haproxy: HAProxy
    /// What is compiled and where it goes. Never nil where it is the engine; another engine may leave it out.
    package var keepalived: Keepalived?
    /// In the order of the file.
    package var hosts: [Host]
    /// What `verify` lets a failover cost.
    package var limits: Limits
    /// What drills ask, and when.
    package var drill: DrillSettings
    /// How many of the latest runs can each be gone back to, at least; 1 at least.
    package var keptRuns: Int
    /// What the files of ``OwnConfiguration`` may use, by name.
    package var variables: [String: String] = [:]
    /// The same for what must not be shown.
    package var secrets: [String: Secret] = [:]
    /// A folder with what differs of haprov's own playbooks; nil where nothing does.
    package var playbooks: String?
    /// Where the inventory does not say.
    package static let usualKeptRuns = 10

    /// From its parts.
    package init(
        name: String, engine: Engine, instances: [VRRPInstance], healthCheck: HealthCheck, packages: PackageSource,
        allowUpgrades: Bool, buildHost: String?, haproxy: HAProxy, keepalived: Keepalived?, hosts: [Host],
        limits: Limits, drill: DrillSettings = DrillSettings(), keptRuns: Int = Self.usualKeptRuns
    ) {
        self.name = name
        self.engine = engine
        self.instances = instances
        self.healthCheck = healthCheck
        self.packages = packages
        self.allowUpgrades = allowUpgrades
        self.buildHost = buildHost
        self.haproxy = haproxy
        self.keepalived = keepalived
        self.hosts = hosts
        self.limits = limits
        self.drill = drill
        self.keptRuns = keptRuns
    }

    /// The hosts that run HAProxy and share the VIPs: those first that are preferred most by one of the instances, of equals
    /// in the order of the file.
    package var balancers: [Host] {
        let orders = instances.map { $0.preference.map(\.host) }
        let places = hosts.enumerated().filter { $0.element.role == .balancer }.map { index, host in
            (host, orders.compactMap { $0.firstIndex(of: host.name) }.min() ?? hosts.count, index)
        }
        return places.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
    }

    /// The hosts that share an instance, highest priority first.
    package func balancers(of instance: VRRPInstance) -> [Host] {
        instance.preference.compactMap { member in hosts.first { $0.name == member.host } }
    }

    /// The instances by VIP, in the order of the inventory: one VIP has one of each family.
    package var instancesByVIP: [[VRRPInstance]] {
        var groups: [[VRRPInstance]] = []
        for instance in instances {
            if let place = groups.firstIndex(where: { $0[0].vip == instance.vip }) {
                groups[place].append(instance)
            } else {
                groups.append([instance])
            }
        }
        return groups
    }

    /// The sync groups with their instances, in the order of the inventory.
    package var syncGroups: [(name: String, instances: [VRRPInstance])] {
        var groups: [(name: String, instances: [VRRPInstance])] = []
        for instance in instances {
            guard let name = instance.syncGroup else { continue }
            if let place = groups.firstIndex(where: { $0.name == name }) {
                groups[place].instances.append(instance)
            } else {
                groups.append((name, [instance]))
            }
        }
        return groups
    }

    /// The NICs that carry VIPs on a host, each once.
    package func interfaces(of host: Host) -> [String] {
        var seen: [String] = []
        for instance in instances where instance.priority(of: host.name) != nil {
            let interface = instance.interface(on: host)
            if !seen.contains(interface) { seen.append(interface) }
        }
        return seen.isEmpty ? [host.interface] : seen
    }

    /// The hosts that serve the application, in the order of the file. haprov never changes anything on them.
    package var applications: [Host] { hosts.filter { $0.role == .application } }
}

/// Where a secret comes from. The value is read when it is needed and is never part of output.
package enum Secret: Sendable, Equatable {
    case text(String)
    case environment(String)
    case file(String)
    /// A program of the controller and its arguments; the first line of what it writes.
    case command([String])
}

/// How a balancer decides that HAProxy is dead.
package enum HealthCheck: String, Sendable, CaseIterable {
    /// Every two seconds: is there a process named haproxy?
    case process
    /// As `process`, but HAProxy is started once more, and the VIP is given up only where that fails.
    case restartFirst = "restart-first"
    /// As `process`, and HAProxy has to answer: one that hangs is given up too.
    case answer
}

/// Where packages come from.
package enum PackageSource: Sendable, Equatable {
    /// The repositories that the host is set up with.
    case host
    /// A folder of RPMs on the controller.
    case rpms(String)
    /// A folder of .deb files on the controller.
    case debs(String)
    /// A repository file of haprov's own for the vault of the host's own minor release.
    case vault
}

/// keepalived: which one and where it goes.
package struct Keepalived: Sendable, Equatable {
    package var origin: Origin
    /// As in the tarball's name, such as `1.4.5`; of a package the least that will do; empty where another engine runs and nothing
    /// is said.
    package var version: String
    /// An absolute path, such as `/usr/local/keepalived`; empty for what is not compiled.
    package var prefix: String
    /// Of the program, where it was found and is not where packages have it.
    package var path: String?
    /// Lines of the operator's own.
    package var extra = KeepalivedLines()
    /// The template of a keepalived.conf of the operator's own, on the controller; nil where haprov's is taken.
    package var template: String?
    /// What of a keepalived.conf that others wrote may go: names of blocks and lines, or keywords.
    package var drop: [String] = []

    /// From its parts.
    package init(origin: Origin = .tarball, version: String, prefix: String) {
        self.origin = origin
        self.version = version
        self.prefix = prefix
    }
}

/// Lines of keepalived.conf(5) for sections that haprov writes.
package struct KeepalivedLines: Sendable, Equatable {
    /// For `global_defs`.
    package var global: [String] = []
    /// For the check of HAProxy.
    package var script: [String] = []
    /// For every instance.
    package var instance: [String] = []
    /// For the end of the file.
    package var top: [String] = []

    package init() {}
}

/// What a failover may cost before `verify` calls it failed. Milliseconds.
package struct Limits: Sendable, Equatable {
    /// The address that moves.
    package var vipMoved: Int
    /// The longest time between two good answers.
    package var clientGap: Int

    /// From its parts.
    package init(vipMoved: Int, clientGap: Int) {
        self.vipMoved = vipMoved
        self.clientGap = clientGap
    }
}

/// A machine of the cluster.
package struct Host: Sendable, Equatable {
    /// Unique among its kind; see the inventory's rules for names.
    package var name: String
    /// The address itself.
    package var address: IPAddress
    /// What the host is for.
    package var role: Role
    /// The NIC that carries VIPs here: the host's own, or else that of the first VIP.
    package var interface: String
    /// How to log in.
    package var ssh: SSHSettings
    /// How scripts get there.
    package var connection: Connection

    /// How scripts get to a host.
    package enum Connection: String, Sendable, CaseIterable {
        case ssh
        /// It is the machine that haprov runs on.
        case local
    }

    /// From its parts.
    package init(
        name: String, address: IPAddress, role: Role, interface: String, ssh: SSHSettings,
        connection: Connection = .ssh
    ) {
        self.name = name
        self.address = address
        self.role = role
        self.interface = interface
        self.ssh = ssh
        self.connection = connection
    }
}

/// What a host is for.
package enum Role: Sendable, Equatable {
    /// Runs HAProxy, and VRRP for the instances that have it for a member.
    case balancer
    /// Serves the application.
    case application
    /// Was a balancer, and is none any more: nothing is done there.
    case retired
}
