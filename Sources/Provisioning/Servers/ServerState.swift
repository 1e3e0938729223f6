import HostShell
import Planning

/// What HAProxy can be told of a server.
package enum ServerState: String, Sendable, CaseIterable {
    /// It takes part.
    case ready
    /// It gets no new clients; those that it has, and those that a cookie or a table sends to it, go on.
    case drain
    /// It gets no connection any more, and is not checked.
    case maint

    /// - Parameter told: `srv_admin_state` of HAProxy's management guide, `show servers state`.
    init(told: Int) { self = told & 0x67 != 0 ? .maint : told & 0x18 != 0 ? .drain : .ready }
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

    /// From a record of `servers_list`.
    init?(_ record: Record) {
        guard record.word == "server" else { return nil }
        self.init(
            backend: record[1], name: record[2], state: ServerState(told: record.number(3)), isUp: record.number(4) > 0)
    }

    /// One that is kept out of service; whether it is up besides is not known.
    init(_ fact: ServerFact) {
        self.init(backend: fact.backend, name: fact.name, state: ServerState(told: fact.told))
    }
}
