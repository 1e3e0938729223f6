import Inventory
import Provisioning
import SSH
import Synchronization

/// The way in to hosts: what the inventory's settings mean to whoever connects.
final class Gate: Sendable {
    private let credentials: Credentials
    private let bastions = Bastions()
    private let console: Console
    /// The proxy commands that were shown.
    private let shown = Mutex<Set<String>>([])

    init(console: Console) {
        self.console = console
        credentials = Credentials(console)
    }

    var connector: Connector {
        { [self] (host: Inventory.Host) async throws(SSHError) -> any HostConnection in
            do throws(SSHError) { return try await connect(host) } catch { throw error.hinting(at: host) }
        }
    }

    private func connect(_ host: Inventory.Host) async throws(SSHError) -> any HostConnection {
        if host.connection == .local {
            return try LocalConnection(
                name: host.name, address: "\(host.address)", root: credentials.of(host.ssh).root)
        }
        let deadlines = SSHDeadlines(host.ssh.timeouts)
        let chain = host.ssh.jump.map { jump in
            var settings = host.ssh
            settings.user = jump.user ?? settings.user
            if let identities = jump.identities {
                (settings.identities, settings.identitiesOnly) = (identities, nil)
                settings.triesUsualFiles = jump.triesUsualFiles ?? true
            }
            settings.identitiesOnly = jump.identitiesOnly ?? settings.identitiesOnly
            settings.certificates = jump.certificates ?? settings.certificates
            // That of the hosts is no business of a bastion's.
            settings.password = nil
            let endpoint = SSHEndpoint(
                name: jump.alias ?? jump.address, address: jump.address, port: jump.port ?? 22, user: settings.user,
                knownHosts: jump.knownHosts ?? settings.knownHosts, proxyCommand: proxy(jump.proxyCommand, of: host))
            return (endpoint: endpoint, credentials: credentials.of(settings))
        }
        let bastion = try await bastions.bastion(chain, deadlines: deadlines)
        return try await SSHConnection.open(
            SSHEndpoint(
                name: host.name, address: "\(host.address)", port: host.ssh.port, user: host.ssh.user,
                knownHosts: host.ssh.knownHosts, proxyCommand: proxy(host.ssh.proxyCommand, of: host)),
            credentials: credentials.of(host.ssh), deadlines: deadlines, through: bastion)
    }

    /// A command to run, which people see before it does.
    private func proxy(_ line: String?, of host: Inventory.Host) -> ProxyCommand? {
        guard let line else { return nil }
        if shown.withLock({ $0.insert("\(host.name) \(line)").inserted }) {
            console.show(.note(host: host.name, text: "connecting by ProxyCommand: \(line)"))
        }
        return ProxyCommand(line: line, hidden: SecretVariables.names)
    }
}

extension SSHDeadlines {
    init(_ timeouts: SSHSettings.Timeouts) {
        self.init()
        func seconds(_ milliseconds: Int?) -> Double? { milliseconds.map { Double($0) / 1000 } }
        if let connect = seconds(timeouts.connect) { (tcp, banner, keyExchange) = (connect, connect, connect) }
        authentication = seconds(timeouts.login) ?? authentication
        begin = seconds(timeouts.begin) ?? begin
    }
}
