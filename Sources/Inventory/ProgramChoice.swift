/// A program that is not haprov's own, as an inventory chooses it.
package struct ProgramChoice: Sendable, Equatable {
    /// As the manifest of tarballs has it.
    package var name: String
    package var origin: Origin
    /// As in the tarball's name; of a package the least that will do.
    package var version: String
    /// Where a compiled one goes; empty for others.
    package var prefix: String
    /// Where one that was found is, if not where packages have it.
    package var path: String?
    /// The folder of its configuration, where it is not the usual one.
    package var configurationFolder: String?
    /// `NAME=VALUE` for make, beyond what the manifest says.
    package var makeOptions: [String] = []
}

extension Cluster {
    package var haproxyProgram: ProgramChoice {
        ProgramChoice(
            name: HAProxy.program, origin: haproxy.origin, version: haproxy.version, prefix: haproxy.prefix,
            path: haproxy.path,
            configurationFolder: haproxy.own?.target, makeOptions: haproxy.makeOptions)
    }

    /// Nil where the inventory says nothing of it.
    package var keepalivedProgram: ProgramChoice? {
        keepalived.map {
            ProgramChoice(
                name: "keepalived", origin: $0.origin, version: $0.version, prefix: $0.prefix, path: $0.path)
        }
    }

    private var programs: [ProgramChoice] { [haproxyProgram] + [engineProgram].compactMap { $0 } }

    /// What is compiled for this cluster.
    package var compiledProducts: [ProgramChoice] { programs.filter { $0.origin == .tarball } }

    /// What the distribution's packages are for this cluster.
    package var packagedPrograms: [ProgramChoice] { programs.filter { $0.origin == .distribution } }

    /// What goes on as it was found on this cluster's hosts.
    package var foundPrograms: [ProgramChoice] { programs.filter { $0.origin == .found } }

    /// The engine's program; nil where haprov brings it along.
    package var engineProgram: ProgramChoice? { engine.choice?(self) }
}
