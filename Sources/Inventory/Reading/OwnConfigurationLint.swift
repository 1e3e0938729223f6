import HAProxyReading
import Texts
import YAMLReading

/// What is to be known of a configuration before HAProxy itself judges it on the hosts.
package struct OwnConfigurationLint {
    private let own: OwnConfiguration
    /// Where it goes on hosts.
    private let folder: String
    private let paths: Set<String>

    package init(_ own: OwnConfiguration, folder: String) {
        self.own = own
        self.folder = folder
        paths = Set(([own.files] + own.hostFiles.values).flatMap(\.keys).map(OwnConfiguration.withoutSuffix))
    }

    /// In the order of the file.
    package var warnings: [Diagnostic] {
        let notes = own.reading.notes.map {
            (
                "HV520", $0.place, $0.text,
                "What haprov derives from it may be wrong; HAProxy itself judges it on the hosts."
            )
        }
        return (notes + own.reading.files.compactMap(doubt) + ranges).sorted { $0.1 < $1.1 }.map(diagnostic)
    }

    private func diagnostic(
        _ code: String, _ place: HAProxyConfiguration.Place, _ message: String, _ remedy: String
    ) -> Diagnostic {
        let isFolder = own.files.count != 1 || !own.source.hasSuffix(".cfg") && !own.source.hasSuffix(".mustache")
        let file = isFolder ? "\(own.source)/\(place.file)" : own.source
        return Diagnostic(
            severity: .warning, file: file, line: place.line, column: 1, message: message, remedy: remedy, code: code)
    }

    private func doubt(
        _ file: HAProxyConfiguration.NamedFile
    ) -> (String, HAProxyConfiguration.Place, String, String)? {
        var path = file.path
        if file.isAbsolute {
            guard path.hasPrefix(folder + "/") else {
                return (
                    "HV521", file.place,
                    "`\(file.word) \(path)` is outside \(folder): haprov does not keep it, nor roll it back",
                    "Put it beside haproxy.cfg and name it from there, such as `certs/site.pem`, or see that every "
                        + "balancer has it."
                )
            }
            path = String(path.dropFirst(folder.count + 1))
        }
        while path.hasPrefix("./") { path = String(path.dropFirst(2)) }
        if path.hasSuffix("/") { path = String(path.dropLast()) }
        guard !paths.contains(path), !paths.contains(where: { $0.hasPrefix(path + "/") }), !own.isUnmanaged(path),
            !own.unmanaged.contains(where: { $0.hasPrefix(path + "/") })
        else { return nil }
        return (
            "HV522", file.place, "`\(file.word) \(path)` is not in \(own.source)",
            "Put it there; or name it in `haproxy.unmanaged`, where others bring it to the hosts."
        )
    }

    private var ranges: [(String, HAProxyConfiguration.Place, String, String)] {
        own.reading.binds.filter { $0.ports.count > OwnConfiguration.portsOfRange }.map { bind in
            (
                "HV523", bind.place,
                "`bind` has \(bind.ports.count) ports, of which haprov opens the first \(OwnConfiguration.portsOfRange)",
                "Open the others in the firewall yourself."
            )
        }
    }
}
