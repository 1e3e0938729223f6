import Inventory
import VRRP

/// What one host is like: everything that a plan is made from, gathered by one script over one connection.
package struct Facts: Sendable, Equatable {
    package var system = System()
    /// Free space by directory, in KiB.
    package var space: [String: Int] = [:]
    /// The programs that were looked for, and whether they are there.
    package var tools: [String: Bool] = [:]
    /// The answer of `getenforce`, where there is such a program.
    package var selinux: String?
    package var addresses: [NICAddress] = []
    /// Hardware addresses by NIC.
    package var nics: [String: String] = [:]
    package var files: [String: FileFact] = [:]
    /// The RPM that a file belongs to, by path.
    package var owners: [String: String] = [:]
    /// What provides a package, by the name asked for; empty where nothing does.
    package var packages: [String: String] = [:]
    package var repositories: [RepositoryFact] = []
    package var units: [String: UnitFact] = [:]
    package var sysctls: [String: String] = [:]
    package var users: Set<String> = []
    package var groups: Set<String> = []
    /// The users that were asked about and are there, by name.
    package var accounts: [String: AccountFact] = [:]
    /// Free inodes by directory, where the file system counts them.
    package var inodes: [String: Int] = [:]
    /// Why nothing can be written there, by path.
    package var unwritable: [String: String] = [:]
    /// HAProxy and whatever speaks VRRP, in and outside of their units.
    package var processes: [ProcessFact] = []
    /// Who has the ports that frontends want, and what HAProxy listens on.
    package var listeners: [ListenerFact] = []
    /// Who was heard to speak VRRP; nil where nobody was told to listen.
    package var listening: Listening?
    package var archives: [String: ArchiveFact] = [:]
    package var firewall = FirewallFact()
    /// `address:port`, and whether something answers there, seen from this host.
    package var reachable: [String: Bool] = [:]
    /// The hardware address that answers for a VIP on the wire, by VIP; none where nobody does or this host holds it.
    package var claims: [IPAddress: String] = [:]
    package var runs: [RunFact] = []
    /// The balancers of the runs that say them.
    package var members: [MemberFact] = []
    /// Hardware addresses that the kernel was found to take for an address's, where it was asked.
    package var answers: [NeighbourFact] = []
    /// The kernel's table of neighbours, without the VIP.
    package var neighbours: [NeighbourFact] = []
    /// Programs that speak VRRP, where it was asked.
    package var speakers: [SpeakerFact] = []
    /// Whether their configuration says nothing of the VIP.
    package var speaksOfOthers = false
    package var lock: LockFact?
    /// What runs that did not end well have made, in order.
    package var left: [LeftChange] = []
    /// The changes of the runs that were asked about, in the order in which they were made.
    package var entries: [String: [EntryFact]] = [:]

    package init() {}

    /// Whether this host has an address on any NIC.
    package func holds(_ address: IPAddress) -> Bool {
        addresses.contains { $0.address == address }
    }
}

/// The operating system.
package struct System: Sendable, Equatable, Codable {
    /// `ID` of os-release(5).
    package var id = ""
    /// `VERSION_ID` of os-release(5).
    package var version = ""
    /// A line such as `CentOS Linux release 7.7.1908 (Core)`.
    package var release = ""
    package var architecture = ""
    package var kernel = ""
    package var libc = ""
    /// The name of process 1.
    package var initSystem = ""
    package var userID = 0
    package var hostName = ""

    /// The version with its minor part, where the release line tells it: `7.7.1908`.
    package var fullVersion: String {
        release.split(separator: " ").first { $0.first?.isNumber == true }.map(String.init) ?? version
    }

    /// Hosts of which these agree can run each other's programs.
    package var buildPlatform: String { "\(id) \(fullVersion) \(architecture) \(libc)" }
}

/// An address on a NIC.
package struct NICAddress: Sendable, Equatable {
    package var nic: String
    /// `inet` or `inet6`.
    package var family: String
    package var cidr: String

    /// The address alone; nil for what is none.
    package var address: IPAddress? { IPAddress(String(cidr.prefix { $0 != "/" })) }
}

