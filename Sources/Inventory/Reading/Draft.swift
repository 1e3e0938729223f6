import VRRP
import YAMLReading

/// An inventory as far as it could be read: what was faulty is absent.
struct Draft {
    struct HostDraft {
        var name: String
        var address: IPAddress?
        /// Whether it says `role: balancer`; nil where the role could not be read.
        var isBalancer: Bool?
        /// Whether it was one and says `role: retired`.
        var isRetired = false
        var priority: UInt8?
        var interface: String?
        var ssh: SSHSettings
        var connection = Host.Connection.ssh
    }

    struct FrontendDraft {
        var name: String
        var binds: [Frontend.Bind]?
        var mode: String?
        var backend: String?
        var extra: [String] = []
    }

    struct BackendDraft {
        var name: String
        /// Nil for `application`: every application host.
        var servers: [YAMLSection.Located<BackendServer>]?
        var port: Int?
        var balance: String?
        /// Nil where the file does not say.
        var mode: String?
        var check: BackendCheck? = BackendCheck()
        var extra: [String] = []
    }

    var name: String?
    var engine: Engine?
    /// In the order of the file; of an inventory with `vip`, that one.
    var vips: [VIPDraft] = []
    /// Whether all VIPs could be read, so that none is missing by mistake.
    var vipsAreComplete = false
    var healthCheck: HealthCheck?
    /// Nil where the file does not say.
    var healthPort: Int?
    var packages: PackageSource?
    var allowUpgrades = false
    var buildHost: String?
    var haproxyOrigin: Origin?
    var haproxyVersion: String?
    var haproxyPrefix: String?
    var haproxyPath: String?
    var haproxyMakeOptions: [String] = []
    /// Whether `haproxy.config` is there, readable or not: then there are no frontends and backends.
    var hasOwnConfiguration = false
    var ownConfiguration: OwnConfiguration?
    var variables: [String: String] = [:]
    var secrets: [String: Secret] = [:]
    var playbooks: String?
    var haproxyExtra = ExtraLines()
    var frontends: [FrontendDraft] = []
    var backends: [BackendDraft] = []
    var keepalivedOrigin: Origin?
    var keepalivedVersion: String?
    var keepalivedPrefix: String?
    var keepalivedPath: String?
    var keepalivedExtra = KeepalivedLines()
    var keepalivedTemplate: String?
    var keepalivedDrop: [String] = []
    var hosts: [HostDraft] = []
    /// Whether all hosts could be read, so that none is missing by mistake.
    var hostsAreComplete = false
    var limits = Limits(vipMoved: 5000, clientGap: 5000)
    var drill = DrillSettings()
    var keptRuns = Cluster.usualKeptRuns

    var balancers: [HostDraft] { hosts.filter { $0.isBalancer == true } }
    var applications: [HostDraft] { hosts.filter { $0.isBalancer == false && !$0.isRetired } }

    /// The mode of a backend: its own, or that of the first frontend that names it.
    func mode(of backend: BackendDraft) -> String {
        backend.mode ?? frontends.first { $0.backend == backend.name }?.mode ?? "http"
    }

    /// The servers of a backend; those that stand for every application host, too.
    func servers(of backend: BackendDraft) -> [BackendServer] {
        backend.servers?.map(\.value) ?? applications.map { .host($0.name) }
    }

    /// The cluster, where nothing is missing.
    func cluster() -> Cluster? {
        guard let name, let engine, let instances = instances(), let healthCheck, let packages, let haproxy = haproxy()
        else { return nil }
        let complete = hosts.compactMap { host(from: $0) }
        guard complete.count == hosts.count else { return nil }
        let keepalived = keepalived()
        guard keepalived != nil || engine.isOwn else { return nil }
        var cluster = Cluster(
            name: name, engine: engine, instances: instances, healthCheck: healthCheck, packages: packages,
            allowUpgrades: allowUpgrades, buildHost: buildHost, haproxy: haproxy,
            keepalived: keepalived, hosts: complete, limits: limits, drill: drill, keptRuns: keptRuns)
        cluster.healthPort = healthPort ?? cluster.healthPort
        cluster.variables = variables
        cluster.secrets = secrets
        cluster.playbooks = playbooks
        return cluster
    }

    private func keepalived() -> Keepalived? {
        guard let keepalivedOrigin, let keepalivedVersion, let keepalivedPrefix else { return nil }
        var keepalived = Keepalived(origin: keepalivedOrigin, version: keepalivedVersion, prefix: keepalivedPrefix)
        keepalived.path = keepalivedPath
        keepalived.extra = keepalivedExtra
        keepalived.template = keepalivedTemplate
        keepalived.drop = keepalivedDrop
        return keepalived
    }

    private func instances() -> [VRRPInstance]? {
        let read = vips.compactMap(instances)
        return vipsAreComplete && read.count == vips.count ? read.flatMap { $0 } : nil
    }

    private func haproxy() -> HAProxy? {
        guard let haproxyOrigin, let haproxyVersion, let haproxyPrefix else { return nil }
        let front = frontends.compactMap { draft -> Frontend? in
            guard let binds = draft.binds, let mode = draft.mode, let backend = draft.backend else { return nil }
            return Frontend(name: draft.name, binds: binds, mode: mode, backend: backend, extra: draft.extra)
        }
        let back = backends.compactMap { draft -> Backend? in
            guard let port = draft.port, let balance = draft.balance, let check = draft.check else { return nil }
            return Backend(
                name: draft.name, servers: servers(of: draft), port: port, balance: balance, mode: mode(of: draft),
                check: check, extra: draft.extra)
        }
        guard front.count == frontends.count, back.count == backends.count else { return nil }
        guard !hasOwnConfiguration || ownConfiguration != nil else { return nil }
        var haproxy = HAProxy(
            origin: haproxyOrigin, version: haproxyVersion, prefix: haproxyPrefix, frontends: front, backends: back)
        haproxy.own = ownConfiguration
        haproxy.path = haproxyPath
        haproxy.makeOptions = haproxyMakeOptions
        haproxy.extra = haproxyExtra
        return haproxy
    }

    private func host(from draft: HostDraft) -> Host? {
        guard let address = draft.address, let isBalancer = draft.isBalancer,
            let interface = interface(of: draft)
        else { return nil }
        return Host(
            name: draft.name, address: address,
            role: isBalancer ? .balancer : draft.isRetired ? .retired : .application, interface: interface,
            ssh: draft.ssh, connection: draft.connection)
    }
}
