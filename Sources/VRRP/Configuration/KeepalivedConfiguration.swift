/// What haprov understands of a keepalived.conf(5), as its author wrote it: what is absent there is nil or empty here.
/// ``electionSettings`` fills the defaults in.
public struct KeepalivedConfiguration: Sendable, Hashable {
    public var global = GlobalDefinitions()
    public var scripts: [ScriptDefinition] = []
    public var processes: [ProcessDefinition] = []
    public var instances: [InstanceDefinition] = []
    public var groups: [GroupDefinition] = []

    /// An empty one.
    public init() {}
}

/// `global_defs`.
public struct GlobalDefinitions: Sendable, Hashable {
    public var routerID: String?
    /// The user, and perhaps the group, that scripts run as unless they say otherwise.
    public var scriptUser: ScriptUser?
    /// `enable_script_security`: scripts run as root only where nobody but root can write any part of their path.
    public var enablesScriptSecurity = false
    /// `vrrp_version`.
    public var version: ProtocolVersion?
    /// `vrrp_garp_*`, defaults for all instances.
    public var announcements = AnnouncementDefinitions()
    /// `vrrp_mcast_group4`.
    public var multicastGroup4: IPAddress?
    /// `vrrp_mcast_group6`.
    public var multicastGroup6: IPAddress?
    /// `vrrp_priority`: nice value of the daemon.
    public var niceness: Int?
    /// `vrrp_rt_priority`: SCHED_RR priority.
    public var realtimePriority: Int?
    /// `vrrp_no_swap`.
    public var locksMemory: Bool?

    /// All absent.
    public init() {}
}

/// `USER [GROUP]`.
public struct ScriptUser: Sendable, Hashable {
    public var user: String
    public var group: String?

    /// From its parts.
    public init(user: String, group: String? = nil) {
        self.user = user
        self.group = group
    }
}

/// `vrrp_script NAME { … }`.
public struct ScriptDefinition: Sendable, Hashable {
    public var name: String
    /// The command line, split into words as keepalived does; not empty.
    public var command: [String]
    /// Between two runs; 1 s by default.
    public var interval: Duration?
    /// A run that takes longer has failed; by default the interval.
    public var timeout: Duration?
    /// Successes until it counts as up; 1 by default.
    public var rise: Int?
    /// Failures until it counts as down; 1 by default.
    public var fall: Int?
    /// −253…253; 0 by default.
    public var weight: Int?
    /// `weight N reverse`.
    public var isReversed = false
    public var user: ScriptUser?
    /// `init_fail`: down until the first run succeeds.
    public var startsDown = false

    /// From its parts.
    public init(name: String, command: [String]) {
        self.name = name
        self.command = command
    }
}

/// `vrrp_track_process NAME { … }`.
public struct ProcessDefinition: Sendable, Hashable {
    public var name: String
    /// The program's name or path and, where ``matchesArguments``, its arguments.
    public var command: [String]
    /// Whether arguments have to be the same: `param_match` and its kinds are not supported, so only false is read.
    public var fullCommand = false
    public var weight: Int?
    public var isReversed = false
    /// How many processes there have to be at least; 1 by default.
    public var quorum: Int?
    /// How many there may be at most.
    public var maximum: Int?
    /// How long it has to be gone until it counts as down.
    public var terminateDelay: Duration?
    /// How long it has to be there until it counts as up.
    public var forkDelay: Duration?

    /// From its parts.
    public init(name: String, command: [String]) {
        self.name = name
        self.command = command
    }
}

/// `vrrp_instance NAME { … }`.
public struct InstanceDefinition: Sendable, Hashable {
    public var name: String
    /// `state MASTER` or `state BACKUP`.
    public var startsAsMaster: Bool?
    public var interface: String?
    public var virtualRouterID: UInt8?
    public var priority: UInt8?
    public var advertisementInterval: Duration?
    public var version: ProtocolVersion?
    public var noPreempt = false
    public var preemptDelay: Duration?
    /// `native_ipv6`: IPv6 although no address says so.
    public var nativeIPv6 = false
    public var authentication: AuthenticationDefinition?
    public var addresses: [AddressDefinition] = []
    public var excludedAddresses: [AddressDefinition] = []
    /// `unicast_src_ip` or `mcast_src_ip`.
    public var sourceAddress: IPAddress?
    public var unicastPeers: [IPAddress] = []
    public var trackedScripts: [TrackReference] = []
    public var trackedProcesses: [TrackReference] = []
    public var trackedInterfaces: [TrackReference] = []
    /// `dont_track_primary`.
    public var ignoresPrimaryInterface = false
    public var announcements = AnnouncementDefinitions()
    /// `v3_checksum_as_v2` (also `checksum_compatibility`).
    public var checksumAsVersion2 = false
    public var notify = NotifyDefinitions()

    /// From its parts.
    public init(name: String) { self.name = name }
}

/// `authentication { … }`.
public struct AuthenticationDefinition: Sendable, Hashable {
    /// `auth_pass` as written; 8 octets are carried.
    public var password: String

    /// From its parts.
    public init(password: String) { self.password = password }
}

/// A line of `virtual_ipaddress`: `ADDRESS[/PREFIX] [brd …] [dev NIC] [label LABEL]`.
public struct AddressDefinition: Sendable, Hashable {
    public var address: IPAddress
    /// 32 or 128 by default.
    public var prefixLength: UInt8?
    /// By default the instance's.
    public var interface: String?
    public var label: String?

    /// From its parts.
    public init(address: IPAddress, prefixLength: UInt8? = nil, interface: String? = nil, label: String? = nil) {
        self.address = address
        self.prefixLength = prefixLength
        self.interface = interface
        self.label = label
    }
}

/// A line of `track_script`, `track_process` or `track_interface`: `NAME [weight N [reverse]]`.
public struct TrackReference: Sendable, Hashable {
    public var name: String
    public var weight: Int?
    public var isReversed = false

    /// From its parts.
    public init(name: String, weight: Int? = nil, isReversed: Bool = false) {
        self.name = name
        self.weight = weight
        self.isReversed = isReversed
    }
}

/// `garp_master_*`, and with `vrrp_` before it in `global_defs`.
public struct AnnouncementDefinitions: Sendable, Hashable {
    public var count: Int?
    public var delay: Duration?
    public var refresh: Duration?
    public var refreshCount: Int?
    public var countAfterLowerPriority: Int?
    public var delayAfterLowerPriority: Duration?

    /// All absent.
    public init() {}
}

/// `notify`, `notify_master`, `notify_backup`, `notify_fault`, `notify_stop`: command lines split into words.
public struct NotifyDefinitions: Sendable, Hashable {
    /// A command, and `USER [GROUP]` behind it.
    public struct Command: Sendable, Hashable {
        public var words: [String]
        public var user: ScriptUser?

        /// From its parts.
        public init(words: [String], user: ScriptUser? = nil) {
            self.words = words
            self.user = user
        }
    }
    /// Called at every change with INSTANCE|GROUP, the name, the state and the priority behind its own arguments.
    public var any: Command?
    public var master: Command?
    public var backup: Command?
    public var fault: Command?
    public var stop: Command?

    /// None.
    public init() {}
}

/// `vrrp_sync_group NAME { … }`.
public struct GroupDefinition: Sendable, Hashable {
    public var name: String
    /// Names of instances.
    public var members: [String] = []
    public var trackedScripts: [TrackReference] = []
    public var trackedProcesses: [TrackReference] = []
    public var trackedInterfaces: [TrackReference] = []
    public var notify = NotifyDefinitions()

    /// From its parts.
    public init(name: String) { self.name = name }
}
