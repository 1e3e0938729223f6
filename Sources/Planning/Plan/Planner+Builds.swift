import Errors

extension Planner {
    /// What cannot be compiled is refused before a package is installed for it.
    package func refuseUnfit(_ builds: [Build]) throws(Failure) {
        for build in builds {
            guard let product = products.first(where: { $0.name == build.product }) else { continue }
            let package = openSSLPackage(on: build.host)
            guard let reason = product.unfit[package.flatMap(Self.majorVersion)] else { continue }
            let found = package.map { ", and \(build.host) has or gets \($0)" } ?? ""
            throw Failure(
                .preflight, host: build.host, step: "\(build.product).version",
                summary: "\(build.product) \(build.version) \(reason)\(found)",
                remedy: "Choose another version in the inventory, and add its tarball with `haprov assets add`.")
        }
    }

    /// The headers of OpenSSL that a host has, or will be given for the build.
    private func openSSLPackage(on host: String) -> String? {
        let name = "openssl-devel"
        if let installed = facts[host]?.packages[name], !installed.isEmpty { return installed }
        return transactions[host]?.installs.first { package in
            package.hasPrefix(name + "-") && package.dropFirst(name.count + 1).first?.isNumber == true
        }
    }

    /// 3 of `openssl-devel-1:3.0.7-24.el9.x86_64`, 1 of `openssl-devel-1.0.2k-19.el7`.
    package static func majorVersion(ofPackage package: String) -> Int? {
        let parts = package.split(separator: "-")
        guard parts.count >= 3 else { return nil }
        let version = parts[parts.count - 2].split(separator: ":").last ?? ""
        return Int(version.prefix { $0.isNumber })
    }
}