/// What is at a path.
package struct FileFact: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable { case file, directory, link, absent }
    package var kind: Kind
    /// As `stat -c %a` prints it, with four digits.
    package var mode = ""
    package var owner = ""
    package var group = ""
    package var size = 0
    /// The SHA-256 of a file's content, or a link's target.
    package var digest = ""
    /// Where it was asked for and is no larger than 256 KiB.
    package var content: [UInt8]?

    /// Without what is in it.
    package var withoutContent: FileFact {
        var fact = self
        fact.content = nil
        return fact
    }
}

/// A repository that yum would ask.
package struct RepositoryFact: Sendable, Equatable {
    package var id: String
    package var url: String
    /// Whether the name resolves, or the directory is there.
    package var isReachable: Bool
}

/// A systemd unit.
package struct UnitFact: Sendable, Equatable {
    package var loadState = ""
    package var activeState = ""
    package var fileState = ""
    package var mainPID = 0
    package var path = ""
    package var needsReload = false
    /// The init script that systemd made it from, where it did.
    package var initScript = ""
    /// Whether an init script of its name starts at boot.
    package var startsByInitScript = false

    package init(
        loadState: String = "", activeState: String = "", fileState: String = "", mainPID: Int = 0, path: String = "",
        needsReload: Bool = false, initScript: String = "", startsByInitScript: Bool = false
    ) {
        self.loadState = loadState
        self.activeState = activeState
        self.fileState = fileState
        self.mainPID = mainPID
        self.path = path
        self.needsReload = needsReload
        self.initScript = initScript
        self.startsByInitScript = startsByInitScript
    }

    package var isActive: Bool { ["active", "reloading", "activating"].contains(activeState) }
    package var isEnabled: Bool { fileState == "enabled" }
    /// By systemd's own links or by those of the init script that it stands for.
    package var startsAtBoot: Bool { isEnabled || (!initScript.isEmpty && startsByInitScript) }
    package var exists: Bool { loadState == "loaded" }
}

/// A tree that haprov installed.
package struct ArchiveFact: Sendable, Equatable, Codable {
    /// The ``BuildID`` that it came from; empty where it is not installed.
    package var build = ""
    /// Whether every file is as it was installed.
    package var isIntact = false
    /// Below the prefix of a tree that haprov did not install; no more than 1000 are counted.
    package var foreignFiles = 0
}

/// firewalld, as it concerns the NIC that carries the VIP.
package struct FirewallFact: Sendable, Equatable {
    package var isActive = false
    package var zone = ""
    /// Such as `port=80/tcp` and `rich-rule=rule protocol value="vrrp" accept`.
    package var runtime: Set<String> = []
    package var permanent: Set<String> = []
}

/// A run in a host's journal.
package struct RunFact: Sendable, Equatable, Codable {
    package var id: String
    package var cluster: String
    package var command: String
    package var operatorName: String
    package var started: String
    /// `ok`, `failed`, `rolled-back`, or empty where it did not come to an end.
    package var result: String
    package var finished: String
    package var changes: Int
    package var undone: Int
    /// See ``JournalFormat``.
    package var format = 1
    /// The revision of the functions that it brought along.
    package var functions = 0
}

/// A balancer of the inventory by which a run was made.
package struct MemberFact: Sendable, Hashable {
    package var run: String
    package var name: String
    package var address: String
    package var port: Int
    package var user: String
}

/// A machine that a host's kernel knows, or asked for.
package struct NeighbourFact: Sendable, Hashable {
    package var address: String
    package var hardware: String
}

/// A program that speaks VRRP.
package struct SpeakerFact: Sendable, Hashable {
    package var program: String
    package var process: Int
    /// Empty where it runs outside one.
    package var unit: String
}

/// A change in a host's journal.
package struct EntryFact: Sendable, Equatable {
    package var number: String
    package var state: String
    package var function: String
    package var subject: Subject
    package var summary: String
    package var arguments: [String]

    /// Whether there is anything of it to take back.
    package var isStanding: Bool { !["undone", ""].contains(state) }
    /// Nil for one that this haprov does not know.
    package var change: (any Change)? { ResourceKinds.change(function, arguments) }
}
