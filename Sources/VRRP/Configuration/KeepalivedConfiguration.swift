/// What haprov understands of a keepalived.conf(5), as its author wrote it: what is absent there is nil or empty here.
/// ``electionSettings`` fills the defaults in.
package struct KeepalivedConfiguration: Sendable, Hashable {
    /// `global_defs`.
    package var global = GlobalDefinitions()
    /// Every `vrrp_script`, in order.
    package var scripts: [ScriptDefinition] = []
    /// Every `vrrp_track_process`, in order.
    package var processes: [ProcessDefinition] = []
    /// Every `track_file` (also `vrrp_track_file`), in order.
    package var files: [FileDefinition] = []
    /// Every `vrrp_instance`, in order.
    package var instances: [InstanceDefinition] = []
    /// Every `vrrp_sync_group`, in order.
    package var groups: [GroupDefinition] = []

    /// An empty one.
    package init() {}
}

/// `global_defs`.
package struct GlobalDefinitions: Sendable, Hashable {
    /// `router_id`: names this host in messages.
    package var routerID: String?
    /// The user, and perhaps the group, that scripts run as unless they say otherwise.
    package var scriptUser: ScriptUser?
    /// `enable_script_security`: scripts run as root only where nobody but root can write any part of their path.
    package var enablesScriptSecurity = false
    /// `vrrp_version`.
    package var version: ProtocolVersion?
    /// `vrrp_garp_*`, defaults for all instances.
    package var announcements = AnnouncementDefinitions()
    /// `vrrp_mcast_group4`.
    package var multicastGroup4: IPAddress?
    /// `vrrp_mcast_group6`.
    package var multicastGroup6: IPAddress?
    /// `vrrp_check_unicast_src`.
    package var checksUnicastSource = false
    /// `vrrp_priority`: nice value of the daemon.
    package var niceness: Int?
    /// `vrrp_rt_priority`: SCHED_RR priority.
    package var realtimePriority: Int?
    /// `vrrp_no_swap`.
    package var locksMemory: Bool?
    /// `vrrp_startup_delay`: so long after the start the routers begin.
    package var startupDelay: Duration?
    /// `notify_fifo`.
    package var notifyFIFO: FIFODefinition?
    /// `notify_fifo_script`.
    package var notifyFIFOScript: NotifyDefinitions.Command?
    /// `vrrp_notify_fifo`.
    package var vrrpNotifyFIFO: FIFODefinition?
    /// `vrrp_notify_fifo_script`.
    package var vrrpNotifyFIFOScript: NotifyDefinitions.Command?

    /// All absent.
    package init() {}
}

/// A FIFO that is told of every change: `PATH [USER [GROUP]]`.
package struct FIFODefinition: Sendable, Hashable {
    /// Where it is.
    package var path: String
    /// Whom it belongs to; by default whoever runs scripts.
    package var user: ScriptUser?

    /// From its parts.
    package init(path: String, user: ScriptUser? = nil) {
        self.path = path
        self.user = user
    }
}

/// `track_file NAME { … }`.
package struct FileDefinition: Sendable, Hashable {
    /// As other blocks name it.
    package var name: String
    /// The file with the number; not empty.
    package var path = ""
    /// `weight`; 1 by default.
    package var weight: Int?
    /// `reverse` behind the weight.
    package var isReversed = false
    /// `init_file`: what is written where the file is not there.
    package var initialValue: Int?
    /// `overwrite` behind it: also where it is there.
    package var overwrites = false

    /// From its parts.
    package init(name: String) { self.name = name }
}

/// `USER [GROUP]`.
package struct ScriptUser: Sendable, Hashable {
    /// `user`, or the word behind a command.
    package var user: String
    /// The group; by default the user's own.
    package var group: String?

    /// From its parts.
    package init(user: String, group: String? = nil) {
        self.user = user
        self.group = group
    }
}

