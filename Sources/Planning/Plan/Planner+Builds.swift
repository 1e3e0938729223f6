import Errors
import Inventory

extension Planner {
    /// That the balancers are of several platforms, of which each compiles for itself.
    func platformNotes(_ builds: [Build]) -> [String] {
        let hosts = cluster.balancers.filter { facts[$0.name] != nil }
        let groups = Dictionary(grouping: hosts) { facts[$0.name]?.system.buildPlatform ?? "" }
        guard !builds.isEmpty, groups.count > 1 else { return [] }
        let texts = groups.values.sorted { ($0.first?.name ?? "") < ($1.first?.name ?? "") }.map { group in
            let names = group.map(\.name)
            let compiled = builds.filter { names.contains($0.host) }
            let system = facts[names[0]]?.system.release ?? ""
            let way = Set(compiled.map { "\($0.product) compiled on \($0.host)" }).sorted()
            return "\(names.joined(separator: ", ")) (\(system))"
                + (way.isEmpty ? "" : ", \(way.joined(separator: ", "))")
        }
        return [
            "the balancers are of \(groups.count) platforms, and what is compiled for one runs on its like alone: "
                + texts.joined(separator: "; ")
        ]
    }

    /// What a host needs for steps and for what is compiled on it, in bytes, by folder.
    package func room(for steps: [Step], on host: Host) -> [String: Int] {
        // The journal itself.
        var room = ["/var/lib": 2 << 20]
        for build in neededBuilds() where build.host == host.name {
            room["/var/lib", default: 0] += products.first { $0.name == build.product }?.sizeOfCompiling ?? 0
        }
        for step in steps {
            guard let change = step.change else { continue }
            var size = 0
            switch change.content {
            case .none: continue
            case .bytes(let bytes): size = bytes.count
            case .program(let program): size = program.size
            case .artifact(let id):
                size =
                    products.filter { $0.identity(for: facts[host.name]?.system ?? System()) == id }
                    .map { $0.size(of: id) }.max() ?? 0
            }
            // What arrives, and what it takes the place of, are in the journal.
            room["/var/lib", default: 0] += 2 * size
            if change.writes.contains(where: { $0.hasPrefix("/usr/local/") }) {
                room["/usr/local", default: 0] += size
            }
        }
        return room
    }

    /// What cannot be compiled is refused before a package is installed for it.
    package func refuseUnfit(_ builds: [Build]) throws(Failure) {
        for build in builds {
            guard let product = products.first(where: { $0.name == build.product }) else { continue }
            try refuseOld(product, build)
            let package = foundPackage(platform(of: build.host).openSSLHeaders, on: build.host)
            let manager = platform(of: build.host).packageManager
            guard let reason = product.unfit[package.flatMap(manager.majorVersion)] else { continue }
            let found = package.map { ", and \(build.host) has or gets \($0)" } ?? ""
            throw Failure(
                .preflight, host: build.host, step: "\(build.product).version",
                summary: "\(build.product) \(build.version) \(reason)\(found)",
                remedy: "Choose another version in the inventory, and add its tarball with `haprov assets add`.")
        }
    }

    /// Headers that are older than what is compiled needs.
    private func refuseOld(_ product: Product, _ build: Build) throws(Failure) {
        let platform = platform(of: build.host)
        for (name, least) in product.leastVersions.sorted(by: { $0.key < $1.key }) {
            for package in platform.packages([name]) {
                guard let found = foundPackage(package, on: build.host),
                    let version = platform.packageManager.version(of: found).flatMap(Version.init), version < least
                else { continue }
                let options = product.makeOptions.joined(separator: " ")
                throw Failure(
                    .preflight, host: build.host, step: "\(build.product).version",
                    summary: "\(build.product) \(build.version)\(options.isEmpty ? "" : " with \(options)") needs "
                        + "\(package) \(least) or later, and \(build.host) has or gets \(found)",
                    remedy: options.isEmpty
                        ? "Choose another version in the inventory, and add its tarball with `haprov assets add`."
                        : "Take out of `\(build.product).make` what needs it, or let a balancer compile that has such "
                            + "packages (`build_host`).")
            }
        }
    }

    /// A package that a host has, or will be given for the build, with its version.
    private func foundPackage(_ name: String, on host: String) -> String? {
        if let installed = facts[host]?.packages[name], !installed.isEmpty { return installed }
        let manager = platform(of: host).packageManager
        return transactions[host]?.installs.first { manager.isPackage($0, named: name) }
    }
}
