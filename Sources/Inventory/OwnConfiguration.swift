import HAProxyReading
import Texts

/// A configuration of HAProxy's that the operator wrote: a folder, or haproxy.cfg alone.
package struct OwnConfiguration: Sendable, Equatable {
    /// The folder or the file on the controller.
    package var source: String
    /// The folder on hosts; nil for the usual one.
    package var target: String?
    /// A folder on the controller that has, for each host that differs, a folder of its name with the files that do.
    package var perHost: String?
    /// Patterns of files that others change: each is put where there is none, and left alone then.
    package var unmanaged: [String]
    /// Ports on which it listens, beyond those that are found in it.
    package var ports: [Int]
    /// What was found on the controller, by path from the folder; empty until it has been read.
    package var files: [String: [UInt8]] = [:]
    /// Files of single hosts, by host.
    package var hostFiles: [String: [String: [UInt8]]] = [:]
    /// What it says, on all balancers together; empty until it has been read.
    package var reading = HAProxyConfiguration()

    /// From its parts.
    package init(
        source: String, target: String? = nil, perHost: String? = nil, unmanaged: [String] = [], ports: [Int] = []
    ) {
        self.source = source
        self.target = target
        self.perHost = perHost
        self.unmanaged = unmanaged
        self.ports = ports
    }

    /// The file that HAProxy reads first.
    package static let mainFile = "haproxy.cfg"
    /// What haprov adds, where the configuration lacks it.
    package static let addedFile = "haprov.cfg"
    /// Files of this ending are Mustache templates of the file without it.
    package static let templateSuffix = ".mustache"
    /// Of a range with more ports, only the first are opened and looked after.
    package static let portsOfRange = 128

    var listeners: [Listener] {
        let found = reading.binds.flatMap { bind in
            bind.ports.prefix(Self.portsOfRange).map { port in
                // Here `*` is HAProxy's, of IPv4 alone.
                Listener(
                    name: bind.name, address: bind.address == "*" ? "0.0.0.0" : bind.address, port: port,
                    mode: bind.mode, isEncrypted: bind.isEncrypted,
                    expectsProxyHeader: bind.expectsProxyHeader)
            }
        }
        let known = Set(found.map(\.port))
        return found
            + ports.filter { !known.contains($0) }.map {
                Listener(name: "haproxy.ports", address: "*", port: $0, mode: "tcp")
            }
    }
}

extension OwnConfiguration {
    /// The path of what a file becomes on hosts.
    package static func withoutSuffix(_ path: String) -> String {
        path.hasSuffix(templateSuffix) ? String(path.dropLast(templateSuffix.count)) : path
    }

    /// Whether a file is not haprov's to change.
    package func isUnmanaged(_ path: String) -> Bool { unmanaged.contains { Wildcard.matches($0, path) } }
}

extension HAProxy {
    /// Where HAProxy listens for commands by a configuration that haprov writes.
    package static let usualSocket = "/run/haproxy/admin.sock"
    /// The same where the configuration is the operator's own and has no such socket: it may have another at the usual place.
    package static let addedSocket = "/run/haproxy/haprov.sock"
    /// What HAProxy is to know of servers when it starts or is reloaded.
    package static let stateFile = "/var/lib/haproxy/server-state"

    /// How many files it may have open at once: a connection is two.
    package var openFiles: Int { max(65536, 2 * (own?.reading.maximumConnections ?? 0) + 4096) }

    /// Over which HAProxy is told of servers, and gives listening sockets to its next process.
    package var socket: String {
        guard let own else { return Self.usualSocket }
        return own.reading.usableSocket?.path ?? Self.addedSocket
    }
}

extension HAProxyConfiguration {
    /// One that can do all that haprov wants of it.
    package var usableSocket: Socket? {
        sockets.first { $0.isAdmin && $0.passesListeners && $0.path.hasPrefix("/") }
    }
}
