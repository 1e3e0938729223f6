/// What haprov understands of a keepalived.conf(5), as its author wrote it: what is absent there is nil or empty here.
/// ``electionSettings`` fills the defaults in.
public struct KeepalivedConfiguration: Sendable, Hashable {
    /// `global_defs`.
    public var global = GlobalDefinitions()
    /// Every `vrrp_script`, in order.
    public var scripts: [ScriptDefinition] = []
    /// Every `vrrp_track_process`, in order.
    public var processes: [ProcessDefinition] = []
    /// Every `track_file` (also `vrrp_track_file`), in order.
    public var files: [FileDefinition] = []
    /// Every `vrrp_instance`, in order.
    public var instances: [InstanceDefinition] = []
    /// Every `vrrp_sync_group`, in order.
    public var groups: [GroupDefinition] = []

    /// An empty one.
    public init() {}
}

/// `global_defs`.
public struct GlobalDefinitions: Sendable, Hashable {
    /// `router_id`: names this host in messages.
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
    /// `vrrp_check_unicast_src`.
    public var checksUnicastSource = false
    /// `vrrp_priority`: nice value of the daemon.
    public var niceness: Int?
    /// `vrrp_rt_priority`: SCHED_RR priority.
    public var realtimePriority: Int?
    /// `vrrp_no_swap`.
    public var locksMemory: Bool?
    /// `vrrp_startup_delay`: so long after the start the routers begin.
    public var startupDelay: Duration?
    /// `notify_fifo`.
    public var notifyFIFO: FIFODefinition?
    /// `notify_fifo_script`.
    public var notifyFIFOScript: NotifyDefinitions.Command?
    /// `vrrp_notify_fifo`.
    public var vrrpNotifyFIFO: FIFODefinition?
    /// `vrrp_notify_fifo_script`.
    public var vrrpNotifyFIFOScript: NotifyDefinitions.Command?

    /// All absent.
    public init() {}
}

/// A FIFO that is told of every change: `PATH [USER [GROUP]]`.
public struct FIFODefinition: Sendable, Hashable {
    /// Where it is.
    public var path: String
    /// Whom it belongs to; by default whoever runs scripts.
    public var user: ScriptUser?

    /// From its parts.
    public init(path: String, user: ScriptUser? = nil) {
        self.path = path
        self.user = user
    }
}

/// `track_file NAME { … }`.
public struct FileDefinition: Sendable, Hashable {
    /// As other blocks name it.
    public var name: String
    /// The file with the number; not empty.
    public var path = ""
    /// `weight`; 1 by default.
    public var weight: Int?
    /// `reverse` behind the weight.
    public var isReversed = false
    /// `init_file`: what is written where the file is not there.
    public var initialValue: Int?
    /// `overwrite` behind it: also where it is there.
    public var overwrites = false

    /// From its parts.
    public init(name: String) { self.name = name }
}

/// `USER [GROUP]`.
public struct ScriptUser: Sendable, Hashable {
    /// `user`, or the word behind a command.
    public var user: String
    /// The group; by default the user's own.
    public var group: String?

    /// From its parts.
    public init(user: String, group: String? = nil) {
        self.user = user
        self.group = group
    }
}

