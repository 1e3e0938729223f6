/// How to log in, host by host, with the inventory's common settings merged in.
package struct SSHSettings: Sendable, Equatable {
    /// Root, or a user who can become root.
    package var user: String
    /// 1…65535.
    package var port: Int
    /// Private key files to try, `~` expanded by whoever opens them. Where empty: the agent, then the usual names in ~/.ssh.
    package var identities: [String]
    /// Whether the usual names in ~/.ssh are tried where there are no identities.
    package var triesUsualFiles = true
    /// Whether no other keys are offered, also by the agent; where nil, if there are identities.
    package var identitiesOnly: Bool?
    /// Files of certificates for keys, beside those that stand beside their keys.
    package var certificates: [String] = []
    /// The file of host keys, `~` expanded by whoever opens it.
    package var knownHosts: String
    /// The environment variable that holds the keys' passphrase; the terminal is asked otherwise.
    package var passphraseVariable: String?
    /// For servers that take no key.
    package var password: Secret?
    /// How a user other than root becomes root; nil where the inventory does not say: by sudo.
    package var become: Become?
    /// The bastions on the way to the host, the first one that is reached from here.
    package var jump: [Jump]
    /// A shell's line whose standard streams are the connection to the host, in place of TCP; tokens expanded.
    package var proxyCommand: String?
    /// OpenSSH's client configuration that speaks where the inventory does not; nil where none is to be read.
    package var configuration: String?
    package var timeouts: Timeouts

    /// How long what concerns the connection may take. Milliseconds; what holds where it is nil is said by whoever connects.
    package struct Timeouts: Sendable, Equatable {
        /// Until the connection stands, then until the server has spoken, then until both sides have keys: for each.
        package var connect: Int?
        /// From then until the user is in, without the time that a person takes.
        package var login: Int?
        /// How long a session that is open may give nothing before a script begins in it.
        package var begin: Int?
        /// How long a host that was lost in the course of a run is tried to be reached again.
        package var reconnect: Int?

        package init(connect: Int? = nil, login: Int? = nil, begin: Int? = nil, reconnect: Int? = nil) {
            self.connect = connect
            self.login = login
            self.begin = begin
            self.reconnect = reconnect
        }
    }

    /// From its parts.
    package init(
        user: String, port: Int, identities: [String], knownHosts: String, passphraseVariable: String?,
        password: Secret?, become: Become? = nil, jump: [Jump] = [], configuration: String? = nil,
        timeouts: Timeouts = Timeouts()
    ) {
        self.user = user
        self.port = port
        self.identities = identities
        self.knownHosts = knownHosts
        self.passphraseVariable = passphraseVariable
        self.password = password
        self.become = become
        self.jump = jump
        self.configuration = configuration
        self.timeouts = timeouts
    }
}

/// A bastion: a host that others are reached through. What it leaves open is as for the host behind it.
package struct Jump: Sendable, Equatable {
    /// An address or a name.
    package var address: String
    /// 1…65535; 22 where nil.
    package var port: Int?
    package var user: String?
    package var identities: [String]?
    package var knownHosts: String?
    /// What people call it, where that is not its address.
    package var alias: String?
    /// As of a host's settings.
    package var triesUsualFiles: Bool?
    package var identitiesOnly: Bool?
    package var certificates: [String]?
    package var proxyCommand: String?

    /// From what an inventory can say.
    package init(
        address: String, port: Int? = nil, user: String? = nil, identities: [String]? = nil, knownHosts: String? = nil
    ) {
        self.address = address
        self.port = port
        self.user = user
        self.identities = identities
        self.knownHosts = knownHosts
    }
}

/// How a user becomes root.
package struct Become: Sendable, Equatable {
    /// Who makes a user root.
    package enum Program: String, Sendable, CaseIterable {
        case sudo, su
    }

    package var program: Program
    /// The user's for sudo, root's for su; nil where the terminal is asked.
    package var password: Secret?

    /// From its parts.
    package init(by program: Program, password: Secret?) {
        self.program = program
        self.password = password
    }
}
