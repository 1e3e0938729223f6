import Errors

extension Planner {
    /// What cannot be compiled is refused before a package is installed for it.
    package func refuseUnfit(_ builds: [Build]) throws(Failure) {
        for build in builds {
            guard let product = products.first(where: { $0.name == build.product }) else { continue }
            let package = openSSLPackage(on: build.host)
            let manager = platform(of: build.host).packageManager
            guard let reason = product.unfit[package.flatMap(manager.majorVersion)] else { continue }
            let found = package.map { ", and \(build.host) has or gets \($0)" } ?? ""
            throw Failure(
                .preflight, host: build.host, step: "\(build.product).version",
                summary: "\(build.product) \(build.version) \(reason)\(found)",
                remedy: "Choose another version in the inventory, and add its tarball with `haprov assets add`.")
        }
    }

    /// The headers of OpenSSL that a host has, or will be given for the build.
    private func openSSLPackage(on host: String) -> String? {
        let platform = platform(of: host)
        let name = platform.openSSLHeaders
        if let installed = facts[host]?.packages[name], !installed.isEmpty { return installed }
        return transactions[host]?.installs.first { platform.packageManager.isPackage($0, named: name) }
    }
}