/// `vrrp_script NAME { … }`.
package struct ScriptDefinition: Sendable, Hashable {
    /// As other blocks name it.
    package var name: String
    /// The command line, split into words as keepalived does; not empty.
    package var command: [String]
    /// Between two runs; 1 s by default.
    package var interval: Duration?
    /// A run that takes longer has failed; by default the interval.
    package var timeout: Duration?
    /// Successes until it counts as up; 1 by default.
    package var rise: Int?
    /// Failures until it counts as down; 1 by default.
    package var fall: Int?
    /// −253…253; 0 by default.
    package var weight: Int?
    /// `weight N reverse`.
    package var isReversed = false
    /// `user`, or the word behind a command.
    package var user: ScriptUser?
    /// `init_fail`: down until the first run succeeds.
    package var startsDown = false

    /// From its parts.
    package init(name: String, command: [String]) {
        self.name = name
        self.command = command
    }
}

/// `vrrp_track_process NAME { … }`.
package struct ProcessDefinition: Sendable, Hashable {
    /// As other blocks name it.
    package var name: String
    /// The program's name or path alone: processes are not told by their arguments.
    package var command: [String]
    /// `weight`; 0 by default.
    package var weight: Int?
    /// `reverse` behind the weight.
    package var isReversed = false
    /// How many processes there have to be at least; 1 by default.
    package var quorum: Int?
    /// How many there may be at most.
    package var maximum: Int?
    /// How long it has to be gone until it counts as down.
    package var terminateDelay: Duration?
    /// How long it has to be there until it counts as up.
    package var forkDelay: Duration?

    /// From its parts.
    package init(name: String, command: [String]) {
        self.name = name
        self.command = command
    }
}

/// `vrrp_instance NAME { … }`.
package struct InstanceDefinition: Sendable, Hashable {
    /// As other blocks name it.
    package var name: String
    /// `state MASTER` or `state BACKUP`.
    package var startsAsMaster: Bool?
    /// `interface`, or `dev` behind an address.
    package var interface: String?
    /// `virtual_router_id`.
    package var virtualRouterID: UInt8?
    /// `priority`; by default 100, or 255 with `state MASTER`.
    package var priority: UInt8?
    /// `advert_int`; 1 s by default.
    package var advertisementInterval: Duration?
    /// `version`.
    package var version: ProtocolVersion?
    /// `nopreempt`.
    package var noPreempt = false
    /// `preempt_delay`.
    package var preemptDelay: Duration?
    /// `native_ipv6`: IPv6 although no address says so.
    package var nativeIPv6 = false
    /// `authentication`.
    package var authentication: AuthenticationDefinition?
    /// `virtual_ipaddress`.
    package var addresses: [AddressDefinition] = []
    /// `virtual_ipaddress_excluded`.
    package var excludedAddresses: [AddressDefinition] = []
    /// `virtual_routes` and `virtual_rules`.
    package var routes = RouteSet()
    /// `unicast_src_ip` or `mcast_src_ip`.
    package var sourceAddress: IPAddress?
    /// `mcast_dst_ip`.
    package var multicastGroup: IPAddress?
    /// `unicast_peer`.
    package var unicastPeers: [IPAddress] = []
    /// `min_ttl` and `max_ttl` behind a peer, of those that have one of them.
    package var peerHopLimits: [IPAddress: ClosedRange<UInt8>] = [:]
    /// `check_unicast_src`; the limits of a peer's TTL turn it on too.
    package var checksUnicastSource = false
    /// `track_script`.
    package var trackedScripts: [TrackReference] = []
    /// `track_process`.
    package var trackedProcesses: [TrackReference] = []
    /// `track_file`.
    package var trackedFiles: [TrackReference] = []
    /// `track_interface`.
    package var trackedInterfaces: [TrackReference] = []
    /// `dont_track_primary`.
    package var ignoresPrimaryInterface = false
    /// `promote_secondaries`.
    package var promotesSecondaries = false
    /// `garp_*`.
    package var announcements = AnnouncementDefinitions()
    /// `v3_checksum_as_v2` (also `checksum_compatibility`).
    package var checksumAsVersion2 = false
    /// `notify` and its kind.
    package var notify = NotifyDefinitions()

    /// From its parts.
    package init(name: String) { self.name = name }
}

