/// A user that is there.
package struct AccountFact: Sendable, Equatable {
    package var userID: Int
    package var home: String
    package var shell: String
}

/// A process of HAProxy or of a program that speaks VRRP.
package struct ProcessFact: Sendable, Equatable {
    /// Of the program, such as `haproxy`.
    package var name: String
    package var id: Int
    package var parent: Int
    /// The innermost service or scope that it belongs to; empty where it is none of systemd's.
    package var unit: String
    /// Of the program's file.
    package var path: String
    package var arguments: [String]
    /// Whether its configuration, a file of its own, is known to name neither the VIP nor the virtual router ID.
    package var isApart = false

    /// Configurations that it was given by `-f`.
    package var configurations: [String] {
        zip(arguments, arguments.dropFirst()).filter { $0.0 == "-f" }.map(\.1)
    }
}

/// A program that listens for TCP connections.
package struct ListenerFact: Sendable, Equatable {
    /// As `ss` writes it: `*`, `0.0.0.0`, `[::]`, `127.0.0.1`, `10.0.0.1%eth0`.
    package var address: String
    package var port: Int
    /// Empty, like what follows, where `ss` cannot tell.
    package var program: String
    package var process: Int
    package var unit: String
    package var path: String
}

/// What was heard of VRRP on a host's NIC.
package struct Listening: Sendable, Equatable {
    /// The program that listened; nil where none could.
    package var means: String?
    /// Why haprov's own program did not.
    package var reason: String
    package var speakers: [Speaker] = []

    package init(means: String?, reason: String, speakers: [Speaker] = []) {
        self.means = means
        self.reason = reason
        self.speakers = speakers
    }
}

/// Who speaks VRRP, by one sender's last advertisement.
package struct Speaker: Sendable, Hashable {
    package var address: String
    package var virtualRouterID: Int
    package var priority: Int
    package var version: Int
    /// `none`, `password`, or another type's name.
    package var authentication: String
    /// Empty, like the virtual addresses, where it is not known.
    package var hardwareAddress: String
    package var virtualAddresses: [String]
    /// Whether it is known to speak to a group; what speaks to hosts may speak to ours.
    package var isMulticast = false
}
