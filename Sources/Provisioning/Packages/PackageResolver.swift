import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Asks a host's yum what it would do, before anything is done.
struct PackageResolver: Sendable {
    var cluster: Cluster
    var fleet: Fleet
    var cache: String

    /// Where a host keeps repositories that the controller brought.
    static let hostFolder = "/var/lib/haprov/packages"

    func resolve(_ names: [String], on host: String, facts: Facts) async throws(Failure) -> PackageTransaction {
        guard facts.tools["yum"] == true, facts.tools["rpm"] == true else {
            throw Failure(
                .preflight, host: host, step: "packages", summary: "this host has no yum and rpm",
                remedy: "haprov manages CentOS 7 and its successors.")
        }
        switch cluster.packages {
        case .host:
            try refuseDeadRepositories(names, on: host, facts: facts)
            return try await ask(["package_resolve", "host"] + names, source: "host", on: host)
        case .rpms(let path):
            let folder = try await RPMFolder(path: path, cache: cache)
            let index = try await folder.indexArchive()
            return try await ask(
                ["package_try_rpms", "\(index.count)"] + names, source: Self.hostFolder + "/rpms",
                payload: [.bytes(index)], on: host)
        case .vault:
            return try await resolveInVault(names, on: host, facts: facts)
        }
    }

    /// First the release as it was, which asks for no upgrade of a host that never had one; then with its updates.
    private func resolveInVault(
        _ names: [String], on host: String, facts: Facts
    ) async throws(Failure) -> PackageTransaction {
        guard facts.system.id == "centos", facts.system.fullVersion.split(separator: ".").count >= 3 else {
            throw Failure(
                .preflight, host: host, step: "packages: vault",
                summary: "the vault is CentOS's, and this host says that it is \(facts.system.release)",
                remedy: PackageSourceAdvice.threeWays)
        }
        var last = PackageTransaction(source: "")
        for repositories in [["os"], ["os", "updates"]] {
            last = try await ask(
                ["package_try_vault", facts.system.fullVersion, repositories.joined(separator: " ")] + names,
                source: Self.hostFolder + "/vault-" + repositories.joined(separator: "-"), on: host)
            if last.problems.isEmpty, last.upgrades.isEmpty, !last.installs.isEmpty { return last }
        }
        return last
    }

    /// - Parameter source: what a run will install from.
    private func ask(
        _ call: [String], source: String, payload: [RemoteScript.Payload] = [], on host: String
    ) async throws(Failure) -> PackageTransaction {
        let script = RemoteScript(ShellLibrary.host.script(calls: [call]), payload: payload)
        let result = try await fleet.run(script, on: host, deadline: Deadline(idle: 120, total: 300))
        return PackageTransaction(
            source: source, output: String(decoding: result.standardOutput, as: UTF8.self))
    }

    private func refuseDeadRepositories(_ names: [String], on host: String, facts: Facts) throws(Failure) {
        let dead = facts.repositories.filter { !$0.isReachable }
        // Yum 3 gives up where any enabled repository cannot be reached.
        guard facts.repositories.isEmpty || !dead.isEmpty else { return }
        let found =
            facts.repositories.isEmpty
            ? "no repository is enabled"
            : "these repositories cannot be reached: " + dead.map { "\($0.id) (\($0.url))" }.joined(separator: ", ")
        let retired =
            dead.contains { $0.url.contains("mirrorlist.centos.org") }
            ? " mirrorlist.centos.org has had no address since July 2024." : ""
        throw Failure(
            .preflight, host: host, step: "packages: host",
            summary: "\(names.joined(separator: ", ")) must be installed, but \(found).\(retired)",
            remedy: PackageSourceAdvice.threeWays)
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
            let repositories = transaction.source.split(separator: "-").dropFirst().map(String.init)
            return ([["package_vault", transaction.source, facts.system.fullVersion] + repositories], [], [])
        case .rpms(let path):
            let folder = try await RPMFolder(path: path, cache: cache)
            let file = "\(cache)/rpms/\(run)-\(host).tar"
            try await folder.archive(of: transaction, to: file)
            let size = LocalFile.size(file)
            let call = ["package_rpms", transaction.source, "\(size)"]
            return ([call], [.file(path: file, size: size)], [file])
        }
    }
}
