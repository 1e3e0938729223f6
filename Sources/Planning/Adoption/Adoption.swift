import Errors
import Inventory
import Texts
import VRRP

/// From what was found on balancers to an inventory that leaves it as it is. Pure.
package struct Adoption: Sendable {
    /// A file that belongs to the inventory.
    package struct File: Sendable, Equatable {
        /// From the inventory's folder.
        package var path: String
        package var content: [UInt8]
    }

    /// How hosts are logged in to, as an inventory says it.
    package struct Login: Sendable {
        package var user: String
        package var port: Int
        /// More lines of `ssh`, such as `config: ~/.ssh/config`.
        package var lines: [String]

        package init(user: String, port: Int, lines: [String]) {
            self.user = user
            self.port = port
            self.lines = lines
        }
    }

    /// The folder beside the inventory.
    package static let folder = "haproxy"

    /// Those that were found, the one first that is preferred most.
    package private(set) var balancers: [FoundBalancer]
    /// What they are called, in the same order.
    package private(set) var names: [String]
    package private(set) var vips: [FoundVIP] = []
    /// What is to be known, and what a person has to decide.
    package private(set) var remarks: [Remark] = []
    let cluster: String
    let login: Login

    /// - Parameter keepsArguments: whether hosts are called as the operator calls them, for the sake of OpenSSH's configuration.
    /// - Throws: everything that stands in the way.
    package init(
        cluster: String, login: Login, balancers: [FoundBalancer], keepsArguments: Bool = false
    ) throws(Failures) {
        self.cluster = cluster
        self.login = login
        let priority = { (balancer: FoundBalancer) in balancer.vrrp.instances.first?.priority ?? 100 }
        self.balancers = balancers.enumerated().sorted {
            (priority($1.element), $0.offset) < (priority($0.element), $1.offset)
        }.map(\.element)
        names = Self.names(of: self.balancers, keepsArguments: keepsArguments)
        var failures = balancers.flatMap { $0.failures() }
        if balancers.count < 2 {
            failures.append(
                Failure(
                    .input, step: "adopt", summary: "a VIP can move only between two balancers or more",
                    remedy: "Name all of them: `haprov adopt HOST HOST…`."))
        }
        guard failures.isEmpty else { throw Failures(failures) }
        let comparison = VIPComparison(zip(names, self.balancers).map { ($0, $1) })
        guard comparison.failures.isEmpty else { throw Failures(comparison.failures) }
        vips = comparison.vips
        remarks = comparison.remarks + programRemarks()
        for (name, balancer) in zip(names, self.balancers) {
            remarks += balancer.configuration.remarks.map { Remark(host: name, text: $0) }
        }
    }

    /// The name by which each host speaks of itself, where that tells them apart.
    private static func names(of balancers: [FoundBalancer], keepsArguments: Bool) -> [String] {
        func areNames(_ all: [String]) -> Bool {
            Set(all.map { $0.lowercased() }).count == all.count
                && all.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,62}/) != nil && $0 != "localhost" }
        }
        let arguments = balancers.map(\.argument)
        let routers = balancers.map { $0.vrrp.global.routerID ?? "" }
        let hosts = balancers.map { String($0.facts.system.hostName.prefix { $0 != "." }) }
        let choices = keepsArguments ? [arguments] : [routers, hosts, arguments]
        return choices.first(where: areNames) ?? balancers.indices.map { "balancer\($0 + 1)" }
    }

    /// Programs that are not the same everywhere.
    private func programRemarks() -> [Remark] {
        [HAProxy.program, Engine.all[0].program].flatMap { program in
            let found = zip(names, balancers).map { name, balancer in
                (name, balancer.facts.version(of: program) ?? "?", balancer.facts.eldest(program)?.path ?? "?")
            }
            guard Set(found.map { "\($0.1) \($0.2)" }).count > 1 else { return [Remark]() }
            let words = found.map { "\($0.0) has \($0.1), \($0.2)" }.joined(separator: "; ")
            return [Remark(host: nil, text: "\(program) is not the same on all: \(words)")]
        }
    }

    /// How HAProxy's death is seen.
    var healthCheck: HealthCheck {
        let scripts = balancers.flatMap { $0.vrrp.scripts }
        if scripts.contains(where: { CheckCommand.asksHAProxy($0.command) }) { return .answer }
        return scripts.contains { CheckCommand.startsHAProxy($0.command) } ? .restartFirst : .process
    }

    /// The oldest of the versions that were found.
    func version(of program: String) -> String {
        let all = balancers.compactMap { $0.facts.version(of: program) }
        return all.min { one, other in
            guard let one = Version(one), let other = Version(other) else { return false }
            return one < other
        } ?? ""
    }

    /// What lies beside the inventory: all of it is for its owner alone.
    package var files: [File] {
        var files = vips.compactMap { vip in
            vip.password.map { File(path: Self.passwordPath(of: vip), content: Array("\($0)\n".utf8)) }
        }
        var secrets = files.map(\.path)
        let first = balancers[0].configuration.files
        func add(_ path: String, _ content: [UInt8]) {
            files.append(File(path: path, content: content))
            if SecretMask.holdsPrivateKey(content) || Self.holdsPassword(content) { secrets.append(path) }
        }
        for (path, content) in first.sorted(by: { $0.key < $1.key }) { add("\(Self.folder)/config/\(path)", content) }
        for (name, balancer) in zip(names, balancers).dropFirst() {
            for (path, content) in balancer.configuration.files.sorted(by: { $0.key < $1.key })
            where first[path] != content {
                add("\(Self.folder)/hosts/\(name)/\(path)", content)
            }
        }
        let ignored = secrets.map { "/" + $0.dropFirst(Self.folder.count + 1) }.joined(separator: "\n")
        let head = "# Written by haprov: what of this folder is no business of a repository's.\n"
        return files + [File(path: "\(Self.folder)/.gitignore", content: Array("\(head)\(ignored)\n".utf8))]
    }

    var differs: Bool { files.contains { $0.path.hasPrefix("\(Self.folder)/hosts/") } }

    static func passwordPath(of vip: FoundVIP) -> String { "\(folder)/vrrp-\(vip.virtualRouterID).password" }

    /// Passwords of people and of the statistics page.
    private static func holdsPassword(_ content: [UInt8]) -> Bool {
        String(decoding: content, as: UTF8.self).contains(/(?m)^\s*(stats\s+auth|user\s+\S+\s+(insecure-)?password)\s/)
    }
}
