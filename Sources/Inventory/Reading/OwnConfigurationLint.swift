import HAProxyReading
import Texts
import YAMLReading

/// What is to be known of a configuration before HAProxy itself judges it on the hosts.
package struct OwnConfigurationLint {
    private let own: OwnConfiguration
    /// Where it goes on hosts.
    private let folder: String
    private let lacksLua: Bool
    private let paths: Set<String>

    /// - Parameter lacksLua: whether it is known that this HAProxy has no Lua.
    package init(_ own: OwnConfiguration, folder: String, lacksLua: Bool = false) {
        self.own = own
        self.folder = folder
        self.lacksLua = lacksLua
        paths = Set(([own.files] + own.hostFiles.values).flatMap(\.keys).map(OwnConfiguration.withoutSuffix))
    }

    /// In the order of the file.
    package var diagnostics: [Diagnostic] {
        let notes = own.reading.notes.map {
            (
                "HV520", $0.place, $0.text,
                "What haprov derives from it may be wrong; HAProxy itself judges it on the hosts."
            )
        }
        return (notes + own.reading.files.compactMap(doubt) + ranges + lua).sorted { $0.1 < $1.1 }.map(diagnostic)
    }

    private func diagnostic(
        _ code: String, _ place: HAProxyConfiguration.Place, _ message: String, _ remedy: String
    ) -> Diagnostic {
        let isFolder = own.files.count != 1 || !own.source.hasSuffix(".cfg") && !own.source.hasSuffix(".mustache")
        let file = isFolder ? "\(own.source)/\(place.file)" : own.source
        return Diagnostic(
            severity: code == Self.luaCode ? .error : .warning, file: file, line: place.line, column: 1,
            message: message, remedy: remedy, code: code)
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

    private var lua: [(String, HAProxyConfiguration.Place, String, String)] {
        guard lacksLua, let first = own.reading.lua.first else { return [] }
        return [(Self.luaCode, first.place, Self.luaMessage(first.word), Self.luaRemedy)]
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

/// Lua that a HAProxy does not have, in a configuration of one's own or in lines of the inventory.
extension OwnConfigurationLint {
    /// The option of make that gives HAProxy its Lua.
    package static let luaOption = "USE_LUA"
    package static let luaCode = "HV524"
    package static let luaRemedy =
        "Write `make: [\(luaOption)=1]` below `haproxy`, or take the distribution's: `from: package`."

    package static func luaMessage(_ word: String) -> String {
        "`\(word)` needs Lua, and HAProxy is compiled without it: it would refuse to start"
    }
}
