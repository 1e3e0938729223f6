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
        [CompiledProduct(name: HAProxy.program, version: haproxy.version, prefix: haproxy.prefix)]
            + [engineProduct].compactMap { $0 }
    }

    /// What is compiled for the engine; nil where haprov brings it along.
    package var engineProduct: CompiledProduct? { engine.product?(self) }
}
