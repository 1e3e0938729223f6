import Foundation
import Inventory
import SSH
import YAMLReading

extension Cluster {
    /// Fills in from OpenSSH's client configuration, where the inventory names one, what it leaves open about logging in.
    ///
    /// - Parameter file: the inventory, as people named it.
    mutating func completeLogins(
        _ reading: InventoryReader.Reading, file: String
    ) -> (sources: [LoginSources], diagnostics: [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        var configurations: [String: SSHConfiguration] = [:]
        for host in hosts {
            guard let path = host.ssh.configuration, configurations[path] == nil else { continue }
            do throws(SSHConfigurationFile.Problem) {
                let file = try SSHConfigurationFile(path)
                configurations[path] = file.configuration
                diagnostics += file.faults
            } catch {
                configurations[path] = SSHConfiguration()
                let own = "hosts.\(host.name).ssh.config"
                diagnostics.append(
                    reading.diagnostic(
                        .error, at: reading.places[own] == nil ? "ssh.config" : own, file: file,
                        message: "OpenSSH's configuration \(path) \(error.reason)", remedy: error.remedy))
            }
        }
        // Without a configuration there are no tokens, and where a user has no name here nobody needs one.
        let local =
            configurations.isEmpty ? .init(home: "", user: "", environment: [:]) : LoginCompletion.Local.ofThisProcess
        var completion = LoginCompletion(reading, file: file, local: local)
        var sources: [LoginSources] = []
        for index in hosts.indices {
            let configuration = hosts[index].ssh.configuration.flatMap { configurations[$0] }
            sources.append(completion.complete(&hosts[index], by: configuration))
        }
        return (sources, diagnostics + completion.diagnostics)
    }
}

extension LoginCompletion.Local {
    static var ofThisProcess: Self {
        Self(
            home: LocalFile.home ?? "/", user: NSUserName(), environment: ProcessInfo.processInfo.environment)
    }
}

extension SSHError {
    /// With a word on OpenSSH's own configuration, where haprov was not told to read it and it may have what was missing.
    func hinting(at host: Inventory.Host) -> SSHError {
        let path = "~/.ssh/config"
        let codes: Set<Code> = [
            .unreachable, .refused, .timedOut, .connectionLost, .noIdentity, .authenticationRefused,
        ]
        guard host.connection == .ssh, codes.contains(code) else { return self }
        guard host.ssh.configuration == nil, let file = try? SSHConfigurationFile(path) else { return self }
        let answer = file.configuration.answer(for: [host.name, "\(host.address)"])
        var found: (what: String, place: SSHConfiguration.Place)?
        switch stage {
        case .tcp, .banner:
            guard host.ssh.jump.isEmpty else { return self }
            if let jump = answer.jump, !jump.value.isEmpty { found = ("ProxyJump", jump.place) }
            if let command = answer.proxyCommand { found = ("ProxyCommand", command.place) }
        case .authentication:
            guard host.ssh.identities.isEmpty, host.ssh.jump.isEmpty else { return self }
            found = answer.identities.first.map { ("IdentityFile", $0.place) }
        default: return self
        }
        guard let found else { return self }
        var error = self
        error.remedy +=
            "; \(found.place) has \(found.what) for this host, which haprov follows once the inventory says "
            + "`ssh: { config: \(path) }`"
        return error
    }
}
