import Errors
import Foundation
import Inventory
import Planning
import Provisioning
import SSH
import YAMLReading

/// Everything on the controller that a command works with: the inventory, playbooks, assets, cache and credentials.
struct Workspace: Sendable {
    let cluster: Cluster
    let playbooks: PlaybookFolder
    let recipes: Recipes
    let cache: ArtifactCache
    let file: InventoryFile
    let warnings: Int
    /// Whether `--limit` or `--without` leaves balancers out.
    let isLimited: Bool
    /// Those that `--without` leaves out.
    let without: [String]
    /// haprov's own programs for hosts, by name.
    private let programs: [String: StaticProgram]
    /// Of VRRP, by virtual router ID.
    private let passwords: [UInt8: String]
    /// Of the inventory's `secrets`, by name.
    private let secretValues: [String: String]
    private let gate: Gate
    /// What plans are made from.
    let inputs: PlanInputs
    private let mask: SecretMask

    /// What a command cannot do without, beside a sound inventory.
    enum Needs {
        /// Tarballs and secrets.
        case everything
        /// Tarballs; a secret that is not at hand is worth a warning.
        case tarballs
        /// Neither: the hosts' journals say what is to be known.
        case journal
    }

    /// Reads and checks all of it before any host is connected to.
    ///
    /// - Throws: `InputFaults` with every fault.
    init(_ options: CommonOptions, console: Console, needs: Needs = .everything) throws {
        try self.init(options.inventory, options.workspace, console: console, needs: needs)
    }

