import VRRP

/// HAProxy: which one, where it goes, what it serves.
package struct HAProxy: Sendable, Equatable {
    /// The program's name, which is that of its service and of its product too.
    package static let program = "haproxy"
    /// The name of its systemd unit.
    package static let unit = "\(program).service"

    package var origin: Origin
    /// As in the tarball's name, such as `1.8.25`; of a package the least that will do.
    package var version: String
    /// An absolute path, such as `/usr/local/haproxy`; empty for what is not compiled.
    package var prefix: String
    /// Of the program, where it was found and is not where packages have it.
    package var path: String?
    /// `NAME=VALUE` for make, in the order of the file; none for what is not compiled.
    package var makeOptions: [String] = []
    /// In the order of the file; none where the configuration is the operator's own.
    package var frontends: [Frontend]
    /// In the order of the file.
    package var backends: [Backend]
    /// Lines for the global section and for the defaults.
    package var extra = ExtraLines()
    /// The operator's own configuration, instead of frontends and backends.
    package var own: OwnConfiguration?

    /// From its parts.
    package init(
        origin: Origin = .tarball, version: String, prefix: String, frontends: [Frontend], backends: [Backend]
    ) {
        self.origin = origin
        self.version = version
        self.prefix = prefix
        self.frontends = frontends
        self.backends = backends
    }
}

/// An address and a port that clients talk to.
package struct Listener: Sendable, Equatable {
    /// Of the frontend that it belongs to.
    package var name: String
    /// An address or `*`.
    package var address: String
    /// 1…65535.
    package var port: Int
    /// `http` or `tcp`.
    package var mode: String
    /// Whether clients have to speak TLS.
    package var isEncrypted = false
    /// Whether whoever connects has to say by the PROXY protocol for whom: then it is not clients that do.
    package var expectsProxyHeader = false
}

extension HAProxy {
    /// Everything that it listens on for clients.
    package var listeners: [Listener] {
        own?.listeners
            ?? frontends.flatMap { frontend in
                frontend.binds.flatMap { bind in
                    bind.ports.map {
                        Listener(name: frontend.name, address: bind.address, port: $0, mode: frontend.mode)
                    }
                }
            }
    }

    /// The ports of ``listeners``, each once.
    package var ports: [Int] { Set(listeners.map(\.port)).sorted() }
}

/// What clients talk to.
package struct Frontend: Sendable, Equatable {
    /// Unique among its kind; see the inventory's rules for names.
    package var name: String
    /// One at least.
    package var binds: [Bind]
    /// `http` or `tcp`.
    package var mode: String
    /// The name of a ``Backend``.
    package var backend: String
    /// Lines of HAProxy's for this section.
    package var extra: [String]

    /// An address, and ports of it.
    package struct Bind: Sendable, Equatable {
        /// An address or `*`.
        package var address: String
        /// 1…65535.
        package var ports: ClosedRange<Int>

        package init(address: String, ports: ClosedRange<Int>) {
            self.address = address
            self.ports = ports
        }
    }

    /// From its parts.
    package init(name: String, binds: [Bind], mode: String, backend: String, extra: [String] = []) {
        self.name = name
        self.binds = binds
        self.mode = mode
        self.backend = backend
        self.extra = extra
    }

    /// One that binds one port.
    package init(name: String, bindAddress: String, port: Int, mode: String, backend: String) {
        self.init(name: name, binds: [Bind(address: bindAddress, ports: port...port)], mode: mode, backend: backend)
    }
}

/// Servers that a frontend hands requests to.
package struct Backend: Sendable, Equatable {
    /// Unique among its kind; see the inventory's rules for names.
    package var name: String
    /// In the order of the file.
    package var servers: [BackendServer]
    /// Of the servers that have none of their own; 1…65535.
    package var port: Int
    /// As HAProxy's `balance`: roundrobin, leastconn, source, …
    package var balance: String
    /// `http` or `tcp`.
    package var mode: String
    /// How it is seen whether a server is well.
    package var check: BackendCheck
    /// Lines of HAProxy's for this section.
    package var extra: [String]

    /// From its parts.
    package init(
        name: String, servers: [BackendServer], port: Int, balance: String, mode: String,
        check: BackendCheck = BackendCheck(), extra: [String] = []
    ) {
        self.name = name
        self.servers = servers
        self.port = port
        self.balance = balance
        self.mode = mode
        self.check = check
        self.extra = extra
    }
}

/// A server of a backend.
package enum BackendServer: Sendable, Equatable, ExpressibleByStringLiteral {
    /// A host of the inventory, by name.
    case host(String)
    /// A machine that the inventory does not have.
    case outside(name: String, address: IPAddress, port: Int?)

    package init(stringLiteral name: String) { self = .host(name) }

    /// As HAProxy calls it.
    package var name: String {
        switch self {
        case .host(let name), .outside(let name, _, _): name
        }
    }
}

/// How HAProxy sees whether a server is well.
package struct BackendCheck: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// It is never looked.
        case none
        /// It takes a connection.
        case connection
        /// It answers for a page; `host` is whom it is asked for, and `status` what it has to answer, 2xx or 3xx where nil.
        case page(path: String, host: String?, status: Int?)
    }

    package var kind = Kind.connection
    /// Milliseconds; HAProxy's own 2 s where nil.
    package var interval: Int?
    /// How many in a row make it dead; 3 where nil.
    package var fall: Int?
    /// How many in a row make it alive; 2 where nil.
    package var rise: Int?
    /// Where it is asked, if not where it serves.
    package var port: Int?

    package init(kind: Kind = .connection, interval: Int? = nil, fall: Int? = nil, rise: Int? = nil, port: Int? = nil) {
        self.kind = kind
        self.interval = interval
        self.fall = fall
        self.rise = rise
        self.port = port
    }
}

/// Lines of HAProxy's for sections that haprov writes.
package struct ExtraLines: Sendable, Equatable {
    package var global: [String] = []
    package var defaults: [String] = []

    package init() {}
}

extension Cluster {
    /// The servers of a backend with where they are: hosts in the order of the file, then the others.
    package func servers(of backend: Backend) -> [(name: String, address: IPAddress, port: Int)] {
        let names = backend.servers.compactMap { server in
            if case .host(let name) = server { name } else { nil }
        }
        let own = hosts.filter { names.contains($0.name) }.map { ($0.name, $0.address, backend.port) }
        return own
            + backend.servers.compactMap { server in
                guard case .outside(let name, let address, let port) = server else { return nil }
                return (name, address, port ?? backend.port)
            }
    }
}
