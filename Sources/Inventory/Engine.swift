/// The program that speaks VRRP. What code has to know of one by name stands here and nowhere else.
package enum Engine: String, Sendable, Codable, CaseIterable {
    /// Compiled from its tarball.
    case keepalived
    /// haprov's own, shipped as one static program.
    case vrrpd

    /// The configuration that every engine reads.
    package static let configuration = "/etc/keepalived/keepalived.conf"

    /// The program's name, which is that of its service too.
    package var program: String {
        switch self {
        case .keepalived: "keepalived"
        case .vrrpd: "haprov-vrrpd"
        }
    }

    /// The name of its systemd unit.
    package var unit: String { "\(program).service" }

    /// The units of all engines, of which a host runs one at most.
    package static var units: [String] { allCases.map(\.unit) }
}

/// A program that is compiled from its tarball.
package struct CompiledProduct: Sendable, Equatable {
    /// As the manifest of tarballs has it.
    package var name: String
    /// As in the tarball's name.
    package var version: String
    /// Where it goes.
    package var prefix: String
}

extension Cluster {
    /// What is compiled for this cluster.
    package var compiledProducts: [CompiledProduct] {
        var products = [CompiledProduct(name: "haproxy", version: haproxy.version, prefix: haproxy.prefix)]
        if engine == .keepalived, let keepalived {
            products.append(
                CompiledProduct(name: "keepalived", version: keepalived.version, prefix: keepalived.prefix))
        }
        return products
    }
}