    /// As above, of one inventory among those that a command was given.
    ///
    /// - Parameter without: the names of `--without`, separated by commas.
    init(
        _ inventory: String?, _ options: WorkspaceOptions, console: Console, needs: Needs = .everything,
        without: String? = nil
    ) throws {
        file = try InventoryFile(inventory)
        let reading = InventoryReader.read(file.text, file: file.path)
        var diagnostics = reading.diagnostics
        guard var cluster = reading.cluster else { throw InputFaults(inventory: diagnostics) }
        cluster.resolvePaths(from: file.folder)
        SecretVariables.add(of: cluster)
        let completed = cluster.completeLogins(reading, file: file.path)
        diagnostics += completed.diagnostics
        for index in cluster.hosts.indices where cluster.hosts[index].connection == .local {
            cluster.hosts[index].ssh.user = LocalConnection.user
        }
        if needs == .tarballs, console.isVerbose { console.show(completed.sources) }
        let assets = AssetFolder.path(options.assets, inventoryFolder: file.folder)
        let manifest = try AssetManifest.shipped(assets: assets)
        let store = AssetStore(folder: assets, manifest: manifest)
        recipes = try Recipes(cluster: cluster, manifest: manifest, store: store)
        if needs != .journal { diagnostics += store.diagnostics(for: cluster, reading: reading, file: file.path) }
        programs = Self.programs(for: cluster)
        if needs != .journal, cluster.engine.isOwn, programs.isEmpty {
            diagnostics.append(
                reading.diagnostic(
                    .error, at: "engine", file: file.path,
                    message: "haprov's own \(cluster.engine.program), which this engine is, cannot be found",
                    remedy: "Take the haprov that `make dist` makes, which has it inside, or name one in $HAPROV_VRRPD."
                ))
        }
        var passwords: [UInt8: String] = [:]
        for instance in cluster.instances {
            do throws(SecretError) {
                let whole = try instance.password?.readVRRPPassword()
                passwords[instance.virtualRouterID] = whole.map(VRRPPassword.carried)
                if let warning = whole.flatMap(VRRPPassword.warning), instance.password?.isInInventory == false {
                    diagnostics.append(
                        reading.diagnostic(
                            .warning, at: reading.passwordPath(of: instance), file: file.path, message: warning,
                            remedy: "Shorten it to 8, so that nobody counts on more.", code: "HV107"))
                }
            } catch {
                if needs != .journal {
                    diagnostics.append(
                        reading.diagnostic(
                            needs == .everything ? .error : .warning, at: reading.passwordPath(of: instance),
                            file: file.path,
                            message: error.message, remedy: error.remedy))
                }
            }
        }
        self.passwords = passwords
        let values = cluster.readSecrets(reading, file: file.path, isNeeded: needs == .everything)
        secretValues = values.read
        if needs != .journal { diagnostics += values.diagnostics }
        let own = cluster.readConfiguration(
            reading, file: file.path, passwords: passwords, secretValues: secretValues, recipes: recipes)
        // A rollback goes by the hosts' journals.
        if needs != .journal { diagnostics += own }
        diagnostics += cluster.unreadableCredentials(reading, file: file.path)
        if needs != .journal { diagnostics += cluster.unreadableAuthorities(reading, file: file.path) }
        let shipped = try PlaybookFolder.shipped()
        var playbooks =
            try (options.playbooks ?? cluster.playbooks).map { try PlaybookFolder(path: $0, over: shipped) } ?? shipped
        // A rollback writes none.
        if needs != .journal, let template = cluster.keepalived?.template {
            if let text = FileManager.default.contents(atPath: template) {
                playbooks = playbooks.writingKeepalived(by: String(decoding: text, as: UTF8.self), from: template)
            } else {
                diagnostics.append(
                    reading.diagnostic(
                        .error, at: "keepalived.config", file: file.path, message: "\(template) cannot be read",
                        remedy: "Name the template; the path starts from the inventory's folder."))
            }
        }
        self.playbooks = playbooks
        var playbookFaults: [Diagnostic] = []
        if needs != .journal {
            do throws(PlaybookError) {
                _ = try playbooks.resources(
                    of: cluster, passwords: passwords, secretValues: secretValues, packages: recipes.runtimePackages)
            } catch {
                playbookFaults = error.faults
            }
        }
        guard playbookFaults.isEmpty, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw InputFaults(inventory: diagnostics, playbook: playbookFaults)
        }
        for diagnostic in diagnostics { console.show(diagnostic, of: "inventory") }
        warnings = diagnostics.count
        let left = try cluster.leftOut(by: without)
        self.without = left
        chosen = try cluster.limited(to: options.limit).balancers.map(\.name).filter { !left.contains($0) }
        isLimited = chosen.count != cluster.balancers.count
        self.cluster = cluster
        cache = ArtifactCache(folder: CacheFolder.path)
        gate = Gate(console: console)
        let hidden = Array(passwords.values) + Array(secretValues.values) + cluster.secretsInInventory
        mask = SecretMask(hidden.sorted { $0.count > $1.count })
        inputs = PlanInputs(
            inventory: file.text, playbooks: playbooks, tarballs: recipes.digests, own: cluster.haproxy.own, mask: mask)
    }

    /// The balancers that this command works on.
    let chosen: [String]

    /// - Parameter interrupt: asked between hosts whether to stop.
    func session(events: @escaping EventSink, interrupt: Interrupt? = nil) throws -> Session {
        var session = Session(
            cluster: cluster, playbooks: playbooks, recipes: recipes, cache: cache, passwords: passwords,
            connector: connector, events: events)
        session.secretValues = secretValues
        session.programs = programs
        session.listener = { StaticProgram.find(Engine.vrrpd.program) }
        session.client = { StaticProgram.find("haprov-prober") }
        session.chosen = Set(chosen)
        session.without = without
        session.isInterrupted = { interrupt?.isPressed ?? false }
        return session
    }

    var connector: Connector { gate.connector }

    /// A plan, without any secret.
    func agreed(_ survey: Survey) -> AgreedPlan {
        AgreedPlan(survey.plan, transactions: survey.transactions, mask: mask)
    }

    private static func programs(for cluster: Cluster) -> [String: StaticProgram] {
        guard cluster.engine.isOwn else { return [:] }
        let name = cluster.engine.program
        return StaticProgram.find(name).map { [name: $0] } ?? [:]
    }
}

extension Cluster {
    /// Secrets that stand in the inventory itself.
    fileprivate var secretsInInventory: [String] {
        let all =
            instances.map(\.password) + hosts.flatMap { [$0.ssh.password, $0.ssh.become?.password] }
            + secrets.values.map(Optional.some)
        return all.compactMap { secret in
            guard case .text(let text) = secret else { return nil }
            return text
        }
    }

