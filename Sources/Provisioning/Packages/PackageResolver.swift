import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Asks a host's package manager what it would do, before anything is done.
struct PackageResolver: Sendable {
    var cluster: Cluster
    var fleet: Fleet
    var cache: String
    var platforms: Platforms

    /// Where a host keeps repositories that the controller brought.
    static let hostFolder = "/var/lib/haprov/packages"

    func resolve(_ names: [String], on host: String, facts: Facts) async throws(Failure) -> PackageTransaction {
        let platform = platforms.working(facts.system)
        let manager = platform.packageManager
        let lacking = manager.missing(from: facts.tools)
        guard lacking.isEmpty else {
            throw Failure(
                .preflight, host: host, step: "packages",
                summary: "this host has no \(lacking.joined(separator: " and no "))",
                remedy: "haprov manages \(platforms.list).")
        }
        guard manager.takes(cluster.packages) else {
            throw Failure(
                .preflight, host: host, step: "packages",
                summary:
                    "this host is \(platform.name), and \(manager.name) cannot install from where the inventory says",
                remedy: platform.packageAdvice.everyWay)
        }
        switch cluster.packages {
        case .host:
            if let fault = manager.fault(of: facts.repositories) {
                throw Failure(
                    .preflight, host: host, step: "packages: host",
                    summary: "\(names.joined(separator: ", ")) must be installed, but \(fault)",
                    remedy: platform.packageAdvice.everyWay)
            }
            return try await ask(manager, manager.question(names), source: "host", on: host)
        case .rpms(let path):
            let folder = try RPMFolder(path: path, cache: cache)
            let index = try folder.indexArchive()
            return try await ask(
                manager, ["package_try_rpms", "\(index.count)"] + names, source: Self.hostFolder + "/rpms",
                payload: [.bytes(index)], on: host)
        case .debs(let path):
            let index = try DebFolder(path: path, cache: cache).indexArchive()
            return try await ask(
                manager, ["apt_try_debs", "\(index.count)"] + names, source: Self.hostFolder + "/debs",
                payload: [.bytes(index)], on: host)
        case .vault:
            return try await resolveInVault(names, on: host, system: facts.system, platform: platform)
        }
    }

    /// First the release as it was, which asks for no upgrade of a host that never had one; then with its updates.
    private func resolveInVault(
        _ names: [String], on host: String, system: System, platform: any Platform
    ) async throws(Failure) -> PackageTransaction {
        guard let release = platform.vaultRelease(of: system) else {
            throw Failure(
                .preflight, host: host, step: "packages: vault",
                summary: "the vault is that of CentOS 7, and this host says that it is \(system.release)",
                remedy: platform.packageAdvice.everyWay)
        }
        var last = PackageTransaction(source: "")
        for repositories in [["os"], ["os", "updates"]] {
            last = try await ask(
                platform.packageManager, ["package_try_vault", release, repositories.joined(separator: " ")] + names,
                source: Self.hostFolder + "/vault-" + repositories.joined(separator: "-"), on: host)
            if last.problems.isEmpty, last.upgrades.isEmpty, !last.installs.isEmpty { return last }
        }
        return last
    }

    /// - Parameter source: what a run will install from.
    private func ask(
        _ manager: any PackageManager, _ call: [String], source: String, payload: [RemoteScript.Payload] = [],
        on host: String
    ) async throws(Failure) -> PackageTransaction {
        let script = RemoteScript(ShellLibrary.host.script(calls: [call]), payload: payload)
        let result = try await fleet.run(script, on: host, deadline: Deadline(idle: 120, total: 300))
        return manager.transaction(
            source: source, answer: String(decoding: result.standardOutput, as: UTF8.self))
    }
}

extension PackageResolver {
    /// What must stand at the head of a batch that installs from a repository of the controller's; with the files that
    /// are to be removed here once it has been sent.
    func prelude(
        for transaction: PackageTransaction, facts: Facts, run: String, host: String
    ) async throws(Failure) -> (calls: [[String]], payload: [RemoteScript.Payload], temporary: [String]) {
        switch cluster.packages {
        case .host: return ([], [], [])
        case .vault:
            let release = platforms.working(facts.system).vaultRelease(of: facts.system) ?? ""
            let repositories = transaction.source.split(separator: "-").dropFirst().map(String.init)
            return ([["package_vault", transaction.source, release] + repositories], [], [])
        case .rpms(let path):
            let file = "\(cache)/rpms/\(run)-\(host).tar"
            try RPMFolder(path: path, cache: cache).archive(of: transaction, to: file)
            return sent(file, by: "package_rpms", into: transaction.source)
        case .debs(let path):
            let file = "\(cache)/debs/\(run)-\(host).tar"
            try DebFolder(path: path, cache: cache).archive(of: transaction, to: file)
            return sent(file, by: "apt_debs", into: transaction.source)
        }
    }

    private func sent(
        _ file: String, by function: String, into folder: String
    ) -> (calls: [[String]], payload: [RemoteScript.Payload], temporary: [String]) {
        let size = LocalFile.size(file)
        return ([[function, folder, "\(size)"]], [.file(path: file, size: size)], [file])
    }
}
