import HostShell

/// What HAProxy can be told of a server.
package enum ServerState: String, Sendable, CaseIterable {
    /// It takes part.
    case ready
    /// It gets no new clients; those that it has, and those that a cookie or a table sends to it, go on.
    case drain
    /// It gets no connection any more, and is not checked.
    case maint
}

/// A server of a backend, as HAProxy on one balancer has it.
package struct BalancedServer: Sendable, Equatable {
    package var backend: String
    package var name: String
    package var state: ServerState
    /// Whether HAProxy gives it connections, as far as it is told to: its checks succeed, or it has none.
    package var isUp: Bool

    /// As HAProxy's socket is told of it.
    package var title: String { "\(backend)/\(name)" }

    package init(backend: String, name: String, state: ServerState = .ready, isUp: Bool = true) {
        self.backend = backend
        self.name = name
        self.state = state
        self.isUp = isUp
    }

    /// Whether it takes new clients.
    package var serves: Bool { state == .ready && isUp }

    /// From a record of `servers_list`; the numbers are those of HAProxy's management guide, `show servers state`.
    init?(_ record: Record) {
        guard record.word == "server" else { return nil }
        let told = record.number(3)
        self.init(
            backend: record[1], name: record[2], state: told & 0x67 != 0 ? .maint : told & 0x18 != 0 ? .drain : .ready,
            isUp: record.number(4) > 0)
    }
}
