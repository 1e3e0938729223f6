import Inventory

/// Where a program stands on a host.
package struct ProgramPlace: Sendable, Equatable {
    package var program: String
    package var configuration: String
    /// The folder that the configuration is in.
    package var configurationFolder: String { ProgramResource.folder(of: configuration) }
}

extension ProgramPlace {
    /// By which HAProxy reads its configuration.
    package func arguments(for haproxy: HAProxy) -> [String] {
        guard haproxy.own != nil, haproxy.origin != .found else { return ["-f", configuration] }
        return ["-C", configurationFolder, "-f", OwnConfiguration.mainFile, "-f", OwnConfiguration.addedFile]
    }
}

/// A program as a distribution's own package brings it.
package struct PackagedProgram: Sendable, Equatable {
    /// The package's name.
    package var name: String
    package var place: ProgramPlace
}

extension Platform {
    /// Everywhere the same so far.
    package var packagedHAProxy: PackagedProgram {
        PackagedProgram(
            name: HAProxy.program,
            place: ProgramPlace(program: "/usr/sbin/haproxy", configuration: "/etc/haproxy/haproxy.cfg"))
    }

    /// Everywhere the same so far.
    package var packagedKeepalived: PackagedProgram {
        PackagedProgram(
            name: "keepalived",
            place: ProgramPlace(program: "/usr/sbin/keepalived", configuration: Engine.configuration))
    }

    /// As the distribution has it.
    package func packaged(_ choice: ProgramChoice) -> PackagedProgram {
        choice.name == HAProxy.program ? packagedHAProxy : packagedKeepalived
    }

    /// Where a cluster's program is on hosts of this platform.
    package func place(of choice: ProgramChoice) -> ProgramPlace {
        var place = usualPlace(of: choice)
        if let folder = choice.configurationFolder { place.configuration = "\(folder)/\(OwnConfiguration.mainFile)" }
        return place
    }

    private func usualPlace(of choice: ProgramChoice) -> ProgramPlace {
        let packaged = packaged(choice).place
        if choice.origin == .distribution { return packaged }
        let program =
            choice.origin == .found ? choice.path ?? packaged.program : "\(choice.prefix)/sbin/\(choice.name)"
        if choice.origin == .found {
            return ProgramPlace(program: program, configuration: packaged.configuration)
        }
        // keepalived's is the same for every engine.
        return choice.name == HAProxy.program
            ? ProgramPlace(program: program, configuration: "\(choice.prefix)/conf/haproxy.cfg")
            : ProgramPlace(program: program, configuration: packaged.configuration)
    }
}