    /// Paths in an inventory start from its folder.
    mutating func resolvePaths(from folder: String) {
        func absolute(_ path: String) -> String {
            path.hasPrefix("/") || path.hasPrefix("~") ? path : folder + "/" + path
        }
        func absolute(_ secret: Secret?) -> Secret? {
            switch secret {
            case .file(let path): .file(absolute(path))
            case .command(let words) where words.first?.contains("/") == true:
                .command(words.prefix(1).map { absolute(($0 as NSString).expandingTildeInPath) } + words.dropFirst())
            default: secret
            }
        }
        for index in instances.indices { instances[index].password = absolute(instances[index].password) }
        secrets = secrets.mapValues { absolute($0) ?? $0 }
        playbooks = playbooks.map { absolute(($0 as NSString).expandingTildeInPath) }
        if let own = haproxy.own {
            // A folder may be written with a slash at its end.
            func folder(_ path: String) -> String {
                let whole = absolute((path as NSString).expandingTildeInPath)
                return whole.count > 1 && whole.hasSuffix("/") ? String(whole.dropLast()) : whole
            }
            haproxy.own?.source = folder(own.source)
            haproxy.own?.perHost = own.perHost.map(folder)
        }
        if let template = keepalived?.template {
            keepalived?.template = absolute((template as NSString).expandingTildeInPath)
        }
        drill.authorities = drill.authorities.map { absolute(($0 as NSString).expandingTildeInPath) }
        switch packages {
        case .rpms(let path): packages = .rpms(absolute((path as NSString).expandingTildeInPath))
        case .debs(let path): packages = .debs(absolute((path as NSString).expandingTildeInPath))
        case .host, .vault: break
        }
        for index in hosts.indices {
            hosts[index].ssh.knownHosts = absolute(hosts[index].ssh.knownHosts)
            hosts[index].ssh.identities = hosts[index].ssh.identities.map { absolute($0) }
            hosts[index].ssh.configuration = hosts[index].ssh.configuration.map { absolute($0) }
            hosts[index].ssh.password = absolute(hosts[index].ssh.password)
            for jump in hosts[index].ssh.jump.indices {
                var bastion = hosts[index].ssh.jump[jump]
                bastion.identities = bastion.identities.map { $0.map { absolute($0) } }
                bastion.knownHosts = bastion.knownHosts.map { absolute($0) }
                hosts[index].ssh.jump[jump] = bastion
            }
            let become = absolute(hosts[index].ssh.become?.password)
            hosts[index].ssh.become?.password = become
        }
    }

    /// The balancers that are named, of which not all may be.
    func leftOut(by names: String?) throws(Failure) -> [String] {
        let wanted = names?.split(separator: ",").map(String.init) ?? []
        let all = balancers.map(\.name)
        for name in wanted where !all.contains(name) {
            throw Failure(
                .input, step: "inventory", summary: "--without names no balancer `\(name)`",
                remedy: "The balancers are \(all.joined(separator: ", ")).")
        }
        guard names == nil || (1..<all.count).contains(Set(wanted).count) else {
            throw Failure(
                .input, step: "inventory",
                summary: wanted.isEmpty ? "--without names no balancer" : "--without leaves no balancer",
                remedy: "Name those alone that cannot be reached.")
        }
        return all.filter(wanted.contains)
    }

    /// The cluster with the named hosts only.
    func limited(to names: String?) throws(Failure) -> Cluster {
        guard let names else { return self }
        let wanted = names.split(separator: ",").map(String.init)
        for name in wanted where !hosts.contains(where: { $0.name == name }) {
            throw Failure(
                .input, step: "inventory", summary: "--limit names no host `\(name)`",
                remedy: "Its hosts are \(hosts.map(\.name).joined(separator: ", ")).")
        }
        var limited = self
        limited.hosts = hosts.filter { wanted.contains($0.name) }
        guard !limited.balancers.isEmpty else {
            throw Failure(
                .input, step: "inventory", summary: "--limit leaves no balancer",
                remedy: "haprov only works on balancers: \(balancers.map(\.name).joined(separator: ", ")).")
        }
        return limited
    }
}
