/// What a configuration of HAProxy's says, as far as haprov has to know it.
package struct HAProxyConfiguration: Sendable, Equatable {
    package var proxies: [Proxy] = []
    /// Where clients connect to, in the order of the files.
    package var binds: [Bind] = []
    package var servers: [Server] = []
    /// `stats socket`s of the global section.
    package var sockets: [Socket] = []
    /// Files that it names.
    package var files: [NamedFile] = []
    /// `maxconn` of the global section.
    package var maximumConnections: Int?
    /// `server-state-file` of the global section.
    package var stateFile: String?
    /// What only a HAProxy with Lua understands, but for what stands below a condition.
    package var lua: [Keyword] = []
    /// What was not understood, or is taken for something that it may not be.
    package var notes: [Note] = []

    package init() {}

    /// Where something stands.
    package struct Place: Sendable, Hashable, Comparable, CustomStringConvertible {
        package var file: String
        /// From 1.
        package var line: Int

        package init(file: String, line: Int) {
            self.file = file
            self.line = line
        }

        package var description: String { "\(file):\(line)" }
        package static func < (one: Self, other: Self) -> Bool { (one.file, one.line) < (other.file, other.line) }
    }

    /// A line by its first word.
    package struct Keyword: Sendable, Equatable {
        package var word: String
        package var place: Place
    }

    package struct Note: Sendable, Hashable {
        package var place: Place
        /// A sentence that goes on after the place.
        package var text: String
    }

    /// A section that takes connections, or that they are passed on by.
    package struct Proxy: Sendable, Equatable {
        package enum Kind: String, Sendable { case frontend, backend, listen }
        package var kind: Kind
        package var name: String
        /// `tcp` where nothing is said.
        package var mode: String
        /// Whether servers' states come from the global file.
        package var loadsState = false
        package var place: Place
        package var behaviour = Behaviour()
    }

    /// What a proxy has of its own or of its `defaults`, and what clients notice of it.
    package struct Behaviour: Sendable, Equatable {
        /// Milliseconds, by what is waited for: `connect`, `client`, `server`, …
        package var timeouts: [String: Int] = [:]
        /// Whether a request may go to another server than the one that it was meant for.
        package var redispatches = false
        /// Whether it asks for a password, or refuses somebody.
        package var choosesClients = false
        /// The page of statistics.
        package var statistics: Statistics?
    }

    /// A page of statistics, by its first line.
    package struct Statistics: Sendable, Equatable {
        /// Whether servers can be taken out on it.
        package var isAdmin = false
        package var place: Place
    }

    package struct Bind: Sendable, Equatable {
        /// Of the frontend.
        package var name: String
        /// `*` for every address of IPv4, `::` for every one of IPv6.
        package var address: String
        package var ports: ClosedRange<Int>
        package var mode: String
        package var isEncrypted = false
        package var expectsProxyHeader = false
        /// Whether the address need not be there.
        package var isTransparent = false
        package var place: Place
    }

    package struct Server: Sendable, Equatable {
        package var backend: String
        package var name: String
        /// An address or a name.
        package var address: String
        /// Nil where it is the client's, or is not said.
        package var port: Int?
        package var isChecked = false
        package var isEncrypted = false
        /// How it is looked at.
        package var check = CheckTiming()
        package var place: Place
    }

    /// How often a server is looked at, as far as it is said.
    package struct CheckTiming: Sendable, Equatable {
        /// Milliseconds.
        package var interval: Int?
        /// How many failures make it dead.
        package var fall: Int?
    }

    package struct Socket: Sendable, Equatable {
        /// Of the socket, or an address with a port.
        package var path: String
        package var isAdmin = false
        /// Whether a new process gets the listening sockets over it: then a reload drops no connection.
        package var passesListeners = false
        package var place: Place
    }

    package struct NamedFile: Sendable, Equatable {
        /// As it is found from the configuration's folder.
        package var path: String
        /// By which word it is named, such as `crt`.
        package var word: String
        package var place: Place
        package var isAbsolute: Bool { path.hasPrefix("/") }
    }
}

extension HAProxyConfiguration {
    /// Whether servers' states are read from the global file by one of the proxies.
    package var loadsState: Bool { proxies.contains(where: \.loadsState) }

    /// All of several, such as of hosts that differ: each thing once.
    package mutating func merge(_ other: Self) {
        func add<Element: Equatable>(_ part: WritableKeyPath<Self, [Element]>) {
            for element in other[keyPath: part] where !self[keyPath: part].contains(element) {
                self[keyPath: part].append(element)
            }
        }
        add(\.proxies)
        add(\.binds)
        add(\.servers)
        // What is on one host alone is not on all.
        sockets.removeAll { !other.sockets.contains($0) }
        add(\.files)
        add(\.lua)
        for note in other.notes where !notes.contains(note) { notes.append(note) }
        maximumConnections = [maximumConnections, other.maximumConnections].compactMap { $0 }.max()
        stateFile = stateFile ?? other.stateFile
    }
}