/// `authentication { … }`.
package struct AuthenticationDefinition: Sendable, Hashable {
    /// `auth_pass` as written; 8 octets are carried.
    package var password: String

    /// From its parts.
    package init(password: String) { self.password = password }
}

/// A line of `virtual_ipaddress`: `ADDRESS[/PREFIX] [brd …] [dev NIC] [label LABEL]`.
package struct AddressDefinition: Sendable, Hashable {
    /// The address itself.
    package var address: IPAddress
    /// 32 or 128 by default.
    package var prefixLength: UInt8?
    /// By default the instance's.
    package var interface: String?
    /// `label`.
    package var label: String?

    /// From its parts.
    package init(address: IPAddress, prefixLength: UInt8? = nil, interface: String? = nil, label: String? = nil) {
        self.address = address
        self.prefixLength = prefixLength
        self.interface = interface
        self.label = label
    }
}

/// A line of `track_script`, `track_process` or `track_interface`: `NAME [weight N [reverse]]`.
package struct TrackReference: Sendable, Hashable {
    /// As other blocks name it.
    package var name: String
    /// `weight`; 0 by default.
    package var weight: Int?
    /// `reverse` behind the weight.
    package var isReversed = false

    /// From its parts.
    package init(name: String, weight: Int? = nil, isReversed: Bool = false) {
        self.name = name
        self.weight = weight
        self.isReversed = isReversed
    }
}

/// `garp_master_*`, and with `vrrp_` before it in `global_defs`.
package struct AnnouncementDefinitions: Sendable, Hashable {
    /// `garp_master_repeat`.
    package var count: Int?
    /// `garp_master_delay`.
    package var delay: Duration?
    /// `garp_master_refresh`.
    package var refresh: Duration?
    /// `garp_master_refresh_repeat`.
    package var refreshCount: Int?
    /// `garp_lower_prio_repeat`.
    package var countAfterLowerPriority: Int?
    /// `garp_lower_prio_delay`.
    package var delayAfterLowerPriority: Duration?

    /// All absent.
    package init() {}
}

/// `notify`, `notify_master`, `notify_backup`, `notify_fault`, `notify_stop`: command lines split into words.
package struct NotifyDefinitions: Sendable, Hashable {
    /// A command, and `USER [GROUP]` behind it.
    package struct Command: Sendable, Hashable {
        /// The command line, split into words.
        package var words: [String]
        /// `user`, or the word behind a command.
        package var user: ScriptUser?

        /// From its parts.
        package init(words: [String], user: ScriptUser? = nil) {
            self.words = words
            self.user = user
        }
    }
    /// Called at every change with INSTANCE|GROUP, the name, the state and the priority behind its own arguments.
    package var any: Command?
    /// `notify_master`.
    package var master: Command?
    /// `notify_backup`.
    package var backup: Command?
    /// `notify_fault`.
    package var fault: Command?
    /// `notify_stop`.
    package var stop: Command?

    /// None.
    package init() {}
}

/// `vrrp_sync_group NAME { … }`.
package struct GroupDefinition: Sendable, Hashable {
    /// As other blocks name it.
    package var name: String
    /// Names of instances.
    package var members: [String] = []
    /// `track_script`.
    package var trackedScripts: [TrackReference] = []
    /// `track_process`.
    package var trackedProcesses: [TrackReference] = []
    /// `track_file`.
    package var trackedFiles: [TrackReference] = []
    /// `track_interface`.
    package var trackedInterfaces: [TrackReference] = []
    /// `notify` and its kind.
    package var notify = NotifyDefinitions()

    /// From its parts.
    package init(name: String) { self.name = name }
}