/// `vrrp_script NAME { … }`.
public struct ScriptDefinition: Sendable, Hashable {
    /// As other blocks name it.
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
    /// `user`, or the word behind a command.
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
    /// As other blocks name it.
    public var name: String
    /// The program's name or path alone: processes are not told by their arguments.
    public var command: [String]
    /// `weight`; 0 by default.
    public var weight: Int?
    /// `reverse` behind the weight.
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
    /// As other blocks name it.
    public var name: String
    /// `state MASTER` or `state BACKUP`.
    public var startsAsMaster: Bool?
    /// `interface`, or `dev` behind an address.
    public var interface: String?
    /// `virtual_router_id`.
    public var virtualRouterID: UInt8?
    /// `priority`; by default 100, or 255 with `state MASTER`.
    public var priority: UInt8?
    /// `advert_int`; 1 s by default.
    public var advertisementInterval: Duration?
    /// `version`.
    public var version: ProtocolVersion?
    /// `nopreempt`.
    public var noPreempt = false
    /// `preempt_delay`.
    public var preemptDelay: Duration?
    /// `native_ipv6`: IPv6 although no address says so.
    public var nativeIPv6 = false
    /// `authentication`.
    public var authentication: AuthenticationDefinition?
    /// `virtual_ipaddress`.
    public var addresses: [AddressDefinition] = []
    /// `virtual_ipaddress_excluded`.
    public var excludedAddresses: [AddressDefinition] = []
    /// `virtual_routes` and `virtual_rules`.
    public var routes = RouteSet()
    /// `unicast_src_ip` or `mcast_src_ip`.
    public var sourceAddress: IPAddress?
    /// `mcast_dst_ip`.
    public var multicastGroup: IPAddress?
    /// `unicast_peer`.
    public var unicastPeers: [IPAddress] = []
    /// `min_ttl` and `max_ttl` behind a peer, of those that have one of them.
    public var peerHopLimits: [IPAddress: ClosedRange<UInt8>] = [:]
    /// `check_unicast_src`; the limits of a peer's TTL turn it on too.
    public var checksUnicastSource = false
    /// `track_script`.
    public var trackedScripts: [TrackReference] = []
    /// `track_process`.
    public var trackedProcesses: [TrackReference] = []
    /// `track_file`.
    public var trackedFiles: [TrackReference] = []
    /// `track_interface`.
    public var trackedInterfaces: [TrackReference] = []
    /// `dont_track_primary`.
    public var ignoresPrimaryInterface = false
    /// `promote_secondaries`.
    public var promotesSecondaries = false
    /// `garp_*`.
    public var announcements = AnnouncementDefinitions()
    /// `v3_checksum_as_v2` (also `checksum_compatibility`).
    public var checksumAsVersion2 = false
    /// `notify` and its kind.
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
    /// The address itself.
    public var address: IPAddress
    /// 32 or 128 by default.
    public var prefixLength: UInt8?
    /// By default the instance's.
    public var interface: String?
    /// `label`.
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
    /// As other blocks name it.
    public var name: String
    /// `weight`; 0 by default.
    public var weight: Int?
    /// `reverse` behind the weight.
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
    /// `garp_master_repeat`.
    public var count: Int?
    /// `garp_master_delay`.
    public var delay: Duration?
    /// `garp_master_refresh`.
    public var refresh: Duration?
    /// `garp_master_refresh_repeat`.
    public var refreshCount: Int?
    /// `garp_lower_prio_repeat`.
    public var countAfterLowerPriority: Int?
    /// `garp_lower_prio_delay`.
    public var delayAfterLowerPriority: Duration?

    /// All absent.
    public init() {}
}

/// `notify`, `notify_master`, `notify_backup`, `notify_fault`, `notify_stop`: command lines split into words.
public struct NotifyDefinitions: Sendable, Hashable {
    /// A command, and `USER [GROUP]` behind it.
    public struct Command: Sendable, Hashable {
        /// The command line, split into words.
        public var words: [String]
        /// `user`, or the word behind a command.
        public var user: ScriptUser?

        /// From its parts.
        public init(words: [String], user: ScriptUser? = nil) {
            self.words = words
            self.user = user
        }
    }
    /// Called at every change with INSTANCE|GROUP, the name, the state and the priority behind its own arguments.
    public var any: Command?
    /// `notify_master`.
    public var master: Command?
    /// `notify_backup`.
    public var backup: Command?
    /// `notify_fault`.
    public var fault: Command?
    /// `notify_stop`.
    public var stop: Command?

    /// None.
    public init() {}
}

/// `vrrp_sync_group NAME { … }`.
public struct GroupDefinition: Sendable, Hashable {
    /// As other blocks name it.
    public var name: String
    /// Names of instances.
    public var members: [String] = []
    /// `track_script`.
    public var trackedScripts: [TrackReference] = []
    /// `track_process`.
    public var trackedProcesses: [TrackReference] = []
    /// `track_file`.
    public var trackedFiles: [TrackReference] = []
    /// `track_interface`.
    public var trackedInterfaces: [TrackReference] = []
    /// `notify` and its kind.
    public var notify = NotifyDefinitions()

    /// From its parts.
    public init(name: String) { self.name = name }
}
